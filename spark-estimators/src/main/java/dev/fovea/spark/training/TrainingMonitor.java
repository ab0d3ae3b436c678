package dev.fovea.spark.training;

import dev.fovea.core.exchange.EpochReport;
import dev.fovea.core.exchange.ExchangeListener;
import dev.fovea.core.exchange.Group;
import dev.fovea.core.exchange.StepNanos;
import dev.fovea.core.exchange.StepReport;
import dev.fovea.core.exchange.TrainingState;
import dev.fovea.core.runtime.NetworkDescription;
import dev.fovea.spark.checkpoint.TrainingCheckpoints;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks the row counts, keeps the history, writes the log, tells the listeners and offers
 * checkpoints.
 */
final class TrainingMonitor implements ExchangeListener {
  private static final Logger LOG = LoggerFactory.getLogger(SynchronousTrainer.class);

  private final String fit;
  private final TrainingPlan plan;
  private final NetworkDescription network;
  private final List<TrainingListener> listeners;
  private final TrainingCheckpoints checkpoints;
  private final Rebalancer rebalancer;
  private final List<TrainingEpoch> epochs = new ArrayList<>();
  private Runnable regroup = () -> {};

  TrainingMonitor(
      String fit,
      TrainingPlan plan,
      NetworkDescription network,
      List<TrainingListener> listeners,
      TrainingCheckpoints checkpoints,
      Rebalancer rebalancer) {
    this.fit = fit;
    this.plan = plan;
    this.network = network;
    this.listeners = List.copyOf(listeners);
    this.checkpoints = checkpoints;
    this.rebalancer = rebalancer;
  }

  /**
   * Before the first group.
   *
   * @param regroup asks for another group after the epoch that is just over
   */
  void onRebalance(Runnable regroup) {
    this.regroup = regroup;
  }

  /** The training goes on after these epochs. */
  void resume(TrainingHistory before) {
    epochs.addAll(before.epochs());
  }

  @Override
  public void onStart(long rows, long validationRows) {
    if (rows == 0) {
      throw new IllegalArgumentException(
          "DataFrame: expected at least one training row. Received: none (validation rows: %d)."
              .formatted(validationRows));
    }
    if (plan.batchSize() > rows) {
      throw new IllegalArgumentException(
          "Param batchSize: expected at most the %d training rows. Received: %d. Set a smaller batchSize."
              .formatted(rows, plan.batchSize()));
    }
    LOG.info("{}", format("%,d training rows, %,d validation rows", rows, validationRows));
  }

  @Override
  public void onMovedRows() {
    LOG.warn(
        "the rows lie in other partitions than when the checkpoint was written, or are others: the"
            + " training goes on, but its steps take other rows than they would have taken");
  }

  @Override
  public void onGroup(Group group) {
    rebalancer.onGroup(group);
    LOG.info(
        "{}",
        format(
            "group %d at step %,d: %d replicas on executors %s with %s rows; %s",
            group.number(),
            group.position().step(),
            group.ranks(),
            group.executors(),
            group.rowsOfRanks(),
            ExchangeEstimate.describe(
                group.relays(), network.weightCount(), plan.cluster().gradientCompression())));
  }

  @Override
  public void onStep(StepReport step) {
    if (LOG.isDebugEnabled()) {
      StepNanos nanos = step.nanos();
      LOG.debug(
          "{}",
          format(
              "step %,d: loss %.4f, %,d rows, %.1f ms (compute %.1f, exchange %.1f, optimizer"
                  + " %.1f)",
              step.step(),
              step.loss(),
              step.rows(),
              nanos.total() / 1e6,
              nanos.compute() / 1e6,
              nanos.exchange() / 1e6,
              nanos.optimizer() / 1e6));
    }
    listeners.forEach(listener -> listener.onStep(step));
  }

  @Override
  public void onEpoch(EpochReport report) {
    Optional<String> rebalanced = rebalancer.onEpoch(report);
    TrainingEpoch epoch = TrainingEpoch.of(report, rebalanced.orElse(""));
    epochs.add(epoch);
    StepNanos nanos = report.nanos();
    LOG.info(
        "{}",
        format(
            "epoch %d/%d: loss %.4f, accuracy %.2f %%%s, %,d rows, %,.0f rows/s, %.2f s"
                + " (compute %.2f, exchange %.2f not hidden and %.2f hidden, optimizer %.2f,"
                + " evaluation %.2f)",
            epoch.epoch(),
            plan.maxEpochs(),
            epoch.loss(),
            100 * epoch.accuracy(),
            validation(epoch),
            epoch.rows(),
            epoch.rowsPerSecond(),
            epoch.seconds(),
            nanos.compute() / 1e9,
            nanos.exchange() / 1e9,
            nanos.hiddenExchange() / 1e9,
            nanos.optimizer() / 1e9,
            report.evaluationNanos() / 1e9));
    Stragglers.of(report).forEach(straggler -> LOG.warn("{}", format("%s", straggler)));
    rebalanced.ifPresent(
        change -> {
          LOG.info("{}", format("%s", change));
          regroup.run();
        });
    listeners.forEach(listener -> listener.onEpoch(report));
  }

  @Override
  public void onState(TrainingState state) {
    checkpoints.offer(state, () -> new TrainingHistory(epochs).toJson());
  }

  /** The training is done; its history. */
  TrainingHistory end() {
    TrainingHistory history = new TrainingHistory(epochs);
    listeners.forEach(listener -> listener.onEnd(history));
    return history;
  }

  private String format(String text, Object... values) {
    return "fit " + fit.substring(0, 8) + ", " + String.format(Locale.ROOT, text, values);
  }

  private static String validation(TrainingEpoch epoch) {
    return epoch.validationLoss().isEmpty()
        ? ""
        : String.format(
            Locale.ROOT,
            ", validation loss %.4f, accuracy %.2f %%",
            epoch.validationLoss().getAsDouble(),
            100 * epoch.validationAccuracy().getAsDouble());
  }
}
