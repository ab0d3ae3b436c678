package dev.fovea.core.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.core.optimizer.OptimizerState;
import dev.fovea.core.optimizer.Sgd;
import dev.fovea.core.runtime.Mode;
import dev.fovea.core.runtime.NetworkDescription;
import dev.fovea.core.schedule.Constant;
import dev.fovea.core.tensor.Weights;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a training in place demands. That it trains alike: {@link SynchronousAveragingLawTest}. */
class InPlaceTest {
  @Test
  void theRankHasTheWeightsOfTheEndpoint() {
    Weights weights = Weights.allocate(describe(NetworkDescription.ONE_BUCKET).weightCount());

    assertThat(endpoint(weights, true).weightsInPlace()).isSameAs(weights);
    assertThatThrownBy(() -> endpoint(weights, false).weightsInPlace())
        .isExactlyInstanceOf(IllegalStateException.class)
        .hasMessage(
            "DriverEndpoint: expected a training in place. Received: one whose ranks have weights"
                + " of their own.");
  }

  @Test
  void thereIsOneRank() {
    Weights weights = Weights.allocate(describe(NetworkDescription.ONE_BUCKET).weightCount());

    assertThatThrownBy(() -> endpoint(weights, true).beginGroup(ShardMap.even(2)))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessage("Group: expected one rank in place. Received: 2.");
  }

  @Test
  void thereIsOneBucket() {
    assertThatThrownBy(() -> plan(describe(1), true))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessage("ExchangePlan: expected one gradient bucket in place. Received: 2.");
  }

  private static DriverEndpoint endpoint(Weights weights, boolean inPlace) {
    NetworkDescription description = describe(NetworkDescription.ONE_BUCKET);
    OptimizerState optimizer = new OptimizerState(new Sgd(0), description);
    return new DriverEndpoint(
        plan(description, inPlace), weights, optimizer, new ExchangeListener() {});
  }

  private static NetworkDescription describe(long bucketBytes) {
    return NetworkDescription.of(EndpointFixture.NETWORK, Mode.TRAIN, List.of(), 1, 1, bucketBytes);
  }

  private static ExchangePlan plan(NetworkDescription description, boolean inPlace) {
    return new ExchangePlan(
        "fit",
        EndpointFixture.NETWORK,
        description,
        NetworkDescription.ONE_BUCKET,
        42,
        10,
        1,
        0.5,
        new Constant(),
        "1",
        inPlace);
  }
}
