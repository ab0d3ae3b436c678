package dev.fovea.spark.param;

import dev.fovea.core.network.Network;
import dev.fovea.core.optimizer.Optimizer;
import dev.fovea.core.schedule.LearningRateSchedule;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;

/**
 * The params of every stage that trains or runs a network: their names, meanings, ranges and
 * defaults. The only place where they are declared; {@link NetworkParams} exposes them.
 */
public final class NetworkParamSet implements Serializable {
  private static final long serialVersionUID = 1;

  final Param<String> network;
  final IntParam batchSize;
  final IntParam maxEpochs;
  final Param<String> optimizer;
  final DoubleParam stepSize;
  final Param<String> schedule;
  final LongParam seed;
  final Param<String> weightCol;
  final Param<String> validationIndicatorCol;
  final Param<String> handleInvalid;
  final IntParam inferenceBatchSize;
  final IntParam cacheMegabytes;

  /** Declares the params as those of {@code owner}, whose uid must be known by now. */
  public NetworkParamSet(Params owner) {
    network =
        new Param<>(
            owner,
            "network",
            "network text: one layer a line, name type attribute=value (default: a small network"
                + " made from the input shape and the number of classes)",
            ParamChecks.text("network", Network::parse));
    batchSize =
        new IntParam(
            owner,
            "batchSize",
            "rows in one step, over all replicas together, > 0 (default: 128)",
            ParamChecks.positiveInt("batchSize"));
    maxEpochs =
        new IntParam(
            owner,
            "maxEpochs",
            "passes over the training rows, > 0 (default: 10)",
            ParamChecks.positiveInt("maxEpochs"));
    optimizer =
        new Param<>(
            owner,
            "optimizer",
            "rule that turns a gradient into new weights, as text: Adam or Sgd with attributes,"
                + " such as 'Sgd momentum=0.9 nesterov=true' (default: Adam)",
            ParamChecks.text("optimizer", Optimizer::parse));
    stepSize =
        new DoubleParam(
            owner,
            "stepSize",
            "learning rate before the schedule, > 0 (default: 0.001)",
            ParamChecks.positiveNumber("stepSize"));
    schedule =
        new Param<>(
            owner,
            "schedule",
            "learning rate over the epochs, as text: Constant, or 'Step epochs=3 factor=0.1'"
                + " (default: Constant)",
            ParamChecks.text("schedule", LearningRateSchedule::parse));
    seed =
        new LongParam(
            owner,
            "seed",
            "start of every random draw: first weights, row order, dropout (default: 42)");
    weightCol =
        new Param<>(
            owner,
            "weightCol",
            "column with the weight of each row, a finite number >= 0 (default: every row weighs"
                + " 1)");
    validationIndicatorCol =
        new Param<>(
            owner,
            "validationIndicatorCol",
            "boolean column: true for rows that are not trained on but measured after every epoch"
                + " (default: train on all rows)");
    handleInvalid =
        new Param<>(
            owner,
            "handleInvalid",
            "what a bad row does, such as one with a null image or a label out of range: error"
                + " stops with its partition and row, skip leaves it out and counts it (default:"
                + " error)",
            ParamChecks.oneOf("handleInvalid", List.of("error", "skip")));
    inferenceBatchSize =
        new IntParam(
            owner,
            "inferenceBatchSize",
            "rows in one native call of transform, > 0; more rows use more memory (default: 64)",
            ParamChecks.positiveInt("inferenceBatchSize"));
    cacheMegabytes =
        new IntParam(
            owner,
            "cacheMegabytes",
            "memory outside the heap in which one executor keeps its training rows, in MB, > 0; the"
                + " others go to mapped files in its local directories (default: half of the"
                + " largest heap)",
            ParamChecks.positiveInt("cacheMegabytes"));
  }
}
