package dev.fovea.spark.inference;

import java.io.Serializable;

/**
 * From logits to probabilities to a class, as Spark's own classifiers do it: with thresholds, the
 * class of the largest probability / threshold, where a threshold of 0 wins with any probability
 * but 0; without them, the class of the largest logit. Ties go to the lowest class.
 */
public final class ClassDecision implements Serializable {
  private static final long serialVersionUID = 1;

  private final double[] thresholds; // null: none

  /** {@code thresholds} is null where there are none. */
  public ClassDecision(double[] thresholds) {
    this.thresholds = thresholds == null ? null : thresholds.clone();
  }

  /** softmax(logits), in place; the largest logit is subtracted first, so nothing overflows. */
  public static void softmax(double[] logits) {
    double largest = logits[largest(logits)];
    double sum = 0;
    for (int k = 0; k < logits.length; k++) {
      logits[k] = Math.exp(logits[k] - largest);
      sum += logits[k];
    }
    for (int k = 0; k < logits.length; k++) {
      logits[k] /= sum;
    }
  }

  /** The class. {@code probabilities} are read only where there are thresholds. */
  double predict(double[] logits, double[] probabilities) {
    if (thresholds == null) {
      return largest(logits);
    }
    int winner = 0;
    double most = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < probabilities.length; k++) {
      double scaled = probabilities[k] / thresholds[k]; // 0 / 0 is NaN, which never wins
      if (scaled > most) {
        most = scaled;
        winner = k;
      }
    }
    return winner;
  }

  private static int largest(double[] values) {
    int largest = 0;
    for (int k = 1; k < values.length; k++) {
      if (values[k] > values[largest]) {
        largest = k;
      }
    }
    return largest;
  }
}
