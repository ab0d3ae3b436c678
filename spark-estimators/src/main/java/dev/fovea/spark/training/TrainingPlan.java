package dev.fovea.spark.training;

import dev.fovea.spark.checkpoint.CheckpointPlan;
import dev.fovea.spark.checkpoint.TrainingSettings;

/**
 * Everything a training needs but its rows. Immutable; the values have been checked by the params
 * they come from.
 *
 * @param network network text
 * @param optimizer text of the optimizer: {@code Adam beta1=0.9 beta2=0.999 epsilon=1e-08}
 * @param stepSize learning rate before the schedule, &gt; 0
 * @param schedule text of the schedule: {@code Constant}
 * @param batchSize rows of one step over all replicas, &gt; 0
 * @param maxEpochs passes over the training rows, &gt; 0
 * @param seed start of every random draw: first weights, row order, dropout
 * @param lanes threads of a replica; 0 for one for each core
 * @param bucketBytes least size of a gradient bucket, &gt; 0; on a local master there is one bucket
 * @param cacheBytes rows of one executor that are kept in memory, in bytes; the others go to mapped
 *     files. 0 for what {@link CacheBudget} says
 * @param initialWeights the flat weights to start from; null to draw them from the seed. Not copied
 * @param checkpoints where the training begins, and what is kept of it
 * @param cluster how it spreads over executors
 */
@SuppressWarnings("ArrayRecordComponent") // Plans are not compared; a copy would double the memory.
public record TrainingPlan(
    String network,
    String optimizer,
    double stepSize,
    String schedule,
    int batchSize,
    int maxEpochs,
    long seed,
    int lanes,
    long bucketBytes,
    long cacheBytes,
    float[] initialWeights,
    CheckpointPlan checkpoints,
    ClusterPlan cluster) {
  /** Large enough for the exchange, small enough to overlap it with the backward pass. */
  public static final long DEFAULT_BUCKET_BYTES = 1 << 20;

  /** A plan with one lane a core, buckets of 1 MB, and first weights drawn from the seed. */
  public TrainingPlan(
      String network,
      String optimizer,
      double stepSize,
      String schedule,
      int batchSize,
      int maxEpochs,
      long seed) {
    this(
        network,
        optimizer,
        stepSize,
        schedule,
        batchSize,
        maxEpochs,
        seed,
        0,
        DEFAULT_BUCKET_BYTES,
        0,
        null);
  }

  /** A plan without checkpoints, for whatever executors there are. */
  public TrainingPlan(
      String network,
      String optimizer,
      double stepSize,
      String schedule,
      int batchSize,
      int maxEpochs,
      long seed,
      int lanes,
      long bucketBytes,
      long cacheBytes,
      float[] initialWeights) {
    this(
        network,
        optimizer,
        stepSize,
        schedule,
        batchSize,
        maxEpochs,
        seed,
        lanes,
        bucketBytes,
        cacheBytes,
        initialWeights,
        CheckpointPlan.NONE,
        ClusterPlan.DEFAULT);
  }

  /** This plan with other checkpoints. */
  public TrainingPlan with(CheckpointPlan other) {
    return with(other, cluster);
  }

  /** This plan on another cluster. */
  public TrainingPlan with(ClusterPlan other) {
    return with(checkpoints, other);
  }

  /** What a checkpoint of this training has to tell. */
  public TrainingSettings settings() {
    return new TrainingSettings(network, optimizer, seed, batchSize);
  }

  private TrainingPlan with(CheckpointPlan otherCheckpoints, ClusterPlan otherCluster) {
    return new TrainingPlan(
        network,
        optimizer,
        stepSize,
        schedule,
        batchSize,
        maxEpochs,
        seed,
        lanes,
        bucketBytes,
        cacheBytes,
        initialWeights,
        otherCheckpoints,
        otherCluster);
  }
}
