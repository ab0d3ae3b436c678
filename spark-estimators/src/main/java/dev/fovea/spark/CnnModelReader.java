package dev.fovea.spark;

import dev.fovea.spark.inference.ModelDirectory;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.MLReader;
import scala.Option;

/** Reads what {@link CnnModelWriter} wrote, on any Spark version. */
final class CnnModelReader extends MLReader<CnnClassificationModel> {
  @Override
  @SuppressWarnings("deprecation") // the overload that Spark 3.5 has too
  public CnnClassificationModel load(String path) {
    DefaultParamsReader.Metadata metadata =
        DefaultParamsReader.loadMetadata(path, sc(), CnnClassificationModel.class.getName());
    ModelDirectory directory = new ModelDirectory(path, sc().hadoopConfiguration());
    CnnClassificationModel model =
        new CnnClassificationModel(metadata.uid(), directory.readNetwork());
    metadata.getAndSetParams(model, Option.empty());
    directory
        .readHistory(CnnTrainingSummary::fromJson)
        .ifPresent(summary -> model.setSummary(Option.apply(summary)));
    return model;
  }
}
