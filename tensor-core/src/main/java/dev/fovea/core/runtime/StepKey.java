package dev.fovea.core.runtime;

/**
 * Names every random draw of a replica's share of a step: equal keys give equal draws on any lane,
 * replica or machine.
 *
 * @param step number of the step in the whole training, from 0
 * @param firstRow index, among the rows of the step over all replicas, of the replica's first row
 */
public record StepKey(long seed, long step, long firstRow) {
  /** For calls that draw nothing at random. */
  static final StepKey NONE = new StepKey(0, 0, 0);
}
