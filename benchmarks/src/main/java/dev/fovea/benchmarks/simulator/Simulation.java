package dev.fovea.benchmarks.simulator;

import dev.fovea.core.exchange.DriverEndpoint;
import dev.fovea.core.exchange.ExchangeListener;
import dev.fovea.core.exchange.ShardMap;
import dev.fovea.core.exchange.StepReport;
import dev.fovea.core.optimizer.OptimizerState;
import dev.fovea.core.optimizer.Sgd;
import dev.fovea.core.runtime.NetworkDescription;
import dev.fovea.core.tensor.AlignedMemory;
import dev.fovea.core.tensor.Weights;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A training of a few steps in virtual time. */
public final class Simulation {
  private static final int WARM_STEPS = 2;
  private static final int STEPS = 4; // all are alike: there is no chance in it

  private final EventQueue events = new EventQueue();
  private final Cluster cluster;
  private final SimulatedNetwork network;
  private final NetworkDescription standIn;
  private final Station shared;
  private final List<Double> ends = new ArrayList<>();

  private Simulation(SimulatedNetwork network, Cluster cluster) {
    this.network = network;
    this.cluster = cluster;
    this.standIn = network.standIn();
    this.shared = new Station(events, cluster.cores());
  }

  /**
   * Seconds of a step, where every rank talks to the driver.
   *
   * @param ranks 1 to {@link ShardMap#SHARDS}
   */
  public static double driver(SimulatedNetwork network, Cluster cluster, int ranks) {
    return new Simulation(network, cluster).run(ranks, ranks);
  }

  /**
   * Seconds of a step, where the first rank of each of {@code relays} stretches of ranks relays.
   *
   * @param relays 1 to {@link ShardMap#SHARDS}
   */
  public static double tree(SimulatedNetwork network, Cluster cluster, int ranks, int relays) {
    return new Simulation(network, cluster).run(ranks, relays);
  }

  /** As many relays as each has members, about. */
  public static int relays(int ranks) {
    return (int) Math.round(Math.sqrt(ranks));
  }

  private double run(int ranks, int atDriver) {
    Weights weights = Weights.allocate(standIn.weightCount());
    OptimizerState optimizer = new OptimizerState(new Sgd(0.9), standIn);
    ExchangeListener steps =
        new ExchangeListener() {
          @Override
          public void onStep(StepReport report) {
            ends.add(events.now());
          }
        };
    try (DriverEndpoint endpoint =
        new DriverEndpoint(Groups.plan(standIn), weights, optimizer, steps)) {
      int group = Groups.begin(endpoint, ShardMap.even(atDriver), WARM_STEPS + STEPS);
      for (SimulatedRank rank : ranks(ranks, atDriver, group, endpoint)) {
        rank.begin(endpoint.position());
      }
      events.run();
      if (!endpoint.isFinished()) {
        throw new IllegalStateException(
            "Simulation: expected a training that ends. Received: one that waits.",
            endpoint.failure().orElse(null));
      }
    }
    return (ends.get(ends.size() - 1) - ends.get(WARM_STEPS - 1)) / STEPS;
  }

  private List<SimulatedRank> ranks(int ranks, int atDriver, int group, DriverEndpoint endpoint) {
    ByteBuffer gradient = AlignedMemory.allocate(standIn.weightCount() * Float.BYTES);
    SimulatedDriver driver = new SimulatedDriver(node(), endpoint, network, cluster.costs());
    List<SimulatedRank> all = new ArrayList<>();
    for (int stretch = 0; stretch < atDriver; stretch++) {
      int first = stretch * ranks / atDriver;
      int end = (stretch + 1) * ranks / atDriver;
      Node leader = node();
      Gatherer gatherer =
          end - first == 1
              ? driver
              : new SimulatedRelay(
                  stretch, first, end - first, leader, driver, network, cluster.costs());
      for (int rank = first; rank < end; rank++) {
        Node node = rank == first ? leader : node();
        int number = gatherer == driver ? stretch : rank;
        all.add(new SimulatedRank(group, number, node, gatherer, network, events, gradient));
      }
    }
    return all;
  }

  private Node node() {
    return new Node(
        events, cluster, cluster.oneMachine() ? shared : new Station(events, cluster.cores()));
  }
}
