package dev.fovea.benchmarks.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.benchmarks.exchange.ExchangeNetwork;
import dev.fovea.benchmarks.exchange.StepCost;
import dev.fovea.core.runtime.NetworkDescription;
import org.junit.jupiter.api.Test;

class CalibrationTest {
  private static final int RANKS = 2;
  private static final int CORES = 2;

  private final NetworkDescription small = new ExchangeNetwork(0.001).description();
  private final NetworkDescription large = new ExchangeNetwork(10).description();

  /** Steps of which the costs are known give these costs again. */
  @Test
  void findsTheCostsThatExplainTheSteps() {
    Costs costs = new Costs(20e-6, 0.3e-9, 0.1e-9, 0.5e-9, 0.2e-9);
    double latency = 250e-6;

    Calibration found =
        Calibration.of(
            new EndpointCosts(costs.add(), costs.update()),
            RANKS,
            CORES,
            small,
            cost(small, costs, latency),
            large,
            cost(large, costs, latency));

    assertThat(found.latency()).isCloseTo(latency, within(1e-7));
    assertThat(found.costs().message()).isCloseTo(costs.message(), within(1e-7));
    assertThat(found.costs().transport()).isCloseTo(costs.transport(), within(1e-12));
    assertThat(found.costs().take()).isCloseTo(costs.take(), within(1e-12));
    assertThat(found.costs().add()).isEqualTo(costs.add());
    assertThat(found.costs().update()).isEqualTo(costs.update());
  }

  @Test
  void anEndpointCostsSomethingForEachByte() {
    EndpointCosts costs = EndpointCosts.measure(small);

    assertThat(costs.add()).isPositive();
    assertThat(costs.update()).isNotNegative();
  }

  private static StepCost cost(NetworkDescription description, Costs costs, double latency) {
    SimulatedNetwork network = SimulatedNetwork.idle(description);
    double step = Simulation.driver(network, Cluster.loopback(CORES, latency, costs), RANKS);
    return new StepCost(
        1e3 * step, 1e3 * costs.driver(network, RANKS), 1e3 * RANKS * costs.rank(network));
  }
}
