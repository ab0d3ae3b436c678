package dev.fovea.benchmarks.exchange;

/** A way to average gradients and give out new weights. */
interface Averaging {
  /** Does some steps, of which the first are not counted. */
  StepCost measure(int warm, int steps) throws Exception;
}
