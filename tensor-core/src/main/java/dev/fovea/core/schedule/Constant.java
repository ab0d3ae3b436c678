package dev.fovea.core.schedule;

/** The same learning rate throughout. */
public record Constant() implements LearningRateSchedule {
  @Override
  public double factor(double epoch) {
    return 1;
  }
}
