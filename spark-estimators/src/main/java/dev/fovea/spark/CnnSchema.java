package dev.fovea.spark;

import dev.fovea.core.network.Network;
import dev.fovea.core.tensor.DataType;
import dev.fovea.core.tensor.Shape;
import dev.fovea.spark.data.Columns;
import dev.fovea.spark.data.TrainingColumns;
import dev.fovea.spark.inference.ClassifierNetwork;
import dev.fovea.spark.param.CnnParams;
import java.util.Optional;
import org.apache.spark.ml.param.Param;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Checks of columns, params and network against each other: on the schema alone, before any job.
 */
final class CnnSchema {
  private CnnSchema() {}

  /** The columns that training reads. */
  static TrainingColumns trainingColumns(CnnParams params) {
    return new TrainingColumns(
        params.getFeaturesCol(),
        params.getLabelCol(),
        textOrEmpty(params, params.weightCol()),
        textOrEmpty(params, params.validationIndicatorCol()));
  }

  /** Throws where a column that training reads is missing or of the wrong type. */
  static void checkTrainingColumns(CnnParams params, StructType schema) {
    TrainingColumns columns = trainingColumns(params);
    StructField features = features(params, schema);
    if (!Columns.isImage(features) && !params.isSet(params.network())) {
      if (!params.isSet(params.inputShape())) {
        throw new IllegalArgumentException(
            String.format(
                "Param inputShape: expected height, width and channels for the Vector column '%s'."
                    + " Received: nothing. Call setInputShape(28, 28, 1), or setNetwork.",
                features.name()));
      }
      checkVectorSize(features, inputShape(params));
    }
    Columns.checkNumeric(
        Columns.find(schema, "labelCol", columns.label()),
        "Index the labels with StringIndexer, or set labelCol.");
    if (!columns.weight().isEmpty()) {
      Columns.checkNumeric(
          Columns.find(schema, "weightCol", columns.weight()), "Cast it, or set weightCol.");
    }
    if (!columns.validation().isEmpty()) {
      Columns.checkBoolean(
          Columns.find(schema, "validationIndicatorCol", columns.validation()),
          "Cast it, or set validationIndicatorCol.");
    }
  }

  /** The network that was set, checked against the columns; empty where none was set. */
  static Optional<ClassifierNetwork> givenNetwork(CnnParams params, StructType schema) {
    if (!params.isSet(params.network())) {
      return Optional.empty();
    }
    ClassifierNetwork network = ClassifierNetwork.of(Network.parse(params.getNetwork()));
    checkFeatures(params, features(params, schema), network.shape(), network.dtype());
    int classes = Columns.nominalClasses(schema.apply(params.getLabelCol()));
    if (classes > 0 && classes != network.classes()) {
      throw new IllegalArgumentException(
          String.format(
              "Network: expected %d numbers from '%s', one for each class of column '%s'. Received:"
                  + " %d.",
              classes, network.logits(), params.getLabelCol(), network.classes()));
    }
    return Optional.of(network);
  }

  /** Checks the features column against the Input of a network. */
  static void checkFeatures(CnnParams params, StructField features, Shape shape, DataType dtype) {
    if (params.isSet(params.inputShape()) && !inputShape(params).equals(shape)) {
      throw new IllegalArgumentException(
          String.format(
              "Param inputShape: expected the shape of the network's Input, %s. Received: %s. Leave"
                  + " inputShape out where there is a network.",
              shape, inputShape(params)));
    }
    if (Columns.isImage(features)) {
      if (shape.rank() != 3) {
        throw new IllegalArgumentException(
            String.format(
                "Network: expected an Input [H, W, C] for the image column '%s'. Received: %s.",
                features.name(), shape));
      }
      return;
    }
    if (dtype != DataType.FLOAT32) {
      throw new IllegalArgumentException(
          String.format(
              "Network: expected an Input of dtype float32 for the Vector column '%s'. Received:"
                  + " %s.",
              features.name(), dtype));
    }
    checkVectorSize(features, shape);
  }

  /** Checks the length that the metadata of a Vector column states, where it states one. */
  static void checkVectorSize(StructField features, Shape shape) {
    int size = Columns.vectorSize(features);
    if (size >= 0 && size != shape.size()) {
      throw new IllegalArgumentException(
          String.format(
              "Column '%s': expected vectors of %d numbers, for the input shape %s. Received: %d"
                  + " (from the metadata of the column). Set inputShape, or the network's Input.",
              features.name(), shape.size(), shape, size));
    }
  }

  /**
   * The schema with the columns that the model adds; those named "" are left out.
   *
   * @param classes 0 where they are not known yet
   */
  static StructType withOutputs(CnnParams params, StructType schema, int classes) {
    StructType result = schema;
    if (!params.getRawPredictionCol().isEmpty()) {
      result =
          Columns.append(
              result, "rawPredictionCol", Columns.vector(params.getRawPredictionCol(), classes));
    }
    if (!params.getProbabilityCol().isEmpty()) {
      result =
          Columns.append(
              result, "probabilityCol", Columns.vector(params.getProbabilityCol(), classes));
    }
    if (!params.getPredictionCol().isEmpty()) {
      result =
          Columns.append(
              result, "predictionCol", Columns.nominal(params.getPredictionCol(), classes));
    }
    return result;
  }

  /** Thresholds must be one a class, as Spark's own classifiers demand. */
  static void checkThresholds(CnnParams params, int classes) {
    if (params.isDefined(params.thresholds()) && params.getThresholds().length != classes) {
      throw new IllegalArgumentException(
          String.format(
              "Param thresholds: expected %d numbers, one for each class. Received: %d.",
              classes, params.getThresholds().length));
    }
  }

  static StructField features(CnnParams params, StructType schema) {
    return Columns.find(schema, "featuresCol", params.getFeaturesCol());
  }

  /** The shape that was set: [H, W, C]. */
  static Shape inputShape(CnnParams params) {
    return Shape.of(params.getInputShape());
  }

  private static String textOrEmpty(CnnParams params, Param<String> param) {
    return params.isSet(param) ? params.getOrDefault(param) : "";
  }
}
