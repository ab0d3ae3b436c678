/**
 * What training and prediction cost: the bare core beside what Spark makes of it. Prints tables,
 * asserts nothing.
 *
 * <p>Who enters: {@code bin/fovea benchmark}, through {@link
 * dev.fovea.benchmarks.TrainingBenchmark#main}.
 */
package dev.fovea.benchmarks;
