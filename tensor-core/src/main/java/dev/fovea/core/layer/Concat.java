package dev.fovea.core.layer;

/**
 * All sources side by side along the channels, the last axis, in the order of {@code from}.
 *
 * <p>Shapes: inputs {@code [N, ..., C1]}, {@code [N, ..., C2]}, ..., equal but for the channels;
 * output {@code [N, ..., C1 + C2 + ...]}. Learns nothing.
 *
 * <p>Use it to join branches. Source: Szegedy et al., Going deeper with convolutions (2015).
 */
public record Concat() implements Layer {}
