package dev.fovea.spark.inference;

import dev.fovea.spark.data.FeatureWriter;
import dev.fovea.spark.data.InvalidRowException;
import dev.fovea.spark.data.InvalidValueException;
import java.io.Serializable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * Adds the prediction columns to the rows of a partition, a batch of rows at a time; never more
 * than one batch is held. A row whose features cannot be used stops the work with an {@link
 * InvalidRowException}, or is left out.
 */
public final class BatchPrediction implements MapPartitionsFunction<Row, Row> {
  private static final long serialVersionUID = 1;

  /**
   * How rows are read and what is added to them.
   *
   * @param featuresIndex of the features among the columns
   * @param batchSize rows of one native call
   * @param skipInvalid leave bad rows out
   */
  public record Plan(
      int featuresIndex,
      FeatureWriter features,
      int batchSize,
      boolean skipInvalid,
      OutputColumns outputs,
      ClassDecision decision)
      implements Serializable {}

  private final Broadcast<TrainedNetwork> network;
  private final Plan plan;

  public BatchPrediction(Broadcast<TrainedNetwork> network, Plan plan) {
    this.network = network;
    this.plan = plan;
  }

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    return new PredictedRows(rows);
  }

  private final class PredictedRows implements Iterator<Row> {
    private final Iterator<Row> rows;
    private final ArrayDeque<Row> ready = new ArrayDeque<>();
    private long rowsRead;

    PredictedRows(Iterator<Row> rows) {
      this.rows = rows;
    }

    @Override
    public boolean hasNext() {
      while (ready.isEmpty() && rows.hasNext()) {
        predictBatch();
      }
      return !ready.isEmpty();
    }

    @Override
    public Row next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return ready.remove();
    }

    private void predictBatch() {
      PredictorPool pool = PredictorPool.of(network.value(), plan.batchSize());
      BatchPredictor predictor = pool.borrow();
      try {
        List<Row> batch = fill(predictor);
        if (!batch.isEmpty()) {
          predictor.run(batch.size());
        }
        for (int i = 0; i < batch.size(); i++) {
          ready.add(extend(batch.get(i), predictor.logits(i)));
        }
      } finally {
        pool.giveBack(predictor);
      }
    }

    private List<Row> fill(BatchPredictor predictor) {
      List<Row> batch = new ArrayList<>(plan.batchSize());
      while (batch.size() < plan.batchSize() && rows.hasNext()) {
        Row row = rows.next();
        try {
          plan.features().write(row.get(plan.featuresIndex()), predictor.record(batch.size()));
          batch.add(row);
        } catch (InvalidValueException e) {
          if (!plan.skipInvalid()) {
            throw new InvalidRowException(TaskContext.getPartitionId(), rowsRead, e);
          }
        }
        rowsRead++;
      }
      return batch;
    }

    private Row extend(Row row, double[] logits) {
      OutputColumns outputs = plan.outputs();
      Object[] values = new Object[row.size() + outputs.count()];
      for (int i = 0; i < row.size(); i++) {
        values[i] = row.get(i);
      }
      double[] probabilities = logits.clone();
      ClassDecision.softmax(probabilities);
      int at = row.size();
      if (outputs.rawPrediction()) {
        values[at++] = Vectors.dense(logits);
      }
      if (outputs.probability()) {
        values[at++] = Vectors.dense(probabilities);
      }
      if (outputs.prediction()) {
        values[at] = plan.decision().predict(logits, probabilities);
      }
      return RowFactory.create(values);
    }
  }
}
