package dev.fovea.core.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.core.runtime.Mode;
import dev.fovea.core.runtime.NetworkDescription;
import dev.fovea.core.runtime.NetworkDescription.ParameterInfo;
import dev.fovea.core.tensor.Shape;
import dev.fovea.core.tensor.Weights;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WeightsFileTest {
  private static final NetworkDescription NETWORK =
      network(
          parameter("conv1.weight", 0, Shape.of(2, 3)), parameter("conv1.bias", 16, Shape.of(3)));

  @Test
  void parametersSurviveARoundTripWithoutTheirPadding() throws IOException {
    Weights weights = Weights.allocate(32);
    for (int i = 0; i < 32; i++) {
      weights.floats().put(i, i + 1);
    }

    byte[] file = write(weights);
    Weights read = WeightsFile.read(new ByteArrayInputStream(file), "Weights file w", NETWORK);

    float[] expected = new float[32];
    for (int i : new int[] {0, 1, 2, 3, 4, 5, 16, 17, 18}) {
      expected[i] = i + 1;
    }
    assertThat(read.toArray()).isEqualTo(expected);
    assertThat(file.length % 8).isEqualTo(9 * Float.BYTES % 8);
  }

  @Test
  void weightsOfAnotherNetworkAreRefused() throws IOException {
    byte[] file = write(Weights.allocate(32));
    NetworkDescription other =
        network(
            parameter("conv1.weight", 0, Shape.of(3, 2)), parameter("conv1.bias", 16, Shape.of(3)));

    assertThatThrownBy(
            () -> WeightsFile.read(new ByteArrayInputStream(file), "Weights file w", other))
        .hasMessage(
            "Weights file w: tensor 'conv1.weight': expected shape [3, 2]. Received: [2, 3]. Load"
                + " weights that this network was saved with.");
  }

  private static byte[] write(Weights weights) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    WeightsFile.write(out, NETWORK, weights, Map.of("library", "fovea"));
    return out.toByteArray();
  }

  private static ParameterInfo parameter(String name, long offset, Shape shape) {
    return new ParameterInfo(name, offset, shape.size(), shape, 1, 0, false, -1);
  }

  private static NetworkDescription network(ParameterInfo... parameters) {
    return new NetworkDescription(
        Mode.TRAIN,
        "reference",
        4,
        1,
        List.of(),
        32,
        0,
        List.of(),
        List.of(),
        List.of(parameters),
        List.of(),
        List.of(),
        List.of());
  }
}
