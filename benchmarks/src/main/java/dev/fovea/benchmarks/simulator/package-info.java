/**
 * What a step costs with many executors, in virtual time: ranks, links and processors are events,
 * the endpoint that they talk to is {@link dev.fovea.core.exchange.DriverEndpoint} itself, with few
 * floats that stand for many. Who waits for whom is its decision.
 *
 * <p>Who enters: {@link dev.fovea.benchmarks.Benchmark}, through {@link
 * dev.fovea.benchmarks.simulator.Simulation}; the costs of bytes come from {@link
 * dev.fovea.benchmarks.simulator.Calibration}.
 */
package dev.fovea.benchmarks.simulator;
