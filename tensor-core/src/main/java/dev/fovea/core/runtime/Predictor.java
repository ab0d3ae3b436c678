package dev.fovea.core.runtime;

import dev.fovea.core.tensor.Weights;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A network with fixed weights, for inference: from records to the outputs of chosen layers. Runs
 * on the thread that calls it; a task makes its own. Owns native memory until {@link #close}; keeps
 * the weights, which predictors may share and nobody may change meanwhile.
 */
public final class Predictor implements AutoCloseable {
  private final Handle handle;
  private final NetworkDescription description;
  private final ByteBuffer weights;
  private final int maxRows;

  private Predictor(Handle handle, Weights weights, int maxRows) {
    this.handle = handle;
    this.description = handle.describe();
    this.weights = weights.buffer();
    this.maxRows = maxRows;
    handle.prepare(0, this.weights);
  }

  /**
   * Opens a predictor.
   *
   * @param networkText see docs/network-text.md
   * @param outputs names of layers, at least one
   * @param maxRows most rows of one call, &gt; 0
   * @throws IllegalArgumentException naming layer and line, if the network cannot be run
   */
  public static Predictor of(
      String networkText, List<String> outputs, int maxRows, Weights weights) {
    PlanOptions options =
        new PlanOptions(Mode.PREDICT, outputs, maxRows, 1, 1, NetworkDescription.ONE_BUCKET);
    Handle handle = new Handle("Predictor", networkText, options);
    try {
      return new Predictor(handle, weights, maxRows);
    } catch (RuntimeException | Error e) {
      handle.close();
      throw e;
    }
  }

  public NetworkDescription description() {
    return description;
  }

  /**
   * Writes the outputs of the first {@code rows} records.
   *
   * @param records as {@link NetworkDescription#fields} lays them out, from the buffer's first byte
   * @param rows 0 to maxRows
   * @param outputs floats {@code [rows, outputs one after the other]}, from the first byte
   */
  public synchronized void predict(ByteBuffer records, int rows, ByteBuffer outputs) {
    if (rows < 0 || rows > maxRows) {
      throw new IllegalArgumentException(
          "Predictor: expected 0 to %d rows. Received: %d.".formatted(maxRows, rows));
    }
    if (rows > 0) {
      handle.predict(rows, records, weights, outputs);
    }
  }

  /** Waits for a running call, then frees the network. Safe to call again. */
  @Override
  public synchronized void close() {
    handle.close();
  }
}
