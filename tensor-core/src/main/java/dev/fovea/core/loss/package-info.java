/**
 * Layers that give one number per row to be made small. The loss of a network is the weighted sum
 * of its loss layers; its sum over rows travels with the gradient, and its mean is reported.
 */
package dev.fovea.core.loss;
