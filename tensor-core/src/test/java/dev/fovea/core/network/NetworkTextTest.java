package dev.fovea.core.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.core.initializer.He;
import dev.fovea.core.initializer.Xavier;
import dev.fovea.core.layer.Conv2d;
import dev.fovea.core.layer.Input;
import dev.fovea.core.layer.Precision;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NetworkTextTest {
  private static final String CHAIN =
      """
      # fovea network 1
      image   Input                shape=28,28,1 dtype=float32 mean=0 std=1
      conv1   Conv2d               filters=16 kernel=3 stride=1 padding=same dilation=1 groups=1 bias=true convolution=auto
      relu1   Relu
      pool1   MaxPool2d            kernel=2 stride=2 padding=valid
      logits  Dense                units=10 bias=true
      label   Target               shape=1
      loss    SoftmaxCrossEntropy  from=logits,label weight=1
      """;

  private static final String GRAPH =
      """
      # fovea network 1
      left    Input                shape=8,8,3 dtype=uint8 mean=125.3,123,113.9 std=63
      right   Input                shape=8,8,3 dtype=uint8 mean=125.3,123,113.9 std=63
      conv1   Conv2d               from=left filters=4 kernel=3,1 stride=1 padding=0,1,0,1 dilation=1 groups=1 bias=false convolution=auto l2=0.001 initializer=Xavier
      conv2   Conv2d               from=right weightsOf=conv1 filters=4 kernel=3,1 stride=1 padding=0,1,0,1 dilation=1 groups=1 bias=false convolution=auto
      both    Add                  from=conv1,conv2
      a       Dense                units=2 bias=true frozen=true
      b       Dense                from=both units=2 bias=true learningRate=0.1
      label   Target               shape=1
      loss_a  SoftmaxCrossEntropy  from=a,label weight=1
      loss_b  SoftmaxCrossEntropy  from=b,label weight=0.3
      """;

  @Test
  void canonicalTextStaysAsItIs() {
    assertThat(Network.parse(CHAIN).text()).isEqualTo(CHAIN);
    assertThat(Network.parse(GRAPH).text()).isEqualTo(GRAPH);
  }

  @Test
  void shortTextMeansTheSameAsItsCanonicalForm() {
    Network network =
        Network.parse(
            """
            image Input shape=28,28,1
            conv1 Conv2d kernel=3 filters=16
            relu1 Relu
            pool1 MaxPool2d kernel=2 stride=2
            logits Dense units=10
            label Target
            loss SoftmaxCrossEntropy from=logits,label
            """);
    assertThat(network).isEqualTo(Network.parse(CHAIN)).hasSameHashCodeAs(Network.parse(CHAIN));
    assertThat(network.text()).isEqualTo(CHAIN);
  }

  @Test
  void commentsBlanksAndLineEndsDoNotMatter() {
    String text =
        String.join(
            "\r\n",
            "# fovea network 1",
            "",
            "  # the input",
            "\timage \t Input shape=4 # four numbers",
            "",
            "   dense1   Dense   units=2   ");
    assertThat(Network.parse(text).text())
        .isEqualTo(
            """
            # fovea network 1
            image   Input  shape=4 dtype=float32 mean=0 std=1
            dense1  Dense  units=2 bias=true
            """);
  }

  @Test
  void theHeaderMayBeLeftOut() {
    assertThat(Network.parse("image Input shape=4").lines())
        .containsExactly(
            new NetworkLine(
                "image", new Input(4), List.of(), Optional.empty(), ParameterSettings.DEFAULT));
  }

  @Test
  void aLineReadsTheLineBeforeItUnlessItSaysFrom() {
    Network network = Network.parse(GRAPH);
    assertThat(network.line("left").from()).isEmpty();
    assertThat(network.line("right").from()).isEmpty();
    assertThat(network.line("conv1").from()).containsExactly("left");
    assertThat(network.line("a").from()).containsExactly("both");
    assertThat(network.line("loss_b").from()).containsExactly("b", "label");
  }

  @Test
  void sayingWhatIsSoAnywayMeansNothing() {
    assertThat(
            Network.parse(
                "image Input shape=4\nd Dense from=image units=2 weightsOf= frozen=false"))
        .isEqualTo(Network.parse("image Input shape=4 from=\nd Dense units=2"));
  }

  @Test
  void settingsOfParametersAreRead() {
    Network network = Network.parse(GRAPH);
    assertThat(network.line("conv1").parameters())
        .isEqualTo(new ParameterSettings(false, 1, 0.001, new Xavier(), Precision.FLOAT32));
    assertThat(network.line("a").parameters())
        .isEqualTo(new ParameterSettings(true, 1, 0, new He(), Precision.FLOAT32));
    assertThat(network.line("b").parameters())
        .isEqualTo(new ParameterSettings(false, 0.1, 0, new He(), Precision.FLOAT32));
    assertThat(network.line("conv2").weightsOf()).hasValue("conv1");
    assertThat(network.line("conv1").weightsOf()).isEmpty();
  }

  @Test
  void aPrecisionIsThatOfEveryLayerWithParameters() {
    Network network =
        Network.parse("image Input shape=4\na Dense units=2\nr Relu\nb Dense units=2");
    Network rounding = network.with(Precision.BFLOAT16);
    assertThat(rounding.text())
        .isEqualTo(
            """
            # fovea network 1
            image  Input  shape=4 dtype=float32 mean=0 std=1
            a      Dense  units=2 bias=true precision=bfloat16
            r      Relu
            b      Dense  units=2 bias=true precision=bfloat16
            """);
    assertThat(Network.parse(rounding.text())).isEqualTo(rounding).isNotEqualTo(network);
    assertThat(rounding.with(Precision.FLOAT32)).isEqualTo(network);
    rounding.check();
  }

  @Test
  void layersAreReadAsTheirRecords() {
    assertThat(Network.parse(CHAIN).line("conv1").layer()).isEqualTo(new Conv2d(16, 3));
  }
}
