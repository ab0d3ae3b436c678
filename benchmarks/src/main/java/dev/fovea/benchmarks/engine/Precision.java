package dev.fovea.benchmarks.engine;

import java.util.Locale;

/** The numbers that an engine multiplies. */
public enum Precision {
  FLOAT32,
  BFLOAT16;

  /** As options and tables call it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
