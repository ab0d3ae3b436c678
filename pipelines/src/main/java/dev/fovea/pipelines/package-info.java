/**
 * The jobs: one main class each, and what it needs to read its data and to show its result. Nothing
 * here learns or predicts.
 *
 * <p>Who enters: {@code bin/fovea} and {@code spark-submit}, through {@link
 * dev.fovea.pipelines.TrainFashionMnist#main}.
 *
 * <p>Where the batch goes next: {@code dev.fovea.spark.CnnClassifier#fit}.
 */
package dev.fovea.pipelines;
