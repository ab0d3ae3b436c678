/**
 * The networks that are measured, and Fovea's own work on them without Spark: training steps and
 * predictions on random rows in memory.
 *
 * <p>Who enters: the child process of Fovea and the Spark table.
 */
package dev.fovea.benchmarks.core;
