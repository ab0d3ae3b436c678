package dev.fovea.spark;

import dev.fovea.spark.inference.ModelDirectory;
import dev.fovea.spark.inference.TrainedNetwork;
import java.util.Optional;
import org.apache.spark.ml.util.DefaultParamsWriter;
import org.apache.spark.ml.util.MLWriter;
import scala.Option;

/** Writes a model: Spark's metadata and the files of {@link ModelDirectory}. */
final class CnnModelWriter extends MLWriter {
  private final CnnClassificationModel model;
  private final TrainedNetwork trained;

  CnnModelWriter(CnnClassificationModel model, TrainedNetwork trained) {
    this.model = model;
    this.trained = trained;
  }

  @Override
  @SuppressWarnings("deprecation") // the overload that Spark 3.5 has too
  public void saveImpl(String path) {
    DefaultParamsWriter.saveMetadata(model, path, sc(), Option.empty(), Option.empty());
    new ModelDirectory(path, sc().hadoopConfiguration())
        .write(
            trained, model.hasSummary() ? Optional.of(model.summary().toJson()) : Optional.empty());
  }
}
