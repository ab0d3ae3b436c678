package dev.fovea.core.loss;

import dev.fovea.core.text.Default;
import dev.fovea.core.text.Range;
import dev.fovea.core.text.RecordText;

/**
 * How surprised the network is by the true class k of a row: loss = log(sum over j of
 * exp(logit[j])) - logit[k]. Probabilities are softmax(logits).
 *
 * <p>Shapes: inputs logits {@code [N, C]} and target {@code [N, 1]}, the class from 0 to C - 1;
 * output {@code [N, 1]}. Learns nothing. Also counts the rows whose largest logit is the true
 * class.
 *
 * <p>Source: Bridle, Probabilistic interpretation of feedforward classification network outputs
 * (1990).
 *
 * @param weight factor of this loss in the loss of the network, > 0
 */
public record SoftmaxCrossEntropy(@Default("1") @Range(above = 0) double weight) implements Loss {

  /**
   * Checks the attributes.
   *
   * @throws IllegalArgumentException if {@code weight} is not positive
   */
  public SoftmaxCrossEntropy {
    RecordText.check(SoftmaxCrossEntropy.class, weight);
  }

  public SoftmaxCrossEntropy() {
    this(1);
  }
}
