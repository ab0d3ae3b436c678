package dev.fovea.spark.inference;

import dev.fovea.core.runtime.Predictor;
import dev.fovea.core.tensor.AlignedMemory;
import dev.fovea.core.tensor.Weights;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * One open native predictor and the buffers of one batch. Used by one thread at a time. Owns native
 * memory until {@link #close}.
 */
final class BatchPredictor implements AutoCloseable {
  private final Predictor predictor;
  private final int rowBytes;
  private final int classes;
  private final ByteBuffer records; // [maxRows, rowBytes]
  private final ByteBuffer outputs; // floats [maxRows, classes]

  BatchPredictor(TrainedNetwork network, Weights weights, int maxRows) {
    this.predictor = Predictor.of(network.text(), List.of(network.logits()), maxRows, weights);
    this.classes = network.classes();
    this.rowBytes = predictor.description().rowBytes();
    this.records = AlignedMemory.allocate((long) maxRows * rowBytes);
    this.outputs = AlignedMemory.allocate((long) maxRows * classes * Float.BYTES);
  }

  /** Where row {@code row} of the batch is written. */
  ByteBuffer record(int row) {
    return records.position(row * rowBytes);
  }

  /** Runs the first {@code rows} rows. */
  void run(int rows) {
    predictor.predict(records, rows, outputs);
  }

  /** The logits of one row of the last run. */
  double[] logits(int row) {
    double[] logits = new double[classes];
    for (int k = 0; k < classes; k++) {
      logits[k] = outputs.getFloat((row * classes + k) * Float.BYTES);
    }
    return logits;
  }

  @Override
  public void close() {
    predictor.close();
  }
}
