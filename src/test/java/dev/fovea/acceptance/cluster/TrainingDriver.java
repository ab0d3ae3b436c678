package dev.fovea.acceptance.cluster;

import dev.fovea.acceptance.Repository;
import dev.fovea.core.format.Json;
import dev.fovea.spark.training.TrainingHistory;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** The test's side of a {@link TrainingProgram}: a Spark driver in a JVM of its own. */
final class TrainingDriver implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Path directory;
  private final BackgroundJvm jvm;
  private final PrintStream requests;
  private final List<Map<String, Object>> events = new ArrayList<>();

  private TrainingDriver(Path directory, BackgroundJvm jvm) {
    this.directory = directory;
    this.jvm = jvm;
    this.requests = new PrintStream(jvm.process().getOutputStream(), true, StandardCharsets.UTF_8);
  }

  /** Starts the JVM; it has no session yet. */
  static TrainingDriver start(String name, Path directory) {
    return new TrainingDriver(
        directory,
        BackgroundJvm.start(
            name,
            directory,
            List.of("-Xmx1g"),
            List.of(TrainingProgram.class.getName(), directory.toString())));
  }

  /**
   * Ends the session there may be, begins another, and waits until its executors are there.
   *
   * @param executors how many to wait for; 0 on a local master
   * @param conf further settings of Spark
   */
  void session(String master, int executors, Map<String, String> conf) {
    Map<String, String> all = new HashMap<>();
    all.put("spark.ui.enabled", "false");
    all.put("spark.driver.host", "127.0.0.1");
    all.put("spark.executor.cores", "1");
    all.put("spark.executor.memory", "600m");
    all.put("spark.executor.extraJavaOptions", String.join(" ", BackgroundJvm.QUICK_START));
    all.put("spark.jars", Repository.jar() + "," + TestClasses.jar(directory));
    all.putAll(conf);
    int before = events.size();
    request(Map.of("do", "session", "master", master, "executors", executors, "conf", all));
    var unused = await(before, "a session", is("session"));
  }

  /** Waits until Spark knows so many executors. */
  void awaitExecutors(int executors) {
    int before = events.size();
    request(Map.of("do", "executors", "executors", executors));
    var unused = await(before, executors + " executors", is("executors"));
  }

  /** Begins a fit without waiting for it. */
  void begin(Fit fit) {
    beginUntil(fit, Long.MAX_VALUE);
  }

  /**
   * Begins a fit that does not go beyond a step before {@link #goOn} has been called: what a test
   * does to it meanwhile does not come too late.
   */
  void beginUntil(Fit fit, long step) {
    request(
        Map.of(
            "do",
            "fit",
            "fit",
            fit.name(),
            "rows",
            fit.rows(),
            "params",
            fit.params(),
            "until",
            step));
  }

  /** Lets a fit go beyond the step it was begun until. */
  void goOn(Fit fit) {
    request(Map.of("do", "goOn", "fit", fit.name()));
  }

  void awaitStep(Fit fit, long step) {
    var unused =
        awaitOf(fit, "step " + step, of(fit, "step").and(said -> number(said, "step") >= step));
  }

  /** Waits for the end of an epoch, from now on, that so many replicas have trained. */
  void awaitReplicas(Fit fit, int replicas) {
    var unused =
        await(
            events.size(),
            replicas + " replicas of fit " + fit.name(),
            of(fit, "epoch").and(said -> number(said, "replicas") == replicas));
  }

  /** Waits for its end. */
  FinishedFit await(Fit fit) {
    Map<String, Object> done = awaitOf(fit, "the end", of(fit, "done"));
    List<FinishedFit.Step> steps =
        events.stream()
            .filter(of(fit, "step"))
            .map(e -> new FinishedFit.Step((long) number(e, "step"), (long) number(e, "millis")))
            .toList();
    return new FinishedFit(
        weights(fit),
        number(done, "loss"),
        number(done, "validationLoss"),
        steps,
        TrainingHistory.fromJson((String) done.get("history")),
        (int) number(done, "jobs"));
  }

  FinishedFit train(Fit fit) {
    begin(fit);
    return await(fit);
  }

  /**
   * How a fit failed.
   *
   * @param error class and message of the exception
   * @param millis when, on the driver's clock
   */
  record Failure(String error, long millis) {}

  /** Waits until it has failed. */
  Failure awaitFailure(Fit fit) {
    Map<String, Object> failed = await(0, "the failure of fit " + fit.name(), of(fit, "failed"));
    return new Failure((String) failed.get("error"), (long) number(failed, "millis"));
  }

  /** Interrupts the thread that called {@code fit}. */
  void interrupt(Fit fit) {
    request(Map.of("do", "interrupt", "fit", fit.name()));
  }

  void cancelJobGroup(Fit fit) {
    request(Map.of("do", "cancel", "fit", fit.name()));
  }

  /** What {@link Resources#held} counts. */
  Map<?, ?> resources() {
    int before = events.size();
    request(Map.of("do", "resources"));
    return (Map<?, ?>) await(before, "resources", is("resources")).get("held");
  }

  BackgroundJvm jvm() {
    return jvm;
  }

  @Override
  public void close() {
    jvm.close();
  }

  private void request(Map<String, Object> request) {
    jvm.requireAlive();
    requests.println(Json.print(request));
  }

  private Map<String, Object> awaitOf(
      Fit fit, String what, Predicate<Map<String, Object>> predicate) {
    Map<String, Object> event =
        await(0, what + " of fit " + fit.name(), predicate.or(of(fit, "failed")));
    if (event.containsKey("error")) {
      throw new AssertionError("Fit " + fit.name() + ": " + event.get("error"));
    }
    return event;
  }

  private Map<String, Object> await(
      int first, String what, Predicate<Map<String, Object>> predicate) {
    return Await.value(
        PATIENCE,
        () -> {
          boolean alive = jvm.process().isAlive();
          jvm.newLines().forEach(line -> events.add(Json.parseObject(line, "Event")));
          Map<String, Object> found =
              events.stream().skip(first).filter(predicate).findFirst().orElse(null);
          if (found == null && !alive) {
            jvm.requireAlive();
          }
          return found;
        },
        () -> "Driver: expected " + what + ". Received: " + last());
  }

  private Object last() {
    return events.isEmpty() ? "nothing" : events.get(events.size() - 1);
  }

  private float[] weights(Fit fit) {
    try {
      ByteBuffer bytes =
          ByteBuffer.wrap(Files.readAllBytes(directory.resolve(fit.name() + ".weights")));
      float[] weights = new float[bytes.remaining() / Float.BYTES];
      bytes.asFloatBuffer().get(weights);
      return weights;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Predicate<Map<String, Object>> of(Fit fit, String event) {
    return is(event).and(said -> fit.name().equals(said.get("fit")));
  }

  private static Predicate<Map<String, Object>> is(String event) {
    return said -> event.equals(said.get("event"));
  }

  private static double number(Map<String, Object> event, String key) {
    return ((Number) event.get(key)).doubleValue();
  }
}
