package dev.fovea.core.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.core.runtime.Mode;
import dev.fovea.core.runtime.NetworkDescription;
import dev.fovea.core.tensor.Weights;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SlotsFileTest {
  private static final NetworkDescription NETWORK =
      NetworkDescription.of(
          """
          # fovea network 1
          point Input shape=3
          logits Dense units=2
          label Target shape=1
          loss SoftmaxCrossEntropy from=logits,label
          """,
          Mode.TRAIN,
          List.of(),
          1,
          1,
          NetworkDescription.ONE_BUCKET);
  private static final int COUNT = (int) NETWORK.weightCount();

  @Test
  void slotsSurviveARoundTripWithoutTheirPadding() throws IOException {
    Weights slots = Weights.allocate(2L * COUNT);
    Weights expected = Weights.allocate(2L * COUNT);
    for (int i = 0; i < 2 * COUNT; i++) {
      slots.floats().put(i, i + 1);
      if (isParameter(i % COUNT)) {
        expected.floats().put(i, i + 1);
      }
    }
    byte[] file = write(slots.buffer());

    assertThat(read(file, 2)).isEqualTo(expected.buffer());
    assertThat(new String(file, StandardCharsets.ISO_8859_1))
        .contains("slot0.logits.weight", "slot1.logits.bias");
  }

  @Test
  void anOptimizerWithoutSlotsHasAFileWithoutTensors() throws IOException {
    byte[] file = write(ByteBuffer.allocate(0));

    assertThat(read(file, 0).capacity()).isZero();
  }

  @Test
  void slotsOfAnotherOptimizerAreRefused() throws IOException {
    byte[] file = write(Weights.allocate(COUNT).buffer());

    assertThatThrownBy(() -> read(file, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Optimizer file o: expected a tensor 'slot1.logits.weight'. Received: none of that"
                + " name. Load weights that this network was saved with.");
  }

  private static boolean isParameter(int index) {
    return NETWORK.parameters().stream()
        .anyMatch(each -> index >= each.offset() && index < each.offset() + each.count());
  }

  private static byte[] write(ByteBuffer slots) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    SlotsFile.write(out, NETWORK, slots, Map.of("format", "fovea"));
    return out.toByteArray();
  }

  private static ByteBuffer read(byte[] file, int count) throws IOException {
    return SlotsFile.read(new ByteArrayInputStream(file), "Optimizer file o", NETWORK, count);
  }
}
