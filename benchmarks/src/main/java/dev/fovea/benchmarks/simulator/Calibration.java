package dev.fovea.benchmarks.simulator;

import dev.fovea.benchmarks.exchange.StepCost;
import dev.fovea.core.runtime.NetworkDescription;

/**
 * What bytes and messages cost, from measured steps of the exchange with executors on this machine
 * and of an endpoint without any.
 *
 * @param costs of a processor
 * @param latency seconds between sending and receiving that are nobody's work: threads that wake up
 */
public record Calibration(Costs costs, double latency) {

  /**
   * Costs that explain what was measured. The small network says what a message costs, the large
   * one what a byte does: at the driver, and what a rank works beyond that.
   *
   * @param endpoint measured without a transport
   * @param cores of the machine, which driver and executors share
   */
  public static Calibration of(
      EndpointCosts endpoint,
      int ranks,
      int cores,
      NetworkDescription small,
      StepCost ofSmall,
      NetworkDescription large,
      StepCost ofLarge) {
    SimulatedNetwork few = SimulatedNetwork.idle(small);
    SimulatedNetwork many = SimulatedNetwork.idle(large);
    Costs sums = new Costs(0, 0, endpoint.add(), endpoint.update(), 0);
    double ofFew = driverSeconds(ofSmall, few, ranks, sums) / (2 * ranks);
    double ofMany = driverSeconds(ofLarge, many, ranks, sums) / (2 * ranks);
    // buckets * message + bytes * transport, of the small and of the large one
    double determinant = few.buckets() * many.bytes() - many.buckets() * few.bytes();
    double message = Math.max(0, ofFew * many.bytes() - ofMany * few.bytes()) / determinant;
    double transport = Math.max(0, ofMany * few.buckets() - ofFew * many.buckets()) / determinant;
    Costs moving = new Costs(message, transport, 0, 0, 0);
    double rank = ofLarge.executorCpuMillis() / 1e3 / ranks;
    double take = Math.max(0, rank - moving.rank(many)) / many.bytes();
    Costs costs = new Costs(message, transport, endpoint.add(), endpoint.update(), take);
    double work = Simulation.driver(few, Cluster.loopback(cores, 0, costs), ranks);
    double latency = Math.max(0, ofSmall.millis() / 1e3 - work) / 2; // there and back
    return new Calibration(costs, latency);
  }

  /** Processor time of a step at the driver, but for the sums and the optimizer. */
  private static double driverSeconds(
      StepCost cost, SimulatedNetwork network, int ranks, Costs sums) {
    return Math.max(0, cost.driverCpuMillis() / 1e3 - sums.driver(network, ranks));
  }
}
