package dev.fovea.spark.checkpoint;

import dev.fovea.core.network.Network;
import dev.fovea.core.optimizer.Optimizer;
import dev.fovea.core.text.RecordText;
import java.util.List;
import org.apache.hadoop.fs.Path;

/**
 * What a training must have in common with one that it goes on from. The learning rate, its
 * schedule and the number of epochs may be others.
 *
 * @param network network text, as {@link Network#text()} writes it
 * @param optimizer text, as {@link Optimizer#text()} writes it
 * @param seed start of every random draw
 * @param batchSize rows of one step over all replicas
 */
public record TrainingSettings(String network, String optimizer, long seed, int batchSize) {
  public TrainingSettings {
    network = Network.parse(network).text();
    optimizer = Optimizer.parse(optimizer).text();
  }

  /**
   * Throws IllegalArgumentException unless these, of a checkpoint, are those of the fit.
   *
   * @param checkpoint where the checkpoint is
   */
  void requireSame(TrainingSettings fit, Path checkpoint) {
    if (!network.equals(fit.network)) {
      List<String> expected = network.lines().toList();
      List<String> received = fit.network.lines().toList();
      int line = 0;
      while (lineAt(expected, line).equals(lineAt(received, line))) {
        line++;
      }
      throw differs(
          "network",
          lineAt(expected, line) + " as line " + (line + 1),
          lineAt(received, line),
          checkpoint,
          "its network");
    }
    require("optimizer", optimizer, fit.optimizer, checkpoint);
    require("seed", seed, fit.seed, checkpoint);
    require("batchSize", batchSize, fit.batchSize, checkpoint);
  }

  private static void require(String param, Object expected, Object received, Path checkpoint) {
    if (!expected.equals(received)) {
      throw differs(param, expected, received, checkpoint, "that");
    }
  }

  private static String lineAt(List<String> lines, int index) {
    return index < lines.size()
        ? "'" + String.join(" ", RecordText.splitWords(lines.get(index))) + "'"
        : "no more lines";
  }

  private static IllegalArgumentException differs(
      String param, Object expected, Object received, Path checkpoint, String fix) {
    return new IllegalArgumentException(
        "Param %s: expected %s. Received: %s (resumeFrom: %s). Set %s to %s, or leave resumeFrom out to begin anew."
            .formatted(param, expected, received, checkpoint, param, fix));
  }
}
