package dev.fovea.core.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class NetworkTest {
  private static final Network NETWORK =
      Network.parse(
          """
          left Input shape=4
          right Input shape=4
          a Dense from=left units=2
          b Dense from=right units=3
          label Target
          other Target
          loss1 SoftmaxCrossEntropy from=a,label
          loss2 SoftmaxCrossEntropy from=b,other weight=0.5
          """);

  @Test
  void linesAreFoundByWhatTheyAre() {
    assertThat(NETWORK.inputs()).extracting(NetworkLine::name).containsExactly("left", "right");
    assertThat(NETWORK.targets()).extracting(NetworkLine::name).containsExactly("label", "other");
    assertThat(NETWORK.losses()).extracting(NetworkLine::name).containsExactly("loss1", "loss2");
    assertThat(NETWORK.lines()).hasSize(8);
    assertThat(NETWORK.line("b").type()).isEqualTo("Dense");
  }

  @Test
  void theOutputOfALossIsItsFirstSource() {
    assertThat(NETWORK.losses())
        .extracting(loss -> NETWORK.outputOf(loss).name())
        .containsExactly("a", "b");
  }

  @Test
  void anUnknownLineListsTheKnownOnes() {
    assertThatThrownBy(() -> NETWORK.line("logits"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Network: expected one of left, right, a, b, label, other, loss1, loss2. Received:"
                + " 'logits'.");
  }

  @Test
  void aNetworkIsItsText() {
    assertThat(NETWORK).hasToString(NETWORK.text()).isEqualTo(Network.parse(NETWORK.text()));
    assertThat(NETWORK).isNotEqualTo(Network.parse(NETWORK.text().replace("units=3", "units=4")));
  }
}
