/**
 * What training and prediction cost: Fovea alone and in Spark, beside its peers. Prints tables,
 * asserts nothing.
 *
 * <p>Who enters: {@code bin/fovea benchmark}, through {@link dev.fovea.benchmarks.Benchmark#main}.
 */
package dev.fovea.benchmarks;
