package dev.fovea.core.optimizer;

import dev.fovea.core.text.RecordText;
import java.util.Map;

/** The settings of an optimizer: a record with the name and the attributes it has in native. */
public interface Optimizer {
  /** {@code Sgd momentum=0.9 nesterov=false}: the type and every attribute. */
  default String text() {
    return RecordText.print((Record) this);
  }

  /** Floats it remembers for each weight. */
  int stateSlots();

  /** Every optimizer by name. */
  static Map<String, Class<? extends Optimizer>> types() {
    return Map.of("Adam", Adam.class, "Sgd", Sgd.class);
  }

  /**
   * Reads {@code Type key=value ...}; attributes left out take their defaults.
   *
   * @throws IllegalArgumentException saying what was expected and received
   */
  static Optimizer parse(String text) {
    return RecordText.parse(text, types(), "Optimizer");
  }
}
