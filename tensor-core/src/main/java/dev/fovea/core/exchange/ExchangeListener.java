package dev.fovea.core.exchange;

/**
 * Hears how a training goes, one call at a time, on the thread that completed the event: all ranks
 * wait meanwhile. What a method throws ends the training with that exception.
 */
public interface ExchangeListener {
  /** All ranks have said hello. Checks the row counts: nothing has been allotted yet. */
  default void onStart(long rows, long validationRows) {}

  /**
   * After the start of a training that goes on: it has as many rows as it had, but in other shards.
   */
  default void onMovedRows() {}

  /** The ranks of a group are all there, at the start and whenever rows were dealt anew. */
  default void onGroup(Group group) {}

  default void onStep(StepReport report) {}

  default void onEpoch(EpochReport report) {}

  /**
   * The training stands between two steps, after all the other events of the one before, or has
   * ended. The state is a view, for the time of the call.
   */
  default void onState(TrainingState state) {}
}
