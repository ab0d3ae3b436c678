package dev.fovea.core.network;

import dev.fovea.core.initializer.He;
import dev.fovea.core.initializer.Initializer;
import dev.fovea.core.layer.Precision;
import dev.fovea.core.text.Default;
import dev.fovea.core.text.Range;
import dev.fovea.core.text.RecordText;

/**
 * The attributes that every line whose layer has parameters takes, whatever its type.
 *
 * @param frozen true where the optimizer leaves the parameters alone
 * @param learningRate factor of the learning rate, >= 0
 * @param l2 adds l2 * weight to the gradient of each weight, >= 0; not to biases and scales
 * @param initializer how the weights start
 * @param precision what the layer multiplies; BatchNorm has no products and stays float32
 */
public record ParameterSettings(
    @Default("false") boolean frozen,
    @Default("1") @Range(from = 0) double learningRate,
    @Default("0") @Range(from = 0) double l2,
    @Default("He") Initializer initializer,
    @Default("float32") Precision precision) {

  public static final ParameterSettings DEFAULT =
      new ParameterSettings(false, 1, 0, new He(), Precision.FLOAT32);

  public ParameterSettings {
    RecordText.check(ParameterSettings.class, frozen, learningRate, l2, initializer, precision);
  }

  /** These settings with another precision. */
  public ParameterSettings with(Precision other) {
    return new ParameterSettings(frozen, learningRate, l2, initializer, other);
  }
}
