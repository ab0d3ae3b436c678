/**
 * The only room that talks to native code: it loads the library, owns the handles and runs the
 * lanes. A network arrives here as text; what native made of it is a {@code NetworkDescription}.
 *
 * <p>A task enters through {@code Replica} (training, evaluation) or {@code Predictor}. The records
 * of a step go from here into native, part by part; the gradient comes back bucket by bucket and
 * goes on to {@code dev.fovea.core.exchange}.
 */
package dev.fovea.core.runtime;
