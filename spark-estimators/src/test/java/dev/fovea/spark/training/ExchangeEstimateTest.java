package dev.fovea.spark.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.core.exchange.RelayMap;
import dev.fovea.core.exchange.wire.GradientCompression;
import org.junit.jupiter.api.Test;

class ExchangeEstimateTest {
  @Test
  void everyRankSendsAGradientAndGetsTheWeights() {
    ExchangeEstimate estimate = ExchangeEstimate.of(4, 5_500_000, GradientCompression.NONE);

    assertThat(estimate.bytesIn()).isEqualTo(88_000_000);
    assertThat(estimate.bytesOut()).isEqualTo(88_000_000);
    assertThat(estimate)
        .hasToString(
            "a step moves 88.0 MB to the driver and 88.0 MB back: about 105.6 ms of its processor,"
                + " 80.0 ms at 10 GbE");
  }

  @Test
  void theOtherTopologyIsNamedToo() {
    assertThat(ExchangeEstimate.describe(RelayMap.none(16), 5_500_000, GradientCompression.NONE))
        .isEqualTo(
            "no relays; a step moves 352.0 MB to the driver and 352.0 MB back: about 422.4 ms of its"
                + " processor, 320.0 ms at 10 GbE; with 4 relays 105.6 ms of its processor, 80.0 ms"
                + " at 10 GbE");
    assertThat(ExchangeEstimate.describe(RelayMap.tree(16), 5_500_000, GradientCompression.NONE))
        .isEqualTo(
            "a tree of 4 relays; a step moves 88.0 MB to the driver and 88.0 MB back: about 105.6 ms"
                + " of its processor, 80.0 ms at 10 GbE; without relays 422.4 ms of its processor,"
                + " 320.0 ms at 10 GbE");
    assertThat(ExchangeEstimate.describe(RelayMap.none(2), 1000, GradientCompression.NONE))
        .isEqualTo(ExchangeEstimate.of(2, 1000, GradientCompression.NONE).toString());
  }

  @Test
  void compressionHalvesTheWayUp() {
    ExchangeEstimate estimate = ExchangeEstimate.of(2, 1000, GradientCompression.BFLOAT16);

    assertThat(estimate.bytesIn()).isEqualTo(4000);
    assertThat(estimate.bytesOut()).isEqualTo(8000);
  }
}
