package dev.fovea.benchmarks.exchange;

/**
 * What a step costs.
 *
 * @param millis from the end of the step before to its own end, on the driver's clock: the median
 * @param driverCpuMillis of all threads of the driver's process, the mean
 * @param executorCpuMillis of the executors' processes, together, the mean
 */
public record StepCost(double millis, double driverCpuMillis, double executorCpuMillis) {}
