package dev.fovea.core.schedule;

import dev.fovea.core.text.RecordText;
import java.util.Map;

/** A factor on the learning rate as a function of time: a record, written as text like a layer. */
public interface LearningRateSchedule {
  /**
   * The factor at a point of the training.
   *
   * @param epoch passes over the training rows so far, fractions included, &gt;= 0
   */
  double factor(double epoch);

  /** {@code Step epochs=10 factor=0.1}: the type and every attribute. */
  default String text() {
    return RecordText.print((Record) this);
  }

  /** Every schedule by name. */
  static Map<String, Class<? extends LearningRateSchedule>> types() {
    return Map.of("Constant", Constant.class, "Step", Step.class);
  }

  /**
   * Reads {@code Type key=value ...}; attributes left out take their defaults.
   *
   * @throws IllegalArgumentException saying what was expected and received
   */
  static LearningRateSchedule parse(String text) {
    return RecordText.parse(text, types(), "Schedule");
  }
}
