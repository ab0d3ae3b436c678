package dev.fovea.spark.param;

import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.shared.HasWeightCol;

/**
 * Access to the params that {@link NetworkParamSet} declares. Spark finds params by their public
 * accessors without arguments; setters live in the stages, so that they return the stage.
 *
 * <p>Of Spark's shared traits it has {@link HasWeightCol} alone, by which OneVsRest knows the
 * stages that it may give weights to.
 */
public interface NetworkParams extends HasWeightCol {
  /** The declarations; one set per stage. */
  NetworkParamSet networkParamSet();

  /** Sets the defaults; called once, by the constructor of the stage. */
  default void setNetworkDefaults() {
    setDefault(batchSize(), 128);
    setDefault(maxEpochs(), 10);
    setDefault(optimizer(), "Adam");
    setDefault(stepSize(), 0.001);
    setDefault(schedule(), "Constant");
    setDefault(seed(), 42L);
    setDefault(handleInvalid(), "error");
    setDefault(inferenceBatchSize(), 64);
    setDefault(checkpointInterval(), "10 minutes");
    setDefault(checkpointsKept(), 3);
    setDefault(maxRestarts(), 3);
    setDefault(rendezvousTimeout(), 60);
    setDefault(gradientCompression(), "none");
    setDefault(topology(), "auto");
    setDefault(rebalance(), false);
  }

  default Param<String> network() {
    return networkParamSet().network;
  }

  /** The network text that was set. Not set: the stage makes a network from its input. */
  default String getNetwork() {
    return getOrDefault(network());
  }

  default Param<String> precision() {
    return networkParamSet().precision;
  }

  /** What the layers multiply. Not set: as the network says. */
  default String getPrecision() {
    return getOrDefault(precision());
  }

  default IntParam batchSize() {
    return networkParamSet().batchSize;
  }

  default int getBatchSize() {
    return (int) getOrDefault(batchSize());
  }

  default IntParam maxEpochs() {
    return networkParamSet().maxEpochs;
  }

  default int getMaxEpochs() {
    return (int) getOrDefault(maxEpochs());
  }

  default Param<String> optimizer() {
    return networkParamSet().optimizer;
  }

  default String getOptimizer() {
    return getOrDefault(optimizer());
  }

  default DoubleParam stepSize() {
    return networkParamSet().stepSize;
  }

  default double getStepSize() {
    return (double) getOrDefault(stepSize());
  }

  default Param<String> schedule() {
    return networkParamSet().schedule;
  }

  default String getSchedule() {
    return getOrDefault(schedule());
  }

  default LongParam seed() {
    return networkParamSet().seed;
  }

  default long getSeed() {
    return (long) getOrDefault(seed());
  }

  @Override
  default Param<String> weightCol() {
    return networkParamSet().weightCol;
  }

  @Override
  default String getWeightCol() {
    return getOrDefault(weightCol());
  }

  /** For the param that the trait would declare; only classes that scalac compiles call it. */
  @Override
  @SuppressWarnings("MemberName") // what scalac calls it
  default void org$apache$spark$ml$param$shared$HasWeightCol$_setter_$weightCol_$eq(
      Param<String> declared) {}

  default Param<String> validationIndicatorCol() {
    return networkParamSet().validationIndicatorCol;
  }

  default String getValidationIndicatorCol() {
    return getOrDefault(validationIndicatorCol());
  }

  default Param<String> handleInvalid() {
    return networkParamSet().handleInvalid;
  }

  default String getHandleInvalid() {
    return getOrDefault(handleInvalid());
  }

  /** True where bad rows are left out and counted; false where the first one stops the work. */
  default boolean skipsInvalid() {
    return getHandleInvalid().equals("skip");
  }

  default IntParam inferenceBatchSize() {
    return networkParamSet().inferenceBatchSize;
  }

  default int getInferenceBatchSize() {
    return (int) getOrDefault(inferenceBatchSize());
  }

  default IntParam cacheMegabytes() {
    return networkParamSet().cacheMegabytes;
  }

  default int getCacheMegabytes() {
    return (int) getOrDefault(cacheMegabytes());
  }

  default Param<String> checkpointDir() {
    return networkParamSet().checkpointDir;
  }

  default String getCheckpointDir() {
    return getOrDefault(checkpointDir());
  }

  default Param<String> checkpointInterval() {
    return networkParamSet().checkpointInterval;
  }

  default String getCheckpointInterval() {
    return getOrDefault(checkpointInterval());
  }

  default IntParam checkpointsKept() {
    return networkParamSet().checkpointsKept;
  }

  default int getCheckpointsKept() {
    return (int) getOrDefault(checkpointsKept());
  }

  default Param<String> resumeFrom() {
    return networkParamSet().resumeFrom;
  }

  default String getResumeFrom() {
    return getOrDefault(resumeFrom());
  }

  default IntParam maxRestarts() {
    return networkParamSet().maxRestarts;
  }

  default int getMaxRestarts() {
    return (int) getOrDefault(maxRestarts());
  }

  default IntParam replicas() {
    return networkParamSet().replicas;
  }

  default int getReplicas() {
    return (int) getOrDefault(replicas());
  }

  default IntParam rendezvousTimeout() {
    return networkParamSet().rendezvousTimeout;
  }

  default int getRendezvousTimeout() {
    return (int) getOrDefault(rendezvousTimeout());
  }

  default Param<String> gradientCompression() {
    return networkParamSet().gradientCompression;
  }

  default String getGradientCompression() {
    return getOrDefault(gradientCompression());
  }

  default Param<String> topology() {
    return networkParamSet().topology;
  }

  default String getTopology() {
    return getOrDefault(topology());
  }

  default BooleanParam rebalance() {
    return networkParamSet().rebalance;
  }

  default boolean getRebalance() {
    return (boolean) getOrDefault(rebalance());
  }
}
