package dev.fovea.core.exchange;

import java.util.List;

/**
 * How many rows a training has, which its first group tells, and every other must have again.
 * Guarded by the endpoint's lock.
 */
final class TrainingRows {
  private List<Long> ofShards = List.of(); // empty until the first group is complete
  private long training;
  private long validation;
  private List<Long> resumed = List.of(); // of shards; empty: begun anew

  /**
   * The training rows, of each shard, of the checkpoint that the training goes on from; none where
   * it did not know.
   */
  void resume(List<Long> rowsOfShards) {
    resumed = rowsOfShards;
  }

  /** Training rows of each shard; empty before the first group. */
  List<Long> ofShards() {
    return ofShards;
  }

  /** True where a training goes on with as many rows as it had, dealt to other shards. */
  boolean areMoved() {
    return !resumed.isEmpty() && !resumed.equals(ofShards);
  }

  long training() {
    return training;
  }

  long validation() {
    return validation;
  }

  /**
   * Takes the rows of a group that is complete.
   *
   * @return true for the first group
   * @throws IllegalArgumentException if they are not those of the groups before it, or of the
   *     checkpoint
   */
  boolean add(Rendezvous group) {
    List<Long> rows = group.rowsOfShards();
    long sum = sum(rows);
    boolean isFirst = ofShards.isEmpty();
    if (isFirst) {
      ofShards = rows;
      training = sum;
      validation = group.validationRows();
      requireResumed();
    } else if (!rows.equals(ofShards) || group.validationRows() != validation) {
      throw new IllegalArgumentException(
          "Group %d: expected the %d training and %d validation rows of the first group. Received: %d and %d, or others. Give fit a DataFrame that is the same each time it is computed, or persist it."
              .formatted(group.group(), training, validation, sum, group.validationRows()));
    }
    return isFirst;
  }

  private void requireResumed() {
    if (!resumed.isEmpty() && sum(resumed) != training) {
      throw new IllegalArgumentException(
          "Training: expected the %d training rows of the checkpoint. Received: %d. Give fit the DataFrame that the training began with, or leave resumeFrom out."
              .formatted(sum(resumed), training));
    }
  }

  private static long sum(List<Long> rows) {
    return rows.stream().mapToLong(Long::longValue).sum();
  }
}
