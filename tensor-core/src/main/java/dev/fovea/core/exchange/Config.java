package dev.fovea.core.exchange;

import dev.fovea.core.runtime.NetworkDescription.Bucket;
import java.util.Collections;
import java.util.List;

/**
 * Sent by the driver to each rank, as the answer to {@link Hello}: all a rank needs but its rows
 * and the weights. A few KB: the network text, 8 bytes a shard, 24 bytes a bucket, an id and an
 * address a rank.
 *
 * @param networkText the network, for {@code Network.parse}
 * @param seed start of every random draw
 * @param batchSize rows of one step over all ranks
 * @param shareUnit rows that a step takes together from one shard, where it can
 * @param bucketBytes what to open the replica with, so that its buckets are these
 * @param buckets the parts of the flat vector that travel on their own, in the order they are sent
 * @param rowsOfShards training rows of each shard; empty with {@link Directive#STOP}
 * @param shards which rank owns which
 * @param executors where each rank runs; empty with {@link Directive#STOP}
 * @param relays the address, as in {@link Hello#relay}, that each rank sends gradients and
 *     evaluations to, where it does not lead that relay; an empty text for the driver. Empty with
 *     {@link Directive#STOP}
 * @param position where the training stands; with {@link Directive#STOP} there is nothing to do
 */
public record Config(
    String networkText,
    long seed,
    int batchSize,
    int shareUnit,
    long bucketBytes,
    List<Bucket> buckets,
    List<Long> rowsOfShards,
    ShardMap shards,
    List<String> executors,
    List<String> relays,
    Position position) {
  public Config {
    buckets = List.copyOf(buckets);
    rowsOfShards = List.copyOf(rowsOfShards);
    executors = List.copyOf(executors);
    relays = List.copyOf(relays);
  }

  /** The same, where the training stands elsewhere. */
  Config at(Position other) {
    return new Config(
        networkText,
        seed,
        batchSize,
        shareUnit,
        bucketBytes,
        buckets,
        rowsOfShards,
        shards,
        executors,
        relays,
        other);
  }

  /** Number of ranks of the training. */
  public int ranks() {
    return shards.ranks();
  }

  /** Which of its rows a rank takes in which step. */
  public StepShares shares(int rank) {
    return StepShares.of(rowsOfShards, batchSize, shareUnit, shards.first(rank), shards.end(rank));
  }

  /** Ranks that run where {@code rank} does, itself included: they share the cores. */
  public int ranksBeside(int rank) {
    return Collections.frequency(executors, executors.get(rank));
  }
}
