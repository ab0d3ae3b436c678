package dev.fovea.acceptance.cluster;

import dev.fovea.core.format.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Spark Master and its Workers, each a JVM, on ports that were free; to Spark each Worker is a
 * host, by its loopback address. Closing it kills them and their executors.
 */
final class StandaloneCluster implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Pattern ID = Pattern.compile("\0--executor-id\0([^\0]+)\0");
  // The Master's REST server would have a fixed port.
  private static final List<String> OPTIONS =
      List.of("-Xmx256m", "-Dspark.master.rest.enabled=false");

  private final Path directory;
  private final List<BackgroundJvm> jvms = new ArrayList<>();
  private String url = "";
  private URI page; // null until the Master runs

  private StandaloneCluster(Path directory) {
    this.directory = directory;
  }

  /**
   * Starts the processes and waits until the Workers are registered.
   *
   * @param directory for logs and the Workers' files
   */
  static StandaloneCluster start(Path directory, int workers, int coresOfEach) {
    StandaloneCluster cluster = new StandaloneCluster(directory);
    try {
      cluster.startMaster();
      for (int worker = 0; worker < workers; worker++) {
        cluster.startWorker(worker, coresOfEach);
      }
      cluster.awaitWorkers(workers);
      return cluster;
    } catch (RuntimeException | Error e) {
      cluster.close();
      throw e;
    }
  }

  String url() {
    return url;
  }

  /** The executors' processes that live. */
  List<ProcessHandle> executors() {
    return jvms.stream().skip(1).flatMap(worker -> worker.children().stream()).toList();
  }

  /** Waits until so many executors' processes live. */
  void awaitExecutors(int count) {
    Await.until(
        PATIENCE,
        () -> executors().size() == count,
        () -> "Workers: expected %d executors. Received: %s.".formatted(count, executors()));
  }

  /** Kills an executor as kill -9 does, and returns when it is gone. */
  void killExecutor() {
    kill(executors().get(0));
  }

  /** The same for the one that Spark knows by this id. */
  void killExecutor(String id) {
    kill(
        executors().stream()
            .filter(each -> idOf(each).equals(id))
            .findFirst()
            .orElseThrow(() -> new AssertionError("Executor " + id + ": expected to run.")));
  }

  /** The id that Spark gave an executor; empty where the process has ended. */
  static String idOf(ProcessHandle executor) {
    Matcher id = ID.matcher(commandLine(executor));
    return id.find() ? id.group(1) : "";
  }

  private static void kill(ProcessHandle executor) {
    boolean unused = executor.destroyForcibly();
    Await.until(PATIENCE, () -> !executor.isAlive(), () -> "Executor: expected to end.");
  }

  /** All of it: what Java tells of a process ends with its first page. */
  private static String commandLine(ProcessHandle process) {
    try {
      return Files.readString(
          Path.of("/proc", Long.toString(process.pid()), "cmdline"), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return ""; // It has ended.
    }
  }

  /** What to read when a test has failed. */
  List<Path> files() {
    return jvms.stream().flatMap(jvm -> jvm.files().stream()).toList();
  }

  @Override
  public void close() {
    for (int i = jvms.size() - 1; i >= 0; i--) {
      jvms.get(i).close();
    }
  }

  private void startMaster() {
    BackgroundJvm master = add("master", List.of(MasterProgram.class.getName()));
    Map<String, Object> started =
        Await.value(
            PATIENCE,
            () -> {
              master.requireAlive();
              return master.newLines().stream()
                  .map(line -> Json.parseObject(line, "Master"))
                  .findFirst()
                  .orElse(null);
            },
            () -> "Master: expected to say its ports. Received: nothing.");
    url = (String) started.get("url");
    page = URI.create(started.get("pages") + "/json/");
  }

  private void startWorker(int number, int cores) {
    String name = "worker-" + number;
    var unused =
        add(
            name,
            List.of(
                "org.apache.spark.deploy.worker.Worker",
                "--host",
                "127.0.0." + (1 + number),
                "--webui-port",
                "0",
                "--cores",
                Integer.toString(cores),
                "--memory",
                "2g",
                "--work-dir",
                directory.resolve(name).toString(),
                url));
  }

  /** Until the Master leads, and these are registered with it. */
  private void awaitWorkers(int workers) {
    Await.until(
        PATIENCE,
        () -> {
          jvms.forEach(BackgroundJvm::requireAlive);
          Map<String, Object> state = state();
          return "ALIVE".equals(state.get("status"))
              && ((Number) state.get("aliveworkers")).intValue() == workers;
        },
        () -> "Master: expected %d workers. Received: %s.".formatted(workers, state()));
  }

  /** What the Master's page for machines says. */
  private Map<String, Object> state() {
    try (InputStream answer = page.toURL().openStream()) {
      return Json.parseObject(
          new String(answer.readAllBytes(), StandardCharsets.UTF_8), "Page of the Master");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private BackgroundJvm add(String name, List<String> arguments) {
    BackgroundJvm jvm = BackgroundJvm.start(name, directory, OPTIONS, arguments);
    jvms.add(jvm);
    return jvm;
  }
}
