package dev.fovea.core.exchange;

import dev.fovea.core.optimizer.OptimizerState;
import dev.fovea.core.tensor.Weights;
import java.util.Optional;

/**
 * The driver's side of a training, without a transport: messages come in on any thread, answers go
 * out when they are known. Owns the weights, the optimizer's state, the step and the epoch; ranks
 * only borrow them.
 *
 * <p>A step: every rank sends its part of every bucket; the part that completes a bucket runs the
 * optimizer on it, on its own thread, and answers all ranks with the new weights. The answers are
 * the barrier; nothing polls.
 *
 * <p>Contributions are keyed by (step, rank) and counted once. A rank that is lost leaves what it
 * has sent; its next attempt says hello, gets the weights that the running step began with, does
 * the step again and is answered as if nothing had happened.
 *
 * <p>The ranks are a group. Where they cannot all come, come back, or more of them could, {@link
 * #beginGroup} deals the shards to other ranks: what the old group has sent of the running step is
 * forgotten, buckets that are stepped stay so, and as a step has the same rows in every group, the
 * training goes on as if it had always had these ranks.
 *
 * <p>In a tree only leaders send gradients and evaluations, each for the ranks of its relay; all
 * else stays between every rank and the driver. A relay that has lost a rank cannot say what is in
 * its sums, so when any rank of a tree is gone the group ends, and another begins.
 *
 * <p>Thread safe. State is behind one lock; adding and optimizing happen outside it, so that
 * different buckets go on side by side.
 */
public final class DriverEndpoint implements Endpoint, AutoCloseable {
  private final Weights weights;
  private final DriverState state;
  private final DriverSteps steps;
  private final DriverGroups groups;

  /**
   * Waits for {@link #beginGroup}.
   *
   * @param weights those to start from; the endpoint changes them
   * @param optimizer its state; the endpoint changes it
   */
  public DriverEndpoint(
      ExchangePlan plan, Weights weights, OptimizerState optimizer, ExchangeListener listener) {
    this.weights = weights;
    this.state = new DriverState(plan, weights, listener);
    this.steps = new DriverSteps(state, weights, optimizer);
    this.groups = new DriverGroups(state, steps);
  }

  /**
   * Goes on with a training that another endpoint has begun. Before the first group.
   *
   * @throws IllegalArgumentException if the state is of another network or optimizer
   */
  public void resume(TrainingState from) {
    steps.resume(from);
  }

  /**
   * The weights of this endpoint, not a copy, for the rank of a plan {@link ExchangePlan#inPlace}:
   * they change while that sends its gradient, and at no other time.
   */
  public Weights weightsInPlace() {
    if (!state.plan.inPlace()) {
      throw new IllegalStateException(
          "DriverEndpoint: expected a training in place. Received: one whose ranks have weights of"
              + " their own.");
    }
    return weights;
  }

  /** {@link #beginGroup(ShardMap, RelayMap)} of ranks that each speak for themselves. */
  public int beginGroup(ShardMap shards) {
    return beginGroup(shards, RelayMap.none(shards.ranks()));
  }

  /**
   * Waits for the ranks of another group from now on; those of the last one are told to leave. The
   * step at the position begins again with them, but for its buckets that are stepped.
   *
   * @param relays of the same ranks
   * @return the number of the group, which its ranks' messages carry
   */
  public int beginGroup(ShardMap shards, RelayMap relays) {
    return groups.beginGroup(shards, relays);
  }

  /** Asks the ranks to leave at the end of the epoch, so that another group can begin. */
  public void requestRegroup() {
    groups.requestRegroup();
  }

  /** The ranks of the group that are there now. */
  public int presentRanks() {
    return groups.presentRanks();
  }

  /** True while the ranks of the group are not all there. */
  public boolean isMissingRanks() {
    return groups.isMissingRanks();
  }

  @Override
  public void hello(Hello hello, Answer<Config> answer) {
    groups.hello(hello, answer);
  }

  @Override
  public void weights(WeightsRequest request, Answer<WeightsPart> answer) {
    steps.weights(request, answer);
  }

  @Override
  public void gradient(GradientPart part, Answer<WeightsPart> answer) {
    steps.gradient(part, answer);
  }

  @Override
  public void evaluation(Evaluation evaluation, Answer<Position> answer) {
    steps.evaluation(evaluation, answer);
  }

  @Override
  public void lost(Hello hello) {
    groups.lost(hello);
  }

  /** Ends the training with a failure: every rank is told to stop. The first failure is kept. */
  public void fail(Throwable cause) {
    state.fail(cause);
  }

  /** Ends a training that is still running, without a failure. Safe to call again. */
  @Override
  public void close() {
    state.close();
  }

  /** What ended the training early; empty while it runs, when it is finished or was closed. */
  public Optional<Throwable> failure() {
    synchronized (state.lock) {
      return Optional.ofNullable(state.failure);
    }
  }

  /** True once the last epoch is done. */
  public boolean isFinished() {
    synchronized (state.lock) {
      return state.finished;
    }
  }

  /** True while no group runs: before the first, and once one has left for another to begin. */
  public boolean isBetweenGroups() {
    return groups.isBetweenGroups();
  }

  /** True once the group has ended because a rank of its tree is gone; until another begins. */
  public boolean isBroken() {
    return groups.isBroken();
  }

  /** Where the training stands. */
  public Position position() {
    synchronized (state.lock) {
      return state.position;
    }
  }
}
