package dev.fovea.core.schedule;

import dev.fovea.core.text.Range;
import dev.fovea.core.text.RecordText;

/**
 * A learning rate that falls at once after every {@code epochs} epochs: {@code factor ^ floor(epoch
 * / epochs)}.
 *
 * @param epochs between two falls, &gt; 0
 * @param factor of one fall, &gt; 0
 */
public record Step(@Range(above = 0) int epochs, @Range(above = 0) double factor)
    implements LearningRateSchedule {

  public Step {
    RecordText.check(Step.class, epochs, factor);
  }

  @Override
  public double factor(double epoch) {
    return Math.pow(factor, Math.floor(epoch / epochs));
  }
}
