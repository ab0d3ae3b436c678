package dev.fovea.core.exchange;

import dev.fovea.core.runtime.NetworkDescription.Bucket;
import java.util.List;

/**
 * Sent by the driver to each rank, as the answer to {@link Hello}: all a rank needs but its rows
 * and the weights. A few KB: the network text, 8 bytes a rank, 24 bytes a bucket.
 *
 * @param networkText the network, for {@code Network.parse}
 * @param seed start of every random draw
 * @param batchSize rows of one step over all ranks
 * @param bucketBytes what to open the replica with, so that its buckets are these
 * @param buckets the parts of the flat vector that travel on their own, in the order they are sent
 * @param rowsOfRanks training rows of each rank, in rank order
 * @param position where the training stands; with {@link Directive#STOP} there is nothing to do
 */
public record Config(
    String networkText,
    long seed,
    int batchSize,
    long bucketBytes,
    List<Bucket> buckets,
    List<Long> rowsOfRanks,
    Position position) {
  public Config {
    buckets = List.copyOf(buckets);
    rowsOfRanks = List.copyOf(rowsOfRanks);
  }

  /** Number of ranks of the training. */
  public int ranks() {
    return rowsOfRanks.size();
  }

  /** Which of its rows a rank takes in which step. */
  public StepShares shares(int rank) {
    return StepShares.of(rowsOfRanks, batchSize, rank);
  }
}
