package dev.fovea.spark;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

class CnnClassifierContractTest extends EstimatorContract<CnnClassifier, CnnClassificationModel> {
  @Override
  CnnClassifier estimator() {
    return new CnnClassifier()
        .setFeaturesCol("image")
        .setNetwork(Images.NETWORK)
        .setBatchSize(16)
        .setMaxEpochs(2)
        .setStepSize(0.01)
        .setOptimizer("Sgd momentum=0.5")
        .setSchedule("Step epochs=1 factor=0.5")
        .setSeed(7)
        .setResize(true)
        .setInputShape(8, 8, 1)
        .setInferenceBatchSize(5)
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
}
