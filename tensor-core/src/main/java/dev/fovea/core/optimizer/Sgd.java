package dev.fovea.core.optimizer;

import dev.fovea.core.text.AttributeException;
import dev.fovea.core.text.Default;
import dev.fovea.core.text.Range;
import dev.fovea.core.text.RecordText;

/**
 * Stochastic gradient descent with momentum: {@code velocity = momentum * velocity + g; weights -=
 * rate * velocity}, and with Nesterov's look-ahead {@code weights -= rate * (g + momentum *
 * velocity)}, where {@code g} is the mean gradient plus {@code l2 * weights}.
 *
 * <p>Source: Sutskever, Martens, Dahl, Hinton, On the importance of initialization and momentum in
 * deep learning (ICML 2013), section 2, in the form that keeps the learning rate out of the
 * velocity.
 *
 * @param momentum share of the velocity that is kept, &gt;= 0 and &lt; 1; 0 is plain descent
 * @param nesterov looks ahead; needs a momentum
 */
public record Sgd(
    @Default("0.9") @Range(from = 0, below = 1) double momentum, @Default("false") boolean nesterov)
    implements Optimizer {

  public Sgd {
    RecordText.check(Sgd.class, momentum, nesterov);
    if (nesterov && momentum == 0) {
      throw new AttributeException(Sgd.class, "nesterov", "false without momentum", "true");
    }
  }

  /** Without Nesterov's look-ahead. */
  public Sgd(double momentum) {
    this(momentum, false);
  }

  @Override
  public int stateSlots() {
    return momentum > 0 ? 1 : 0;
  }
}
