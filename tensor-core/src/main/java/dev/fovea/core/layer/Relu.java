package dev.fovea.core.layer;

/**
 * dst = max(0, src), element by element.
 *
 * <p>Shapes: output as input. Learns nothing. The gradient at 0 is 0. Straight after a Conv2d or
 * Dense it costs nothing: the plan lets them apply it as they write.
 *
 * <p>Source: Nair and Hinton, Rectified linear units improve restricted Boltzmann machines (2010).
 */
public record Relu() implements Layer {}
