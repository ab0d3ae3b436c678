package dev.fovea.spark.data;

import dev.fovea.core.exchange.ShardMap;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Records of equal size in blocks of 64 MB, numbered in the order of their ids. A part of a {@link
 * RowArena}, which says how it may be used; costs 4 bytes a row besides the record, and 16 while it
 * is being filled.
 */
public final class RecordSection {
  private static final long BLOCK_BYTES = 64L << 20;
  private static final int FIRST_RECORDS = 64;

  private final int recordBytes;
  private final BlockStore store;
  private final int recordsPerBlock;
  private final List<ByteBuffer> blocks = new ArrayList<>();
  private ByteBuffer filling; // null before the first record and once sealed
  private long[] keys = new long[FIRST_RECORDS];
  private final long[] rowsOfShards = new long[ShardMap.SHARDS];
  private int count;
  private int[] places; // of row i, in order of arrival; null where that is the order of the keys

  RecordSection(int recordBytes, BlockStore store) {
    this.recordBytes = recordBytes;
    this.store = store;
    this.recordsPerBlock = (int) Math.max(1, BLOCK_BYTES / recordBytes);
  }

  /** Number of records. */
  public int count() {
    return count;
  }

  /** Number of records of each shard, in the order of the shards. */
  public List<Long> rowsOfShards() {
    return Arrays.stream(rowsOfShards).boxed().toList();
  }

  /** Bytes of one record. */
  public int recordBytes() {
    return recordBytes;
  }

  /** Copies record {@code row} to place {@code at} of {@code dst}, counted in records. */
  public void copy(int row, ByteBuffer dst, int at) {
    int place = places == null ? row : places[row];
    int offset = place % recordsPerBlock * recordBytes;
    dst.put(at * recordBytes, blocks.get(place / recordsPerBlock), offset, recordBytes);
  }

  void add(long key, byte[] record) {
    if (filling == null) {
      filling = store.allocate(Math.min(FIRST_RECORDS, recordsPerBlock) * recordBytes);
    } else if (!filling.hasRemaining()) {
      makeRoom();
    }
    if (count == keys.length) {
      keys = Arrays.copyOf(keys, Math.multiplyExact(count, 2));
    }
    keys[count++] = key;
    rowsOfShards[RowKey.shard(key)]++;
    filling.put(record);
  }

  void seal() {
    if (filling != null) {
      blocks.add(filling);
      filling = null;
    }
    sort();
    keys = null;
  }

  /** Forgets all records: their memory is about to be freed. */
  void clear() {
    blocks.clear();
    filling = null;
    count = 0;
  }

  /** The first block grows as it fills, so that little data takes little memory. */
  private void makeRoom() {
    int full = recordsPerBlock * recordBytes;
    if (filling.capacity() < full) {
      ByteBuffer larger = store.allocate((int) Math.min(full, 4L * filling.capacity()));
      larger.put(filling.flip());
      store.free(filling);
      filling = larger;
    } else if (store.hasRoom(full)) {
      blocks.add(filling);
      filling = store.allocate(full);
    } else {
      blocks.add(store.write(filling.clear()));
      filling.clear();
    }
  }

  private void sort() {
    long[] sorted = Arrays.copyOf(keys, count);
    Arrays.sort(sorted);
    for (int i = 1; i < count; i++) {
      if (sorted[i] == sorted[i - 1]) {
        throw new IllegalStateException(
            "Rows: expected a key of its own for each. Received: %d twice.".formatted(sorted[i]));
      }
    }
    if (!Arrays.equals(sorted, 0, count, keys, 0, count)) {
      places = new int[count];
      for (int place = 0; place < count; place++) {
        places[Arrays.binarySearch(sorted, keys[place])] = place;
      }
    }
  }
}
