package dev.fovea.spark.param;

import org.apache.spark.ml.classification.ProbabilisticClassifierParams;

/**
 * The params of the convolutional classifier and its model: Spark's own of a probabilistic
 * classifier, the network's, the images'.
 */
public interface CnnParams extends ProbabilisticClassifierParams, NetworkParams, ImageParams {}
