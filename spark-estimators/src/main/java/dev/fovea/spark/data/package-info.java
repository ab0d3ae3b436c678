/**
 * From the user's columns to the rows of a step. {@code Columns} checks the schema, {@code
 * TrainingRecords} makes each row the bytes that native reads, on the executors of the user's data.
 *
 * <p>On the executor of a replica the records rest in a {@code RowArena}, once. For every step
 * {@code BatchSampler} says which rows, {@code BatchReader} copies them side by side, and they go
 * on to {@code dev.fovea.core.runtime.Replica}.
 */
package dev.fovea.spark.data;
