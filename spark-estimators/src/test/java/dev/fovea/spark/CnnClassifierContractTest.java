package dev.fovea.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

class CnnClassifierContractTest extends EstimatorContract<CnnClassifier, CnnClassificationModel> {
  @Override
  CnnClassifier estimator() {
    return new CnnClassifier()
        .setFeaturesCol("image")
        .setNetwork(Images.NETWORK)
        .setPrecision("bfloat16")
        .setBatchSize(16)
        .setMaxEpochs(2)
        .setStepSize(0.01)
        .setOptimizer("Sgd momentum=0.5")
        .setSchedule("Step epochs=1 factor=0.5")
        .setSeed(7)
        .setResize(true)
        .setInputShape(8, 8, 1)
        .setInferenceBatchSize(5)
        .setCheckpointInterval("7 steps")
        .setCheckpointsKept(2)
        .setMaxRestarts(1)
        .setReplicas(1)
        .setRendezvousTimeout(30)
        .setGradientCompression("bfloat16")
        .setTopology("tree")
        .setRebalance(true)
        .setThresholds(new double[] {0.25, 0.75});
  }

  @Override
  CnnClassifier load(String path) {
    return CnnClassifier.load(path);
  }

  @Override
  CnnClassificationModel loadModel(String path) {
    return CnnClassificationModel.load(path);
  }

  @Override
  Dataset<Row> data() {
    return Images.leftRight(40, 1);
  }

  @Override
  List<String> outputColumns() {
    return List.of("rawPrediction", "probability", "prediction");
  }

  /** Apart from the others, which fit: there is no such host. */
  @Test
  void placesOfCheckpointsAreSavedToo() throws IOException {
    String path = directory.resolve("estimator").toString();
    estimator().setCheckpointDir("hdfs://host/new").setResumeFrom("old").write().save(path);
    CnnClassifier loaded = load(path);

    assertThat(loaded.getCheckpointDir()).isEqualTo("hdfs://host/new");
    assertThat(loaded.getResumeFrom()).isEqualTo("old");
  }
}
