package dev.fovea.core.runtime;

import java.util.Locale;

/** What a network is opened for; decides the fields of a record and the memory of the plan. */
public enum Mode {
  /** Forward, losses and backward. */
  TRAIN,
  /** Forward and losses; dropout passes, batch norm uses its running statistics. */
  EVALUATE,
  /** Forward to the named outputs; targets, losses and row weights are not read. */
  PREDICT;

  /** The word native uses. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Mode of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }
}
