/**
 * The parent's end of a benchmark: the engines that are compared, the processes that do their work,
 * and the turns they take. One engine works at a time, in short blocks, so that what else the
 * machine does meets all of them alike.
 *
 * <p>Who enters: {@link dev.fovea.benchmarks.engine.Comparison}.
 */
package dev.fovea.benchmarks.engine;
