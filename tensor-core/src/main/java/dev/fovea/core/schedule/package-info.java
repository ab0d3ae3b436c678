/**
 * How the learning rate changes as training goes on. The driver asks once per step and multiplies
 * the answer into {@code stepSize}; the product goes to {@code dev.fovea.core.optimizer}.
 */
package dev.fovea.core.schedule;
