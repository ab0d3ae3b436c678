package dev.fovea.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.core.exchange.EpochReport;
import dev.fovea.core.exchange.StepNanos;
import dev.fovea.core.exchange.StepReport;
import dev.fovea.core.tensor.StepSums;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressBarTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

  @Test
  void printsALineForEachEpochWhereNothingCanBeDrawnOver() {
    ProgressBar bar = new ProgressBar(out, false, 2);

    bar.onStep(step(1, 0, 0, 2, 10));
    bar.onStep(step(2, 0, 1, 2, 10));
    bar.onEpoch(epoch(0, 0));
    bar.onEpoch(epoch(1, 8));

    assertThat(printed())
        .isEqualTo(
            """
            Epoch 1/2: loss 0.2500, accuracy 90.00 %, 10 rows/s, 2.5 s
            Epoch 2/2: loss 0.2500, accuracy 90.00 %, validation loss 0.5000, accuracy 75.00 %, 10 rows/s, 2.5 s
            """);
  }

  @Test
  void drawsABarOnATerminal() {
    ProgressBar bar = new ProgressBar(out, true, 2);

    bar.onStep(step(1, 0, 0, 4, 30));

    assertThat(printed())
        .matches(
            "\rEpoch 1/2 \\[={6} {18}] loss 0\\.5000, accuracy 80\\.00 %, [0-9,]+ rows/s,"
                + " [0-9]+:[0-9]{2} left");
  }

  @Test
  void theLineOfTheEpochCoversTheBar() {
    ProgressBar bar = new ProgressBar(out, true, 2);

    bar.onStep(step(1, 0, 0, 1, 30));
    int drawn = printed().length() - 1;
    bar.onEpoch(epoch(0, 0));

    String line = printed().substring(drawn + 2);
    assertThat(line).startsWith("Epoch 1/2: loss 0.2500").endsWith("\n");
    assertThat(line.length() - 1).isGreaterThanOrEqualTo(drawn);
  }

  private String printed() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static StepReport step(long step, long epoch, int ofEpoch, int steps, long rows) {
    StepSums sums = new StepSums(rows, 0.5 * rows, 0.8 * rows);
    StepNanos nanos = new StepNanos(1_000_000, 1_000, 1_000, 0);
    return new StepReport(step, epoch, ofEpoch, steps, rows, sums, 0.001, nanos);
  }

  /** 20 rows in 2 seconds, and half a second of evaluation. */
  private static EpochReport epoch(long number, long validationRows) {
    return new EpochReport(
        number,
        2 * (number + 1),
        20,
        new StepSums(20, 5, 18),
        validationRows,
        new StepSums(validationRows, 0.5 * validationRows, 0.75 * validationRows),
        0.001,
        new StepNanos(1_500_000_000, 400_000_000, 100_000_000, 0),
        500_000_000,
        List.of());
  }
}
