package dev.fovea.core.initializer;

/**
 * Uniform in +-sqrt(6 / (fan-in + fan-out)), the inputs to one output and the outputs fed by one
 * input. Keeps the size of activations and gradients through layers that are nearly linear.
 *
 * <p>Source: Glorot and Bengio, Understanding the difficulty of training deep feedforward neural
 * networks (2010), equation 16.
 */
public record Xavier() implements Initializer {}
