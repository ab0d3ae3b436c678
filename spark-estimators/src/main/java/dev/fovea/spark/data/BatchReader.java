package dev.fovea.spark.data;

import dev.fovea.core.tensor.AlignedMemory;
import java.nio.ByteBuffer;

/**
 * Copies rows from the arena side by side into one buffer, as native reads them. Owns the buffer,
 * which the next call overwrites. Not thread safe.
 */
public final class BatchReader {
  private final RecordSection rows;
  private final ByteBuffer records;

  /**
   * @param rows where the records rest
   * @param maxRows most rows of one call
   */
  public BatchReader(RecordSection rows, int maxRows) {
    this.rows = rows;
    this.records = AlignedMemory.allocate((long) maxRows * rows.recordBytes());
  }

  /** The records of these rows, in this order. */
  public ByteBuffer read(int[] indices) {
    for (int i = 0; i < indices.length; i++) {
      rows.copy(indices[i], records, i);
    }
    return records;
  }

  /** The records of {@code count} rows, from {@code first} on. */
  public ByteBuffer read(int first, int count) {
    for (int i = 0; i < count; i++) {
      rows.copy(first + i, records, i);
    }
    return records;
  }
}
