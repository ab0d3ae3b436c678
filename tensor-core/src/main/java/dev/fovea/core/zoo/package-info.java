/**
 * Networks that are known to work, as functions that return a {@code Network}. One enters from an
 * estimator that was given none, and is from then on a network like any other.
 */
package dev.fovea.core.zoo;
