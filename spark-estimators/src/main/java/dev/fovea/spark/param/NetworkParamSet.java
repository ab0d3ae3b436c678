package dev.fovea.spark.param;

import dev.fovea.core.network.Network;
import dev.fovea.core.optimizer.Optimizer;
import dev.fovea.core.schedule.LearningRateSchedule;
import dev.fovea.spark.checkpoint.CheckpointInterval;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.ml.param.BooleanParam;
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
  final Param<String> precision;
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
  final Param<String> checkpointDir;
  final Param<String> checkpointInterval;
  final IntParam checkpointsKept;
  final Param<String> resumeFrom;
  final IntParam maxRestarts;
  final IntParam replicas;
  final IntParam rendezvousTimeout;
  final Param<String> gradientCompression;
  final Param<String> topology;
  final BooleanParam rebalance;

  /** Declares the params as those of {@code owner}, whose uid must be known by now. */
  public NetworkParamSet(Params owner) {
    network =
        new Param<>(
            owner,
            "network",
            "network text: one layer a line, name type attribute=value (default: a small network"
                + " made from the input shape and the number of classes)",
            ParamChecks.text("network", Network::parse));
    precision =
        new Param<>(
            owner,
            "precision",
            "what the layers multiply: float32, or numbers rounded to bfloat16, of which CPUs with"
                + " AVX-512 BF16 multiply twice as many at a time; on others it is slower (default: as"
                + " the network says; where it says nothing, float32)",
            ParamChecks.oneOf("precision", List.of("float32", "bfloat16")));
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
                + " largest heap, on YARN and Kubernetes at most half of"
                + " spark.executor.memoryOverhead)",
            ParamChecks.positiveInt("cacheMegabytes"));
    checkpointDir =
        new Param<>(
            owner,
            "checkpointDir",
            "directory on any Hadoop file system for checkpoints, from which another training can go"
                + " on; each fit writes into one of its own below it (default: none are written)",
            ParamChecks.path("checkpointDir"));
    checkpointInterval =
        new Param<>(
            owner,
            "checkpointInterval",
            "from one checkpoint to the next, as text: '500 steps' or '10 minutes'; one more is"
                + " written at the end (default: 10 minutes)",
            ParamChecks.text("checkpointInterval", CheckpointInterval::parse));
    checkpointsKept =
        new IntParam(
            owner,
            "checkpointsKept",
            "how many of the newest checkpoints are kept, > 0 (default: 3)",
            ParamChecks.positiveInt("checkpointsKept"));
    resumeFrom =
        new Param<>(
            owner,
            "resumeFrom",
            "checkpoint to go on from, or a directory with the checkpoints of one fit for their"
                + " newest; network, optimizer, seed, batchSize and rows must be the same (default:"
                + " begin anew)",
            ParamChecks.path("resumeFrom"));
    maxRestarts =
        new IntParam(
            owner,
            "maxRestarts",
            "how often the Spark job of a training is begun again after it failed, at the step where"
                + " it was, >= 0 (default: 3)",
            ParamChecks.intFrom("maxRestarts", 0));
    replicas =
        new IntParam(
            owner,
            "replicas",
            "working copies of the network that share each step, 1 to 64 (default: one for each"
                + " executor)",
            ParamChecks.intBetween("replicas", 1, 64));
    rendezvousTimeout =
        new IntParam(
            owner,
            "rendezvousTimeout",
            "seconds to wait for all replicas before the training goes on with those that are there,"
                + " > 0 (default: 60)",
            ParamChecks.positiveInt("rendezvousTimeout"));
    gradientCompression =
        new Param<>(
            owner,
            "gradientCompression",
            "how gradients travel to the driver: none sends float32, bfloat16 half as many bytes"
                + " (default: none)",
            ParamChecks.oneOf("gradientCompression", List.of("none", "bfloat16")));
    topology =
        new Param<>(
            owner,
            "topology",
            "who adds gradients: driver adds those of all replicas; in a tree some replicas add"
                + " those of others first; auto takes a tree for at least 4 replicas whose gradients"
                + " are more than 200 MB a step (default: auto)",
            ParamChecks.oneOf("topology", List.of("driver", "tree", "auto")));
    rebalance =
        new BooleanParam(
            owner,
            "rebalance",
            "true: after an epoch slow executors give training rows to fast ones, where that saves"
                + " time; steps have the same rows (default: false)");
  }
}
