/**
 * The training loop. {@code SynchronousTrainer.train}, on the driver, takes encoded records and a
 * {@code TrainingPlan}, submits one Spark job and returns weights and a history; {@code
 * ReplicaTask.call}, on an executor, keeps its records in a {@code RowArena} and steps until the
 * driver says stop. In a tree, {@code TaskRelay} opens the relay of a leader and connects the
 * others to it.
 *
 * <p>The batch comes from {@code dev.fovea.spark.data}, goes through {@code
 * dev.fovea.core.runtime.Replica}, and leaves as gradient through {@code dev.fovea.core.exchange}.
 */
package dev.fovea.spark.training;
