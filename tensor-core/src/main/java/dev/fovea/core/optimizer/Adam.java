package dev.fovea.core.optimizer;

import dev.fovea.core.text.Default;
import dev.fovea.core.text.Range;
import dev.fovea.core.text.RecordText;

/**
 * Adam: a step by the running mean of the gradient over the root of its running square, both
 * corrected for their start at zero.
 *
 * <p>Source: Kingma and Ba, Adam: A method for stochastic optimization (ICLR 2015), algorithm 1.
 *
 * @param beta1 decay of the running mean, &gt;= 0 and &lt; 1
 * @param beta2 decay of the running square, &gt;= 0 and &lt; 1
 * @param epsilon added to the root, &gt; 0
 */
public record Adam(
    @Default("0.9") @Range(from = 0, below = 1) double beta1,
    @Default("0.999") @Range(from = 0, below = 1) double beta2,
    @Default("1e-08") @Range(above = 0) double epsilon)
    implements Optimizer {

  public Adam {
    RecordText.check(Adam.class, beta1, beta2, epsilon);
  }

  /** With the constants of the paper. */
  public Adam() {
    this(0.9, 0.999, 1e-8);
  }

  @Override
  public int stateSlots() {
    return 2;
  }
}
