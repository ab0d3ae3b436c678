package dev.fovea.spark.inference;

import java.io.Serializable;

/** Which columns inference adds, in this order. */
public record OutputColumns(boolean rawPrediction, boolean probability, boolean prediction)
    implements Serializable {
  public static final OutputColumns NONE = new OutputColumns(false, false, false);

  int count() {
    return (rawPrediction ? 1 : 0) + (probability ? 1 : 0) + (prediction ? 1 : 0);
  }
}
