package dev.fovea.acceptance.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A Spark Master and its Workers on the loopback address, each a JVM, on ports that were free.
 * Closing it kills them and their executors.
 */
final class StandaloneCluster implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Pattern MASTER = Pattern.compile("Starting Spark master at (spark://\\S+)");
  private static final Pattern LEADER = Pattern.compile("I have been elected leader");
  private static final Pattern REGISTERED = Pattern.compile("Successfully registered with master");
  // The Master's REST server would have a fixed port.
  private static final List<String> OPTIONS =
      List.of("-Xmx256m", "-Dspark.master.rest.enabled=false");

  private final Path directory;
  private final List<BackgroundJvm> jvms = new ArrayList<>();
  private String url = "";

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
      List<BackgroundJvm> started = new ArrayList<>();
      for (int worker = 0; worker < workers; worker++) {
        started.add(cluster.startWorker(worker, coresOfEach));
      }
      started.forEach(worker -> worker.awaitLog(REGISTERED));
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

  /** Kills an executor as kill -9 does, and returns when it is gone. */
  void killExecutor() {
    kill(executors().get(0));
  }

  /** The same for the one that Spark knows by this id. */
  void killExecutor(String id) {
    kill(
        executors().stream()
            .filter(each -> commandLine(each).contains("\0--executor-id\0" + id + "\0"))
            .findFirst()
            .orElseThrow(() -> new AssertionError("Executor " + id + ": expected to run.")));
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
    BackgroundJvm master =
        add("master", "org.apache.spark.deploy.master.Master", List.of("--port", "0"));
    url = master.awaitLog(MASTER).group(1);
    var unused = master.awaitLog(LEADER);
  }

  private BackgroundJvm startWorker(int number, int cores) {
    String name = "worker-" + number;
    return add(
        name,
        "org.apache.spark.deploy.worker.Worker",
        List.of(
            "--cores",
            Integer.toString(cores),
            "--memory",
            "2g",
            "--work-dir",
            directory.resolve(name).toString(),
            url));
  }

  private BackgroundJvm add(String name, String mainClass, List<String> arguments) {
    List<String> all =
        new ArrayList<>(List.of(mainClass, "--host", "127.0.0.1", "--webui-port", "0"));
    all.addAll(arguments);
    BackgroundJvm jvm = BackgroundJvm.start(name, directory, OPTIONS, all);
    jvms.add(jvm);
    return jvm;
  }
}
