/**
 * One step of all replicas, as messages between the ranks and the driver. A rank is one replica of
 * a fit; it enters through a {@code GradientExchange}, its client side. The driver enters through
 * {@code DriverEndpoint}, which owns the weights and knows no transport: whoever carries the
 * messages calls it. In a tree, {@code RelayEndpoint}s add the gradients of some ranks each before
 * the driver adds theirs.
 *
 * <p>The batch comes here as gradient buckets from {@code dev.fovea.core.runtime} and goes on to
 * {@code dev.fovea.core.optimizer}; new weights go back as the answers that the ranks wait for.
 */
package dev.fovea.core.exchange;
