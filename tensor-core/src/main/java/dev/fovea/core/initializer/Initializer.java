package dev.fovea.core.initializer;

import dev.fovea.core.text.UnexpectedValueException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How the weights of a layer start; biases start at 0 and scales at 1. Every number is a pure
 * function of the seed, the parameter and its place: the same on any machine.
 */
public interface Initializer {

  /** The name in network text, for example {@code He}. */
  default String text() {
    return getClass().getSimpleName();
  }

  /**
   * Reads {@link #text()}.
   *
   * @throws UnexpectedValueException for an unknown name
   */
  static Initializer parse(String text) {
    List<Initializer> known = List.of(new He(), new Xavier());
    for (Initializer initializer : known) {
      if (initializer.text().equals(text)) {
        return initializer;
      }
    }
    String names = known.stream().map(Initializer::text).collect(Collectors.joining(", "));
    throw new UnexpectedValueException("one of " + names, "'" + text + "'");
  }
}
