package dev.fovea.core.exchange;

import java.util.List;

/**
 * The ranks that run together until one of them is gone for good or others join.
 *
 * @param number counts the groups of a training, from 0
 * @param executors where each rank runs, in rank order
 * @param rowsOfRanks training rows of each rank, in rank order
 * @param relays which of the ranks speak for others
 * @param position where the training stands as the group begins
 */
public record Group(
    int number,
    List<String> executors,
    List<Long> rowsOfRanks,
    RelayMap relays,
    Position position) {
  public Group {
    executors = List.copyOf(executors);
    rowsOfRanks = List.copyOf(rowsOfRanks);
  }

  public int ranks() {
    return executors.size();
  }
}
