package dev.fovea.spark.data;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts the bytes that rows take outside the heap: of all replicas and all fits of an executor,
 * which share what the executor has. Thread safe.
 */
public final class RowMemory {
  /** Of this JVM. */
  public static final RowMemory OF_EXECUTOR = new RowMemory();

  private final AtomicLong bytes = new AtomicLong();

  /** True if so many bytes more stay within a limit. */
  boolean hasRoom(long more, long limit) {
    return bytes.get() + more <= limit;
  }

  /** Counts bytes that were allotted or, where {@code change} is negative, freed. */
  void add(long change) {
    bytes.addAndGet(change);
  }
}
