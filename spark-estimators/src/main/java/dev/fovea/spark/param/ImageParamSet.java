package dev.fovea.spark.param;

import java.io.Serializable;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.Params;

/**
 * The params of every stage that reads images. The only place where they are declared; {@link
 * ImageParams} exposes them.
 */
public final class ImageParamSet implements Serializable {
  private static final long serialVersionUID = 1;

  final IntArrayParam inputShape;
  final BooleanParam resize;

  /** Declares the params as those of {@code owner}, whose uid must be known by now. */
  public ImageParamSet(Params owner) {
    inputShape =
        new IntArrayParam(
            owner,
            "inputShape",
            "height, width and channels of one row, each > 0; needed for a Vector column without a"
                + " network (default: the network's, else those of the first image)",
            ParamChecks.imageShape("inputShape"));
    resize =
        new BooleanParam(
            owner,
            "resize",
            "true: images of another size are brought to the network's (bilinear, smoothed where"
                + " they shrink); false: they are bad rows (default: false)");
  }
}
