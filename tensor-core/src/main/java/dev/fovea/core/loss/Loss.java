package dev.fovea.core.loss;

import dev.fovea.core.layer.Layer;

/**
 * A layer whose output is one number per row, to be made small. Its first source is the output that
 * is judged; the second is the target.
 */
public interface Loss extends Layer {

  /** Factor of this loss in the loss of the network. */
  double weight();
}
