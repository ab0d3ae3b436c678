/**
 * Checkpoints: what is kept of a training on a Hadoop file system, so that another driver can go on
 * with it. {@code SynchronousTrainer} enters with {@code TrainingCheckpoints.open} before its first
 * job, and offers a {@code TrainingState} of {@code dev.fovea.core.exchange} after each step; a
 * {@code CheckpointWriter} thread puts those that are due into a {@code CheckpointDirectory}.
 *
 * <p>A checkpoint is {@code step-0000001234/} with {@code weights.safetensors}, {@code
 * optimizer.safetensors} and {@code training.json}: open formats of {@code dev.fovea.core.format},
 * no Java serialization.
 */
package dev.fovea.spark.checkpoint;
