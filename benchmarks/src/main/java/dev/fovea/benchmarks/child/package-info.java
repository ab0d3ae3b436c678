/**
 * The child's end of a benchmark: one process for each engine, network and number of threads, which
 * works only when it is told to. The engines of peers that run in a JVM use this package too, and
 * nothing else of Fovea; {@code benchmarks/peers/pytorch} has the same in Python.
 *
 * <p>The conversation is lines, on standard input and output:
 *
 * <pre>
 * child                       parent
 * ready Fovea 0.1.0 avx2                             what it is; it has started
 *                             prepare nchw train     builds and warms up
 * ready
 *                             run nchw train 0.4     works for 0.4 seconds
 * rate 1234.5                                        rows a second
 *                             (end of input)         the child ends
 * </pre>
 *
 * <p>Instead of an answer, {@code failed} and a message: the engine cannot do that.
 *
 * <p>Who enters: {@link dev.fovea.benchmarks.child.BlockServer}.
 */
package dev.fovea.benchmarks.child;
