package dev.fovea.pipelines;

import dev.fovea.core.exchange.EpochReport;
import dev.fovea.core.exchange.StepReport;
import dev.fovea.core.tensor.StepSums;
import dev.fovea.spark.training.TrainingListener;
import java.io.PrintStream;
import java.util.Locale;

/**
 * Shows a training as it runs: on a terminal a bar that moves, and everywhere a line for each
 * epoch. Called by one thread at a time.
 */
final class ProgressBar implements TrainingListener {
  private static final int WIDTH = 24; // characters of the bar itself
  private static final long REDRAW_NANOS = 100_000_000;

  private final PrintStream out;
  private final boolean terminal;
  private final int epochs;
  private StepSums epochSums = StepSums.ZERO;
  private long rows; // since the training began
  private long beginNanos;
  private long drawnNanos;
  private int drawn; // characters of the line on the terminal

  /**
   * @param terminal whether a line can be drawn over
   * @param epochs of the whole training
   */
  ProgressBar(PrintStream out, boolean terminal, int epochs) {
    this.out = out;
    this.terminal = terminal;
    this.epochs = epochs;
  }

  /**
   * On standard output: a bar where {@code -Dfovea.terminal=true}, as bin/fovea says on a terminal,
   * since Java itself does not know on all versions.
   */
  static ProgressBar onConsole(int epochs) {
    return new ProgressBar(System.out, Boolean.getBoolean("fovea.terminal"), epochs);
  }

  @Override
  public void onStep(StepReport step) {
    long now = System.nanoTime();
    if (step.step() == 1) {
      beginNanos = now - step.nanos().total();
    }
    if (step.stepOfEpoch() == 0) {
      epochSums = StepSums.ZERO;
    }
    epochSums = epochSums.plus(step.sums());
    rows += step.rows();
    if (terminal && now - drawnNanos >= REDRAW_NANOS) {
      drawnNanos = now;
      draw(bar(step, now - beginNanos));
    }
  }

  @Override
  public void onEpoch(EpochReport epoch) {
    String line = epochLine(epoch);
    if (terminal) {
      draw(line);
      drawn = 0;
      out.println();
    } else {
      out.println(line);
    }
    out.flush();
  }

  private String bar(StepReport step, long elapsedNanos) {
    int steps = step.stepsPerEpoch();
    double share = (step.stepOfEpoch() + 1.0) / steps;
    int full = (int) (share * WIDTH);
    double done = (step.epoch() + share) / epochs;
    return String.format(
        Locale.ROOT,
        "Epoch %d/%d [%s%s] loss %.4f, accuracy %.2f %%, %,.0f rows/s, %s left",
        step.epoch() + 1,
        epochs,
        "=".repeat(full),
        " ".repeat(WIDTH - full),
        epochSums.meanLoss(),
        100 * epochSums.accuracy(),
        rows * 1e9 / elapsedNanos,
        clock(elapsedNanos / 1e9 * (1 - done) / done));
  }

  private String epochLine(EpochReport epoch) {
    String validation =
        epoch.validationRows() == 0
            ? ""
            : String.format(
                Locale.ROOT,
                ", validation loss %.4f, accuracy %.2f %%",
                epoch.validation().meanLoss(),
                100 * epoch.validation().accuracy());
    return String.format(
        Locale.ROOT,
        "Epoch %d/%d: loss %.4f, accuracy %.2f %%%s, %,.0f rows/s, %.1f s",
        epoch.epoch() + 1,
        epochs,
        epoch.training().meanLoss(),
        100 * epoch.training().accuracy(),
        validation,
        epoch.rowsPerSecond(),
        (epoch.nanos().total() + epoch.evaluationNanos()) / 1e9);
  }

  private void draw(String line) {
    out.print('\r' + line + " ".repeat(Math.max(0, drawn - line.length())));
    out.flush();
    drawn = line.length();
  }

  private static String clock(double seconds) {
    long whole = Math.round(seconds);
    return String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60);
  }
}
