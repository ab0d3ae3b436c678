/**
 * Memory that Java owns and native computes on: shapes, the flat vector of weights, the flat sum of
 * gradients. The batch's numbers live here between {@code runtime}, {@code exchange} and {@code
 * optimizer}. Knows only {@code text}.
 */
package dev.fovea.core.tensor;
