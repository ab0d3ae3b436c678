package dev.fovea.core.exchange;

/**
 * Sent by a rank after {@link Config}, once for each bucket; answered at once by a {@link
 * WeightsPart} with the weights that the step of its position starts from. A few bytes.
 */
public record WeightsRequest(int group, int rank, int bucket) {}
