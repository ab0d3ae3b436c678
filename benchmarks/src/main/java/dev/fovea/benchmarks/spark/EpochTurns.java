package dev.fovea.benchmarks.spark;

import dev.fovea.benchmarks.core.Workload;
import dev.fovea.core.exchange.EpochReport;
import dev.fovea.spark.training.TrainingListener;
import java.util.function.DoubleConsumer;
import java.util.function.LongSupplier;

/**
 * Lets the bare core take turns with the epochs of a fit: whenever one is done, the training waits
 * for this listener, and the core works as long as it says. So what slows the machine for a while
 * slows both. The first epoch warms up.
 */
final class EpochTurns implements TrainingListener {
  private final Workload core;
  private final double seconds;
  private final LongSupplier nanos;
  private final DoubleConsumer coreRates;
  private final DoubleConsumer epochRates;
  private boolean warm;
  private long began; // when the running epoch began; once warm

  /**
   * @param core borrowed
   * @param seconds of a turn of the core
   * @param nanos the clock
   * @param coreRates takes the core's rows a second, before each epoch that counts and after the
   *     last
   * @param epochRates takes the epochs', without the core's turn
   */
  EpochTurns(
      Workload core,
      double seconds,
      LongSupplier nanos,
      DoubleConsumer coreRates,
      DoubleConsumer epochRates) {
    this.core = core;
    this.seconds = seconds;
    this.nanos = nanos;
    this.coreRates = coreRates;
    this.epochRates = epochRates;
  }

  @Override
  public void onEpoch(EpochReport epoch) {
    long now = nanos.getAsLong();
    if (warm) {
      epochRates.accept(epoch.rows() * 1e9 / (now - began));
    }
    warm = true;
    coreRates.accept(core.rowsPerSecond(seconds));
    began = nanos.getAsLong();
  }
}
