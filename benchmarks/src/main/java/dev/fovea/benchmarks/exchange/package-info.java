/**
 * What it costs to average gradients over executors, step by step: the job a step that Spark's own
 * means give, Fovea's exchange, and sockets that do nothing else. They take turns on one {@code
 * local-cluster}, whose executors are processes of their own.
 *
 * <p>Who enters: {@link dev.fovea.benchmarks.exchange.ExchangeRates}.
 */
package dev.fovea.benchmarks.exchange;
