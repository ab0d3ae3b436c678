/**
 * The open formats of a saved model: weights as safetensors, everything else as JSON. Streams come
 * from whoever opens files (Spark: any Hadoop file system); {@code WeightsFile} fills or reads the
 * flat weights, which go on to {@code dev.fovea.core.runtime}. No Java serialization.
 */
package dev.fovea.core.format;
