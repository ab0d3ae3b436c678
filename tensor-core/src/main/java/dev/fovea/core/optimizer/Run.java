package dev.fovea.core.optimizer;

import dev.fovea.core.runtime.NetworkDescription.ParameterInfo;
import java.util.ArrayList;
import java.util.List;

/**
 * Neighbouring parameters that the optimizer treats alike, in one pass: {@code [begin, end)} floats
 * of the flat weights, the padding between them included (its gradient is zero, and nobody reads
 * it).
 *
 * @param settings of any of them
 */
record Run(long begin, long end, ParameterInfo settings) {

  /** The longest runs over the parameters, without those that are frozen. */
  static List<Run> of(List<ParameterInfo> parameters) {
    List<Run> runs = new ArrayList<>();
    ParameterInfo previous = null;
    for (ParameterInfo parameter : parameters) {
      long end = parameter.offset() + parameter.count();
      boolean continues = previous != null && alike(previous, parameter);
      previous = parameter;
      if (parameter.frozen()) {
        continue;
      }
      if (continues) {
        Run last = runs.remove(runs.size() - 1);
        runs.add(new Run(last.begin(), end, last.settings()));
      } else {
        runs.add(new Run(parameter.offset(), end, parameter));
      }
    }
    return List.copyOf(runs);
  }

  private static boolean alike(ParameterInfo a, ParameterInfo b) {
    return a.learningRate() == b.learningRate()
        && a.l2() == b.l2()
        && a.frozen() == b.frozen()
        && a.decay() == b.decay();
  }
}
