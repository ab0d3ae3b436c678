/**
 * The exchange over a network, on Spark's own transport. {@code ExchangeServer}, on the driver,
 * hands the messages of ranks to an {@code Endpoint} and sends its answers back; {@code
 * RemoteEndpoint}, in a task, is that endpoint from afar. In a tree, leaders have a server for
 * their relay. {@code ExchangeAddress} travels with the task and says where the server is.
 *
 * <p>The batch passes as gradient, from {@code dev.fovea.spark.training} to {@code
 * dev.fovea.core.exchange}, in the bytes of {@code dev.fovea.core.exchange.wire}.
 *
 * <p>Every peer is authenticated before a byte of its messages is looked at: with the secret of
 * Spark where {@code spark.authenticate} is on, else with one that is drawn for the fit and travels
 * with its tasks. The latter keeps strangers out, not eavesdroppers: what travels is encrypted
 * where Spark encrypts its own messages, and only there.
 */
package dev.fovea.spark.transport;
