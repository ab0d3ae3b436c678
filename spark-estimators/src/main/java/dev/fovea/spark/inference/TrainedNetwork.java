package dev.fovea.spark.inference;

import dev.fovea.core.network.Network;
import dev.fovea.core.tensor.DataType;
import dev.fovea.core.tensor.Shape;
import dev.fovea.core.tensor.Weights;
import dev.fovea.spark.data.FeatureWriter;
import dev.fovea.spark.data.InvalidValueException;
import java.io.Serializable;
import java.util.UUID;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * A classifier network with its weights: what training leaves and inference needs. Immutable;
 * shared by all copies of a model, and broadcast to the executors at most once per Spark context.
 */
public final class TrainedNetwork implements Serializable {
  private static final long serialVersionUID = 1;

  private final String id = UUID.randomUUID().toString();
  private final String text;
  private final String logits;
  private final int[] inputShape;
  private final DataType inputType;
  private final int classes;
  private final float[] weights;
  private transient Broadcast<TrainedNetwork> broadcast;
  private transient SparkContext broadcastContext;

  /** Copies the weights. */
  public TrainedNetwork(ClassifierNetwork classifier, Weights weights) {
    this.text = classifier.network().text();
    this.logits = classifier.logits();
    this.inputShape = classifier.shape().toArray();
    this.inputType = classifier.dtype();
    this.classes = classifier.classes();
    this.weights = weights.toArray();
  }

  /** Differs between any two trained networks; equal in all copies of one. */
  String id() {
    return id;
  }

  public Network network() {
    return Network.parse(text);
  }

  /** The network text. */
  public String text() {
    return text;
  }

  /** Name of the layer whose output is the raw prediction. */
  String logits() {
    return logits;
  }

  /** Shape of one row: [H, W, C] for images. */
  public Shape inputShape() {
    return Shape.of(inputShape);
  }

  /** How one row is stored in a record. */
  public DataType inputType() {
    return inputType;
  }

  public int classes() {
    return classes;
  }

  /** A copy of the weights, in memory of its own that native can read. */
  public Weights weights() {
    return Weights.of(weights);
  }

  /**
   * The logits of one row, computed in this JVM.
   *
   * @param features an image row in Spark's order of fields, or a vector
   * @param column what messages call the features
   */
  public double[] logits(Object features, String column, boolean resize) {
    PredictorPool pool = PredictorPool.of(this, 1);
    BatchPredictor predictor = pool.borrow();
    try {
      FeatureWriter.ofValue(features, column, inputShape(), inputType, resize)
          .write(features, predictor.record(0));
      predictor.run(1);
      return predictor.logits(0);
    } catch (InvalidValueException e) {
      throw new IllegalArgumentException("Column '" + column + "': " + e.getMessage(), e);
    } finally {
      pool.giveBack(predictor);
    }
  }

  /** This network on every executor; the same broadcast for as long as the Spark context lives. */
  public synchronized Broadcast<TrainedNetwork> broadcast(SparkContext context) {
    if (broadcast == null || broadcastContext != context) {
      broadcast = JavaSparkContext.fromSparkContext(context).broadcast(this);
      broadcastContext = context;
    }
    return broadcast;
  }
}
