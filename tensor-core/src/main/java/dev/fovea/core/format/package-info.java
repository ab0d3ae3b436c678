/**
 * The open formats of a saved model and of a checkpoint: flat vectors as safetensors, everything
 * else as JSON. Streams come from whoever opens files (Spark: any Hadoop file system); {@code
 * WeightsFile} fills or reads the flat weights, which go on to {@code dev.fovea.core.runtime},
 * {@code SlotsFile} the memory of an optimizer. No Java serialization.
 */
package dev.fovea.core.format;
