package dev.fovea.acceptance.cluster;

import dev.fovea.acceptance.BandImages;
import dev.fovea.core.exchange.EpochReport;
import dev.fovea.core.exchange.StepReport;
import dev.fovea.core.format.Json;
import dev.fovea.spark.CnnClassificationModel;
import dev.fovea.spark.CnnClassifier;
import dev.fovea.spark.training.TrainingEpoch;
import dev.fovea.spark.training.TrainingHistory;
import dev.fovea.spark.training.TrainingListener;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * A Spark application that does what it is told by lines of JSON on standard input, and says on
 * standard output, in lines of JSON, what happens: the side of {@link TrainingDriver} that a test
 * may kill. Fits run side by side, each in a thread. It ends with the input.
 */
final class TrainingProgram {
  private final Path directory;
  private final Map<String, Thread> fits = new ConcurrentHashMap<>();
  private final Map<String, CountDownLatch> gates = new ConcurrentHashMap<>();
  private SparkSession spark; // null until the first session

  private TrainingProgram(Path directory) {
    this.directory = directory;
  }

  /**
   * Serves until the input ends.
   *
   * @param arguments the folder that weights are written to
   */
  public static void main(String[] arguments) throws Exception {
    TrainingProgram program = new TrainingProgram(Path.of(arguments[0]));
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      program.serve(Json.parseObject(line, "Request"));
    }
    program.stop();
  }

  private void serve(Map<String, Object> request) throws Exception {
    String fit = (String) request.get("fit");
    switch ((String) request.get("do")) {
      case "session" -> session(request);
      case "fit" -> {
        Thread thread = new Thread(() -> fit(request), "fit " + fit);
        fits.put(fit, thread);
        gates.put(fit, new CountDownLatch(1));
        thread.start();
      }
      case "goOn" -> gates.get(fit).countDown();
      case "interrupt" -> fits.get(fit).interrupt();
      case "cancel" -> spark.sparkContext().cancelJobGroup(fit);
      case "executors" -> {
        awaitExecutors(request);
        say("executors", Map.of());
      }
      case "resources" -> say("resources", Map.of("held", Resources.held(spark)));
      default -> throw new IllegalArgumentException(request.toString());
    }
  }

  private void session(Map<String, Object> request) throws InterruptedException {
    stop();
    SparkSession.Builder builder =
        SparkSession.builder().appName("training").master((String) request.get("master"));
    ((Map<?, ?>) request.get("conf"))
        .forEach((key, value) -> builder.config((String) key, (String) value));
    spark = builder.getOrCreate();
    awaitExecutors(request);
    say("session", Map.of("spark", spark.version()));
  }

  private void awaitExecutors(Map<String, Object> request) throws InterruptedException {
    int executors = ((Number) request.get("executors")).intValue();
    while (spark.sparkContext().statusTracker().getExecutorInfos().length < 1 + executors) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private void stop() {
    if (spark != null) {
      spark.stop();
    }
  }

  private void fit(Map<String, Object> request) {
    String name = (String) request.get("fit");
    try {
      spark.sparkContext().setJobGroup(name, name, false);
      CnnClassifier classifier = new CnnClassifier().setFeaturesCol("image").setLabelCol("label");
      classifier.setValidationIndicatorCol("validation");
      classifier.addTrainingListener(saying(name, ((Number) request.get("until")).longValue()));
      ((Map<?, ?>) request.get("params"))
          .forEach((param, value) -> Params.set(classifier, (String) param, value));
      CnnClassificationModel model = classifier.fit(images((Number) request.get("rows")));
      write(name, model.weights().toArray());
      TrainingHistory history = model.summary().history();
      List<TrainingEpoch> epochs = history.epochs();
      TrainingEpoch last = epochs.get(epochs.size() - 1);
      say(
          "done",
          Map.of(
              "fit",
              name,
              "loss",
              last.loss(),
              "validationLoss",
              last.validationLoss().getAsDouble(),
              "history",
              history.toJson(),
              "jobs",
              spark.sparkContext().statusTracker().getJobIdsForGroup(name).length));
    } catch (Exception | Error e) {
      e.printStackTrace();
      say("failed", Map.of("fit", name, "error", e.getClass().getName() + ": " + e.getMessage()));
    }
  }

  private Dataset<Row> images(Number rows) {
    return BandImages.of(spark, rows.intValue())
        .withColumn("validation", functions.expr("monotonically_increasing_id() % 6 = 0"));
  }

  /**
   * @param until the step after which it waits to be told to go on
   */
  private TrainingListener saying(String fit, long until) {
    return new TrainingListener() {
      @Override
      public void onStep(StepReport step) {
        say("step", Map.of("fit", fit, "step", step.step()));
        if (step.step() == until) {
          pass(gates.get(fit));
        }
      }

      @Override
      public void onEpoch(EpochReport epoch) {
        say("epoch", Map.of("fit", fit, "replicas", epoch.ranks().size()));
      }
    };
  }

  private static void pass(CountDownLatch gate) {
    try {
      gate.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void write(String fit, float[] weights) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(weights.length * Float.BYTES);
    bytes.asFloatBuffer().put(weights);
    Files.write(directory.resolve(fit + ".weights"), bytes.array());
  }

  private static void say(String event, Map<String, Object> more) {
    Map<String, Object> said = new ConcurrentHashMap<>(more);
    said.put("event", event);
    said.put("millis", System.currentTimeMillis());
    synchronized (TrainingProgram.class) {
      System.out.print(Json.print(said) + "\n");
      System.out.flush();
    }
  }
}
