package dev.fovea.core.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.core.initializer.Xavier;
import dev.fovea.core.layer.Add;
import dev.fovea.core.layer.Conv2d;
import dev.fovea.core.layer.Dense;
import dev.fovea.core.layer.Input;
import dev.fovea.core.layer.MaxPool2d;
import dev.fovea.core.layer.Precision;
import dev.fovea.core.layer.Relu;
import dev.fovea.core.layer.Target;
import dev.fovea.core.loss.SoftmaxCrossEntropy;
import org.junit.jupiter.api.Test;

class NetworkBuilderTest {
  @Test
  void aChainNamesItsLayersAfterTheirTypes() {
    Network network =
        Network.input(28, 28, 1)
            .then(new Conv2d(16, 3))
            .then(new Relu())
            .then(new MaxPool2d(2, 2))
            .then(new Conv2d(32, 3))
            .then("logits", new Dense(10))
            .then("label", new Target())
            .then("loss", new SoftmaxCrossEntropy())
            .from("logits", "label")
            .build();
    assertThat(network.text())
        .isEqualTo(
            """
            # fovea network 1
            input1    Input                shape=28,28,1 dtype=float32 mean=0 std=1
            conv1     Conv2d               filters=16 kernel=3 stride=1 padding=same dilation=1 groups=1 bias=true convolution=auto
            relu1     Relu
            maxPool1  MaxPool2d            kernel=2 stride=2 padding=valid
            conv2     Conv2d               filters=32 kernel=3 stride=1 padding=same dilation=1 groups=1 bias=true convolution=auto
            logits    Dense                units=10 bias=true
            label     Target               shape=1
            loss      SoftmaxCrossEntropy  from=logits,label weight=1
            """);
    assertThat(Network.parse(network.text())).isEqualTo(network);
  }

  @Test
  void settingsChangeTheLineJustAdded() {
    Network network =
        Network.builder()
            .then("left", new Input(4))
            .then("right", new Input(4))
            .then("a", new Dense(3))
            .from("left")
            .frozen()
            .initializer(new Xavier())
            .then("b", new Dense(3))
            .from("right")
            .weightsOf("a")
            .learningRate(0.1)
            .precision(Precision.BFLOAT16)
            .l2(5e-4)
            .then("sum", new Add())
            .from("a", "b")
            .build();
    assertThat(network.text())
        .isEqualTo(
            """
            # fovea network 1
            left   Input  shape=4 dtype=float32 mean=0 std=1
            right  Input  shape=4 dtype=float32 mean=0 std=1
            a      Dense  from=left units=3 bias=true frozen=true initializer=Xavier
            b      Dense  from=right weightsOf=a units=3 bias=true learningRate=0.1 l2=5.0E-4 precision=bfloat16
            sum    Add    from=a,b
            """);
    assertThat(Network.parse(network.text())).isEqualTo(network);
  }

  @Test
  void aNameThatIsTakenIsLeftOut() {
    NetworkBuilder builder = Network.input(4).then("relu1", new Relu()).then(new Relu());
    assertThat(builder.lastName()).isEqualTo("relu2");
  }

  @Test
  void mistakesShowAtOnce() {
    NetworkBuilder builder = Network.input(4).then(new Relu());
    assertThatThrownBy(() -> builder.then("relu1", new Relu()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Layer 'relu1' (Relu, line 4): expected a name of its own. Received: 'relu1', the name"
                + " of an earlier line.");
    assertThatThrownBy(() -> builder.from("input"))
        .hasMessage(
            "Layer 'relu1' (Relu, line 3): attribute 'from': expected names of earlier lines."
                + " Received: 'input'.");
    assertThatThrownBy(() -> builder.weightsOf("relu1"))
        .hasMessage(
            "Layer 'relu1' (Relu, line 3): attribute 'weightsOf': expected the name of an earlier"
                + " line. Received: 'relu1'.");
    assertThatThrownBy(() -> builder.learningRate(0.1))
        .hasMessage(
            "Layer 'relu1' (Relu, line 3): attribute 'learningRate': expected one of from,"
                + " weightsOf. Received: 'learningRate'.");
    assertThatThrownBy(() -> Network.builder().then(new Relu()))
        .hasMessage(
            "Layer 'relu1' (Relu, line 2): expected an Input before it. Received: the first"
                + " line.");
  }

  @Test
  void aRefusedSettingLeavesTheLineAsItWas() {
    NetworkBuilder builder = Network.input(4).then("d", new Dense(2));
    assertThatThrownBy(() -> builder.l2(-1))
        .hasMessage("ParameterSettings: attribute 'l2': expected a number >= 0. Received: -1.");
    assertThatThrownBy(() -> builder.from("d")).isInstanceOf(IllegalArgumentException.class);
    assertThat(builder.build()).isEqualTo(Network.parse("input1 Input shape=4\nd Dense units=2"));
  }

  @Test
  void anEmptyNetworkIsRefused() {
    assertThatThrownBy(() -> Network.builder().build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Network: expected at least one layer. Received: none. Start with an Input.");
    assertThatThrownBy(() -> Network.builder().frozen())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Network: expected a layer to change. Received: none. Add one with then(layer).");
  }
}
