/**
 * How a gradient becomes new weights. An {@code Optimizer} is a record of settings, written as text
 * like a layer; {@code OptimizerState} holds what it remembers from step to step and runs it
 * natively; {@code OptimizerMemory} is what is left of it in a checkpoint. The driver enters here
 * with the sum of all replicas' gradients; the weights go back to the replicas.
 */
package dev.fovea.core.optimizer;
