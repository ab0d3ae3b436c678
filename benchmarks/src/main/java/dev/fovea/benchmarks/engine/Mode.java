package dev.fovea.benchmarks.engine;

import java.util.Locale;

/** What is measured of a network. */
public enum Mode {
  /** Whole steps: forward, loss, backward, optimizer. */
  TRAIN,
  /** The logits. */
  INFER;

  /** As children and tables call it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
