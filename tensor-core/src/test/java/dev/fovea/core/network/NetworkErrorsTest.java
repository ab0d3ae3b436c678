package dev.fovea.core.network;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.core.runtime.Mode;
import dev.fovea.core.runtime.NetworkDescription;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Wrong text: Java and native both refuse it, word for word alike. */
class NetworkErrorsTest {
  private static final String TYPES = String.join(", ", LayerTypes.names());

  static List<Arguments> wrongTexts() {
    return List.of(
        wrong("", "Network text: expected lines 'name Type key=value ...'. Received: no layer."),
        wrong(
            "# fovea network 1\n\n# nothing\n",
            "Network text: expected lines 'name Type key=value ...'. Received: no layer."),
        wrong(
            "# fovea network 2\nimage Input shape=4",
            "Network text line 1: expected '# fovea network 1'. Received: '# fovea network 2'."
                + " Read it with the version of Fovea that wrote it."),
        wrong(
            "image Input shape=4\nrelu",
            "Network text line 2: expected 'name Type key=value ...'. Received: 'relu'."),
        wrong(
            "image Input shape=4\n\n\nrelu1 Rleu",
            "Layer 'relu1' (Rleu, line 4): expected one of " + TYPES + ". Received: 'Rleu'."),
        wrong(
            "image Input shape=4\nrelu1 relu",
            "Layer 'relu1' (relu, line 2): expected one of " + TYPES + ". Received: 'relu'."),
        wrong(
            "image Input shape=4\nloss1 Loss",
            "Layer 'loss1' (Loss, line 2): expected one of " + TYPES + ". Received: 'Loss'."),
        wrong(
            "image Input shape=4\nx Dense 10",
            "Layer 'x' (Dense, line 2): expected key=value. Received: '10'."),
        wrong(
            "# fovea network 1\nimage Input shape=28,28,1\nconv1 Conv2d filters=16 kernel=0",
            "Layer 'conv1' (Conv2d, line 3): attribute 'kernel': expected an integer > 0."
                + " Received: 0."),
        wrong(
            "image Input shape=8,8,1\nconv1 Conv2d filters=16 kernel=2,x",
            "Layer 'conv1' (Conv2d, line 2): attribute 'kernel': expected two integers > 0,"
                + " height,width. Received: 2,x."),
        wrong(
            "image Input shape=8,8,1\nconv1 Conv2d filters=16 kernal=3",
            "Layer 'conv1' (Conv2d, line 2): attribute 'kernal': expected one of from, weightsOf,"
                + " frozen, learningRate, l2, initializer, precision, filters, kernel, stride, padding,"
                + " dilation, groups, bias, convolution. Received: 'kernal'."),
        wrong(
            "image Input shape=8,8,1\nconv1 Conv2d filters=16",
            "Layer 'conv1' (Conv2d, line 2): attribute 'kernel': expected a value. Received:"
                + " nothing."),
        wrong(
            "image Input shape=8,8,1\nconv1 Conv2d filters=16 kernel=3 kernel=3",
            "Layer 'conv1' (Conv2d, line 2): attribute 'kernel': expected once. Received: twice."),
        wrong(
            "image Input shape=8,8,1\nconv1 Conv2d filters=16 kernel=3 padding=full",
            "Layer 'conv1' (Conv2d, line 2): attribute 'padding': expected same, valid, or 1, 2 or"
                + " 4 integers from 0 to 32767. Received: 'full'."),
        wrong(
            "image Input shape=0",
            "Layer 'image' (Input, line 1): attribute 'shape': expected integers > 0, separated by"
                + " commas. Received: 0."),
        wrong(
            "image Input shape=4 dtype=int8",
            "Layer 'image' (Input, line 1): attribute 'dtype': expected one of float32, uint8."
                + " Received: 'int8'."),
        wrong(
            "image Input shape=4 mean=a",
            "Layer 'image' (Input, line 1): attribute 'mean': expected finite numbers, separated by"
                + " commas. Received: a."),
        wrong(
            "image Input shape=4 std=0",
            "Layer 'image' (Input, line 1): attribute 'std': expected numbers > 0. Received: 0."),
        wrong(
            "image Input shape=4\nd Dropout rate=1",
            "Layer 'd' (Dropout, line 2): attribute 'rate': expected a number >= 0 and < 1."
                + " Received: 1."),
        wrong(
            "image Input shape=4\nd Dense units=2 bias=yes",
            "Layer 'd' (Dense, line 2): attribute 'bias': expected true or false. Received:"
                + " 'yes'."),
        wrong(
            "image Input shape=4\nd Dense units=2 l2=-1",
            "Layer 'd' (Dense, line 2): attribute 'l2': expected a number >= 0. Received: -1."),
        wrong(
            "image Input shape=4\nd Dense units=2 precision=half",
            "Layer 'd' (Dense, line 2): attribute 'precision': expected one of float32, bfloat16."
                + " Received: 'half'."),
        wrong(
            "image Input shape=4\nd Dense units=2 initializer=Glorot",
            "Layer 'd' (Dense, line 2): attribute 'initializer': expected one of He, Xavier."
                + " Received: 'Glorot'."),
        wrong(
            "image Input shape=4\nrelu1 Relu frozen=true",
            "Layer 'relu1' (Relu, line 2): attribute 'frozen': expected one of from, weightsOf."
                + " Received: 'frozen'."),
        wrong(
            "image Input shape=4\nimage Relu",
            "Layer 'image' (Relu, line 2): expected a name of its own. Received: 'image', the name"
                + " of an earlier line."),
        wrong(
            "relu1 Relu",
            "Layer 'relu1' (Relu, line 1): expected an Input before it. Received: the first"
                + " line."),
        wrong(
            "image Input shape=4\na Relu from=b\nb Relu from=image",
            "Layer 'a' (Relu, line 2): attribute 'from': expected names of earlier lines. Received:"
                + " 'b'."),
        wrong(
            "image Input shape=4\nsum Add from=image,,image",
            "Layer 'sum' (Add, line 2): attribute 'from': expected names of earlier lines. Received:"
                + " ''."),
        wrong(
            "image Input shape=4\nlabel Target from=image",
            "Layer 'label' (Target, line 2): attribute 'from': expected none, since Target reads"
                + " the rows. Received: 'image'."),
        wrong(
            "image Input shape=4\nd Dense units=2 weightsOf=e",
            "Layer 'd' (Dense, line 2): attribute 'weightsOf': expected the name of an earlier"
                + " line. Received: 'e'."));
  }

  @ParameterizedTest
  @MethodSource("wrongTexts")
  void javaNamesLineExpectedAndReceived(String text, String message) {
    assertThatThrownBy(() -> Network.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @MethodSource("wrongTexts")
  void nativeSaysTheSame(String text, String message) {
    assertThatThrownBy(
            () ->
                NetworkDescription.of(
                    text, Mode.TRAIN, List.of(), 1, 1, NetworkDescription.ONE_BUCKET))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void aNameWithASeparatorInItIsRefused() {
    assertThatThrownBy(() -> Network.parse("a,b Input shape=4"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Layer 'a,b' (Input, line 1): expected a name of letters, digits and _ . / : -."
                + " Received: 'a,b'.");
  }

  private static Arguments wrong(String text, String message) {
    return Arguments.of(text, message);
  }
}
