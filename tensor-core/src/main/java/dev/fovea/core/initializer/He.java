package dev.fovea.core.initializer;

/**
 * Normal with mean 0 and deviation sqrt(2 / fan-in), where fan-in is the number of inputs to one
 * output. Keeps the size of activations through layers with Relu; the default.
 *
 * <p>Source: He et al., Delving deep into rectifiers (2015), equation 10.
 */
public record He() implements Initializer {}
