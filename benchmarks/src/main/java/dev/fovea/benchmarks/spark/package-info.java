/**
 * What Spark adds: {@code fit} and {@code transform} on a cached DataFrame, in the JVM in which the
 * bare core is measured, in turns; on executors, one and more of them.
 *
 * <p>Who enters: {@link dev.fovea.benchmarks.spark.SparkRates}.
 */
package dev.fovea.benchmarks.spark;
