package dev.fovea.core.layer;

/**
 * Each row as one line of numbers, in the order they lie in memory: height, width, channel.
 *
 * <p>Shapes: input {@code [N, ...]}; output {@code [N, size]}. Learns nothing and costs nothing: a
 * view. Dense flattens by itself.
 */
public record Flatten() implements Layer {}
