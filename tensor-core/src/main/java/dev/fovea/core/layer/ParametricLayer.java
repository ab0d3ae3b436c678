package dev.fovea.core.layer;

/**
 * A layer that learns: its line takes {@code frozen}, {@code learningRate}, {@code l2} and {@code
 * initializer} too.
 */
public interface ParametricLayer extends Layer {}
