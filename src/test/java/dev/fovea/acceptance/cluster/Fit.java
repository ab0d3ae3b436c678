package dev.fovea.acceptance.cluster;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A fit that a test asks a {@link TrainingProgram} for.
 *
 * @param name of its job group and its file of weights
 * @param rows images to train on; every sixth is only evaluated
 * @param params of the CnnClassifier, by name
 */
record Fit(String name, int rows, Map<String, Object> params) {
  static final int STEPS_PER_EPOCH = 10;
  private static final int BATCH = 96;
  private static final int ROWS = BATCH * STEPS_PER_EPOCH * 6 / 5;

  /** Some seconds at most, of {@link #STEPS_PER_EPOCH} steps an epoch. */
  static Fit of(String name, String network, int epochs) {
    Map<String, Object> params = new LinkedHashMap<>();
    params.put("network", network);
    params.put("batchSize", BATCH);
    params.put("maxEpochs", epochs);
    params.put("optimizer", "Sgd momentum=0.9");
    params.put("stepSize", 0.01);
    return new Fit(name, ROWS, params);
  }

  /** The same with another name, for another run of it. */
  Fit named(String other) {
    return new Fit(other, rows, params);
  }

  Fit with(String param, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(params);
    more.put(param, value);
    return new Fit(name, rows, more);
  }
}
