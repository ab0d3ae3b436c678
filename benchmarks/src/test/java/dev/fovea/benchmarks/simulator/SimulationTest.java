package dev.fovea.benchmarks.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SimulationTest {
  private static final double MEGABYTE = 1e6;
  private static final Costs COSTS = new Costs(10e-6, 0.4e-9, 0.1e-9, 0.5e-9, 0.2e-9);
  private static final Offset<Double> EXACT = within(1e-9);

  /** 8 MB in 4 buckets, the last one complete after 100 ms. */
  private static final SimulatedNetwork NETWORK =
      new SimulatedNetwork("four", List.of(4e6, 2e6, 1e6, 1e6), List.of(0.05, 0.06, 0.08, 0.1), 1);

  @ParameterizedTest
  @CsvSource({"1,1", "2,2", "7,7", "64,64", "4,2", "10,3", "256,16"})
  void aStepTakesAsLongAsItsComputingWhereNothingElseCosts(int ranks, int atDriver) {
    Cluster free = new Cluster(Double.POSITIVE_INFINITY, 0, 1, false, Costs.NONE);

    double seconds = Simulation.tree(NETWORK, free, ranks, atDriver);

    assertThat(seconds).isCloseTo(0.1, EXACT);
  }

  /**
   * All ranks' bytes pass each direction of the driver's link. A rank sends again as soon as it is
   * answered, while others still are: the directions overlap, but for the part of one rank.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 8, 64})
  void aStepTakesBytesThroughBandwidthWhereTheWireIsAllThereIs(int ranks) {
    SimulatedNetwork one = new SimulatedNetwork("one", List.of(MEGABYTE), List.of(0.0), 1);
    Cluster wire = new Cluster(100 * MEGABYTE, 0, 1, false, Costs.NONE);

    assertThat(Simulation.driver(one, wire, ranks)).isCloseTo((ranks + 1) / 100.0, EXACT);
  }

  /** What ranks send is less, what they are sent is not. */
  @ParameterizedTest
  @CsvSource({"2,0.5", "8,0.5", "64,0.02"})
  void theAnswersBoundAStepOfCompressedGradients(int ranks, double share) {
    SimulatedNetwork one = new SimulatedNetwork("one", List.of(MEGABYTE), List.of(0.0), share);
    Cluster wire = new Cluster(100 * MEGABYTE, 0, 1, false, Costs.NONE);

    assertThat(Simulation.driver(one, wire, ranks)).isCloseTo((ranks + share) / 100, EXACT);
  }

  /**
   * With many buckets, the two directions of the link overlap, but for one bucket at either end.
   */
  @Test
  void theSlowerDirectionBoundsAStepOfManyBuckets() {
    int buckets = 50;
    SimulatedNetwork many =
        new SimulatedNetwork(
            "many",
            IntStream.range(0, buckets).mapToObj(unused -> MEGABYTE).toList(),
            IntStream.range(0, buckets).mapToObj(unused -> 0.0).toList(),
            1);
    Cluster wire = new Cluster(100 * MEGABYTE, 0, 1, false, Costs.NONE);

    double seconds = Simulation.driver(many, wire, 4);

    double oneWay = 4 * buckets / 100.0;
    assertThat(seconds).isBetween(oneWay, oneWay * (1 + 2.0 / buckets));
  }

  @Test
  void theProcessorBoundsAStepWhereItIsTheSlowest() {
    SimulatedNetwork one = new SimulatedNetwork("one", List.of(MEGABYTE), List.of(0.0), 1);
    // 1 ms to add a rank's part, 5 ms to update; each rank takes 2 ms at the same time
    Costs sums = new Costs(0, 0, 1e-9, 5e-9, 2e-9);
    Cluster slow = new Cluster(Double.POSITIVE_INFINITY, 0, 1, false, sums);

    assertThat(Simulation.driver(one, slow, 8)).isCloseTo(8 * 1e-3 + 5e-3 + 2e-3, EXACT);
  }

  @Test
  void latencyIsPaidThereAndBack() {
    SimulatedNetwork one = new SimulatedNetwork("one", List.of(MEGABYTE), List.of(0.1), 1);
    Cluster far = new Cluster(Double.POSITIVE_INFINITY, 3e-3, 1, false, Costs.NONE);

    assertThat(Simulation.driver(one, far, 2)).isCloseTo(0.1 + 2 * 3e-3, EXACT);
    assertThat(Simulation.tree(one, far, 4, 2)).isCloseTo(0.1 + 4 * 3e-3, EXACT);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 10, 25})
  void moreRanksAtOneLinkAreNeverMoreEfficient(double gigabits) {
    Cluster cluster = Cluster.ethernet(gigabits, 50e-6, 8, COSTS);
    double last = NETWORK.computeSeconds();
    for (int ranks : List.of(1, 2, 4, 8, 16, 32, 64)) {
      double seconds = Simulation.driver(NETWORK, cluster, ranks);
      assertThat(seconds).isGreaterThanOrEqualTo(last);
      last = seconds;
    }
  }

  @Test
  void aTreeTakesLoadOffTheDriver() {
    Cluster cluster = Cluster.ethernet(1, 50e-6, 8, COSTS);

    assertThat(Simulation.tree(NETWORK, cluster, 64, 8))
        .isLessThan(Simulation.driver(NETWORK, cluster, 64) / 3);
  }

  @Test
  void aTreeOfRelaysWithoutOtherMembersIsNoTree() {
    Cluster cluster = Cluster.ethernet(10, 50e-6, 8, COSTS);

    assertThat(Simulation.tree(NETWORK, cluster, 8, 8))
        .isEqualTo(Simulation.driver(NETWORK, cluster, 8));
  }

  @Test
  void oneMachineSharesItsCores() {
    Cluster together = Cluster.loopback(2, 0, COSTS);
    Cluster apart = new Cluster(Double.POSITIVE_INFINITY, 0, 2, false, COSTS);

    assertThat(Simulation.driver(NETWORK, together, 4))
        .isGreaterThan(Simulation.driver(NETWORK, apart, 4));
  }

  @Test
  void aSimulationIsTheSameEachTime() {
    Cluster cluster = Cluster.ethernet(10, 50e-6, 8, COSTS);

    assertThat(Simulation.driver(NETWORK, cluster, 48))
        .isEqualTo(Simulation.driver(NETWORK, cluster, 48));
    assertThat(Simulation.tree(NETWORK, cluster, 200, 14))
        .isEqualTo(Simulation.tree(NETWORK, cluster, 200, 14));
  }
}
