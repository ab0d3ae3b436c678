package dev.fovea.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.core.runtime.NetworkDescription.Bucket;
import dev.fovea.core.runtime.NetworkDescription.Field;
import dev.fovea.core.runtime.NetworkDescription.LaneStretch;
import dev.fovea.core.runtime.NetworkDescription.LayerInfo;
import dev.fovea.core.runtime.NetworkDescription.Output;
import dev.fovea.core.runtime.NetworkDescription.ParameterInfo;
import dev.fovea.core.runtime.NetworkDescription.Segment;
import dev.fovea.core.tensor.DataType;
import dev.fovea.core.tensor.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoOpenReplicas.class)
class NetworkDescriptionTest {
  private static final String TEXT =
      """
      mode train
      target avx2
      rowBytes 792
      chunkRows 16
      weightCount 421648
      arenaBytes 12345678901
      field image 0 784 uint8 28,28,1
      field label 784 4 float32 1
      field weight 788 4 float32 1
      layer image Input 28,28,1 line=2
      layer norm1 BatchNorm 28,28,1 line=3
      parameter norm1.scale 0 1 1 learningRate=0.1 l2=5e-04 frozen=true decay=-1
      parameter norm1.mean 16 1 1 learningRate=1 l2=0 frozen=false decay=0.9
      segment 0 0 -1
      segment 1 4 0
      bucket 0 1000 420648
      segment 2 0 1
      bucket 1 0 1000
      laneStretch 0 1000 0
      laneStretch 2000 48 1000
      output logits 10
      output probability 10
      """;

  @Test
  void everyLineIsRead() {
    NetworkDescription description = NetworkDescription.parse(TEXT);

    assertThat(description)
        .isEqualTo(
            new NetworkDescription(
                Mode.TRAIN,
                "avx2",
                792,
                16,
                List.of(new Segment(0, 0, -1), new Segment(1, 4, 0), new Segment(2, 0, 1)),
                421_648,
                12_345_678_901L,
                List.of(
                    new Field("image", 0, 784, DataType.UINT8, Shape.of(28, 28, 1)),
                    new Field("label", 784, 4, DataType.FLOAT32, Shape.of(1)),
                    new Field("weight", 788, 4, DataType.FLOAT32, Shape.of(1))),
                List.of(
                    new LayerInfo("image", "Input", Shape.of(28, 28, 1), 2),
                    new LayerInfo("norm1", "BatchNorm", Shape.of(28, 28, 1), 3)),
                List.of(
                    new ParameterInfo("norm1.scale", 0, 1, Shape.of(1), 0.1, 5e-4, true, -1),
                    new ParameterInfo("norm1.mean", 16, 1, Shape.of(1), 1, 0, false, 0.9)),
                List.of(new Bucket(0, 1000, 420_648), new Bucket(1, 0, 1000)),
                List.of(new LaneStretch(0, 1000, 0), new LaneStretch(2000, 48, 1000)),
                List.of(new Output("logits", 10), new Output("probability", 10))));
    assertThat(description.outputFloats()).isEqualTo(20);
    assertThat(description.parameters())
        .extracting(ParameterInfo::statistic)
        .containsExactly(false, true);
    assertThat(description.laneGradientCount()).isEqualTo(1048);
  }

  @Test
  void partsAreFoundByName() {
    NetworkDescription description = NetworkDescription.parse(TEXT);

    assertThat(description.field("label")).contains(description.fields().get(1));
    assertThat(description.layer("norm1")).contains(description.layers().get(1));
    assertThat(description.parameter("norm1.mean")).contains(description.parameters().get(1));
    assertThat(description.parameter("norm1.bias")).isEmpty();
  }

  @Test
  void aLineThatDoesNotFitIsOurMistake() {
    for (String line :
        List.of("colour red", "bucket 0", "segment 0 1", "bucket 0 x 1", "field a 0 1 int8 1")) {
      assertThatThrownBy(() -> NetworkDescription.parse(TEXT + line))
          .isExactlyInstanceOf(IllegalStateException.class)
          .hasMessage(
              "Network description: expected a line this version of Fovea knows. Received: '%s'.",
              line);
    }
    assertThatThrownBy(() -> NetworkDescription.parse(TEXT.replace("chunkRows 16\n", "")))
        .isExactlyInstanceOf(IllegalStateException.class)
        .hasMessage("Network description: expected a line chunkRows.");
  }

  @Test
  void aNetworkIsDescribedByNative() {
    NetworkDescription description =
        NetworkDescription.of(SmallNetwork.TEXT, Mode.TRAIN, List.of(), 64, 2, 256);

    assertThat(description.rowBytes()).isEqualTo((SmallNetwork.PIXELS + 2) * Float.BYTES);
    assertThat(description.fields())
        .containsExactly(
            new Field("image", 0, 288, DataType.FLOAT32, Shape.of(6, 6, 2)),
            new Field("label", 288, 4, DataType.FLOAT32, Shape.of(1)),
            new Field("weight", 292, 4, DataType.FLOAT32, Shape.of(1)));
    assertThat(description.layer("pool1"))
        .contains(new LayerInfo("pool1", "MaxPool2d", Shape.of(3, 3, 8), 7));
    assertThat(description.parameter("logits.weight").orElseThrow().shape())
        .isEqualTo(Shape.of(72, 3));
    assertThat(description.parameters()).extracting(ParameterInfo::offset).isSorted();
    assertThat(description.parameters()).allMatch(parameter -> parameter.offset() % 16 == 0);
    assertThat(description.buckets()).hasSameSizeAs(description.segments()).hasSizeGreaterThan(1);
    assertThat(description.laneStretches())
        .containsExactly(new LaneStretch(0, description.weightCount(), 0));
  }

  @Test
  void aNetworkThatCannotRunLeavesNothingOpen() {
    assertThatThrownBy(
            () ->
                NetworkDescription.of(SmallNetwork.TEXT, Mode.PREDICT, List.of("nothing"), 1, 1, 1))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessage("Output 'nothing': expected the name of a layer. Received: 'nothing'.");
  }
}
