package dev.fovea.core.runtime;

/**
 * How one optimizer pass changes weights.
 *
 * @param optimizer text of the optimizer: {@code Sgd momentum=0.9 nesterov=true}
 * @param step number of the step, from 1
 * @param learningRate of these weights, their own factor included
 * @param l2 adds {@code l2 * weight} to the gradient
 * @param gradientScale 1 / (sum of the row weights of the step): the gradient given holds sums
 */
public record OptimizerPass(
    String optimizer, long step, double learningRate, double l2, double gradientScale) {}
