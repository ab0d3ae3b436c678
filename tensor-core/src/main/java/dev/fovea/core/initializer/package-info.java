/**
 * How the weights of a layer start, by name; native draws the numbers from the seed. Chosen per
 * line of a network with {@code initializer=}.
 */
package dev.fovea.core.initializer;
