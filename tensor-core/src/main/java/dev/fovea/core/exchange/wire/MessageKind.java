package dev.fovea.core.exchange.wire;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** What a message is; its code is the second byte. */
public enum MessageKind {
  HELLO(1, "Hello"),
  WEIGHTS_REQUEST(2, "WeightsRequest"),
  GRADIENT(3, "GradientPart"),
  EVALUATION(4, "Evaluation"),
  CONFIG(17, "Config"),
  WEIGHTS(18, "WeightsPart"),
  POSITION(19, "Position"),
  REFUSAL(20, "Refusal");

  private final int code;
  private final String message;

  MessageKind(int code, String message) {
    this.code = code;
    this.message = message;
  }

  /**
   * The kind of {@code message}, which is not read further.
   *
   * @throws IllegalArgumentException if it is of another version or of no known kind
   */
  public static MessageKind of(ByteBuffer message) {
    WireInput.requireHead(message);
    int version = message.get(message.position());
    if (version != WireOutput.VERSION) {
      throw new IllegalArgumentException(
          "Message: expected version %d. Received: %d. Give every executor the same jar."
              .formatted(WireOutput.VERSION, version));
    }
    int code = message.get(message.position() + 1);
    return Arrays.stream(values())
        .filter(kind -> kind.code == code)
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Message: expected a known kind. Received: %d.".formatted(code)));
  }

  int code() {
    return code;
  }

  /** The record that it carries, for messages. */
  @Override
  public String toString() {
    return message;
  }
}
