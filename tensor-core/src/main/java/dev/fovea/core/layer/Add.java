package dev.fovea.core.layer;

/**
 * The sum of all sources, element by element: {@code from=pool1,skip1}.
 *
 * <p>Shapes: inputs of one shape, two or more; output the same. Learns nothing.
 *
 * <p>Use it to close a shortcut. Source: He et al., Deep residual learning for image recognition
 * (2016), equation 1.
 */
public record Add() implements Layer {}
