package dev.fovea.spark.data;

import java.nio.file.Path;
import java.util.List;

/**
 * The records of one replica, read once and kept outside the Java heap for the whole training, or
 * in mapped files where memory is short. Training and validation rows are apart, each in the order
 * of their {@link RowKey}s, whatever the order of their arrival.
 *
 * <p>Owns memory and files until {@link #close}, which may be called again. Filled by one thread;
 * once sealed, any number of threads may read.
 */
public final class RowArena implements AutoCloseable {
  private final int recordBytes;
  private final BlockStore store;
  private final RecordSection training;
  private final RecordSection validation;

  /**
   * @param recordBytes bytes of every record, &gt; 0
   * @param memory what this arena and others hold outside the heap
   * @param memoryBytes once {@code memory} has this many, records go to files
   * @param directories for the files, used in turn
   */
  public RowArena(int recordBytes, RowMemory memory, long memoryBytes, List<Path> directories) {
    this.recordBytes = recordBytes;
    this.store = new BlockStore(memory, memoryBytes, directories);
    this.training = new RecordSection(recordBytes, store);
    this.validation = new RecordSection(recordBytes, store);
  }

  /** Copies one record. */
  public void add(long key, byte[] record) {
    if (record.length != recordBytes) {
      throw new IllegalStateException(
          "Row of key %d: expected a record of %d bytes. Received: %d."
              .formatted(key, recordBytes, record.length));
    }
    (RowKey.isValidation(key) ? validation : training).add(RowKey.order(key), record);
  }

  /** All records are in; sorts them by key. */
  public void seal() {
    training.seal();
    validation.seal();
  }

  public RecordSection training() {
    return training;
  }

  public RecordSection validation() {
    return validation;
  }

  /** Bytes of the records in memory, room for more included. */
  public long memoryBytes() {
    return store.memoryBytes();
  }

  /** Bytes of the records in files. */
  public long fileBytes() {
    return store.fileBytes();
  }

  @Override
  public void close() {
    training.clear();
    validation.clear();
    store.close();
  }
}
