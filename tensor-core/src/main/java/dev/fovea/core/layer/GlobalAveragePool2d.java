package dev.fovea.core.layer;

/**
 * The mean of each channel over the whole image.
 *
 * <p>Shapes: input {@code [N, H, W, C]}; output {@code [N, C]}. Learns nothing.
 *
 * <p>Use it before the last Dense layer: the network then takes images of any size and has far
 * fewer weights. Source: Lin et al., Network in network (2014), section 3.2.
 */
public record GlobalAveragePool2d() implements Layer {}
