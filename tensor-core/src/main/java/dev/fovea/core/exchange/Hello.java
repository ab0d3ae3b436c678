package dev.fovea.core.exchange;

import java.util.List;

/**
 * Sent once by each attempt of a rank, when its rows are read; answered by a {@link Config} when
 * all ranks have said it, or at once in a group that has begun. Under 2 KB.
 *
 * @param fit name of the training, drawn at random
 * @param group number of the group, from 0: the ranks that run together
 * @param rank 0 to ranks - 1
 * @param attempt no other attempt of this rank's in the training has the same
 * @param executor where the rank runs, for the log
 * @param rowsOfShards training rows of each shard that this rank owns, in the order of the shards;
 *     equal in every attempt
 * @param validationRows rows it owns that are only evaluated
 * @param cpu instruction set its native library uses, for the log
 * @param libraryVersion version of its native library, which must be the driver's
 * @param relay where the rank has opened a relay for others, as its transport writes an address;
 *     empty where it leads none
 */
public record Hello(
    String fit,
    int group,
    int rank,
    long attempt,
    String executor,
    List<Long> rowsOfShards,
    long validationRows,
    String cpu,
    String libraryVersion,
    String relay) {
  public Hello {
    rowsOfShards = List.copyOf(rowsOfShards);
  }

  /** Of a rank that leads no relay. */
  public Hello(
      String fit,
      int group,
      int rank,
      long attempt,
      String executor,
      List<Long> rowsOfShards,
      long validationRows,
      String cpu,
      String libraryVersion) {
    this(
        fit, group, rank, attempt, executor, rowsOfShards, validationRows, cpu, libraryVersion, "");
  }

  /** The same, of a rank that has opened a relay there. */
  public Hello at(String address) {
    return new Hello(
        fit,
        group,
        rank,
        attempt,
        executor,
        rowsOfShards,
        validationRows,
        cpu,
        libraryVersion,
        address);
  }

  /** Training rows of the rank. */
  public long rows() {
    return rowsOfShards.stream().mapToLong(Long::longValue).sum();
  }
}
