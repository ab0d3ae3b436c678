package dev.fovea.spark.param;

import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.Params;

/** Access to the params that {@link ImageParamSet} declares. */
public interface ImageParams extends Params {
  /** The declarations; one set per stage. */
  ImageParamSet imageParamSet();

  /** Sets the defaults; called once, by the constructor of the stage. */
  default void setImageDefaults() {
    setDefault(resize(), false);
  }

  default IntArrayParam inputShape() {
    return imageParamSet().inputShape;
  }

  /** Height, width, channels. */
  default int[] getInputShape() {
    return getOrDefault(inputShape());
  }

  default BooleanParam resize() {
    return imageParamSet().resize;
  }

  default boolean getResize() {
    return (boolean) getOrDefault(resize());
  }
}
