package dev.fovea.acceptance.cluster;

import dev.fovea.acceptance.Repository;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A standalone cluster and a driver for the tests of one class. Everything that was started is
 * killed after them; when a test fails, the last lines of all logs are printed.
 */
final class TestCluster implements BeforeAllCallback, AfterAllCallback, AfterTestExecutionCallback {
  private static final int LAST_LINES = 40;

  private final int workers;
  private final int coresOfEach;
  private final List<AutoCloseable> started = new ArrayList<>();
  private Path directory;
  private StandaloneCluster cluster;
  private TrainingDriver driver;

  /**
   * Prepares; the processes start before the first test.
   *
   * @param workers of one core each; 0 for no cluster, a driver alone
   */
  TestCluster(int workers) {
    this(workers, 1);
  }

  /** The same with Workers of so many cores. */
  TestCluster(int workers, int coresOfEach) {
    this.workers = workers;
    this.coresOfEach = coresOfEach;
  }

  @Override
  public void beforeAll(ExtensionContext context) throws IOException {
    directory =
        Repository.lib()
            .resolveSibling("clusters")
            .resolve(context.getRequiredTestClass().getSimpleName());
    delete(directory);
    Files.createDirectories(directory);
    try {
      if (workers > 0) {
        cluster = StandaloneCluster.start(directory, workers, coresOfEach);
        started.add(cluster);
      }
      driver = startDriver("driver");
    } catch (RuntimeException | Error e) {
      printLogs();
      throw e;
    }
  }

  @Override
  public void afterTestExecution(ExtensionContext context) throws IOException {
    if (context.getExecutionException().isPresent()) {
      printLogs();
    }
  }

  @Override
  public void afterAll(ExtensionContext context) throws Exception {
    for (int i = started.size() - 1; i >= 0; i--) {
      started.get(i).close();
    }
  }

  /** Starts one more driver, which lives until the end of the class. */
  TrainingDriver startDriver(String name) {
    TrainingDriver another = TrainingDriver.start(name, directory);
    started.add(another);
    return another;
  }

  /** Waits until there is an executor on each Worker again, and the driver knows. */
  void awaitExecutors() {
    cluster.awaitExecutors(workers);
    driver.awaitExecutors(workers);
  }

  StandaloneCluster cluster() {
    return cluster;
  }

  TrainingDriver driver() {
    return driver;
  }

  /** For logs, weights and what else the tests of the class write. */
  Path directory() {
    return directory;
  }

  private void printLogs() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(TestCluster::isLog).sorted().toList()) {
        System.out.println("==== " + file);
        String[] lines = Files.readString(file, StandardCharsets.ISO_8859_1).split("\n", -1);
        for (int i = Math.max(0, lines.length - LAST_LINES); i < lines.length; i++) {
          System.out.println(lines[i]);
        }
      }
    }
  }

  private static boolean isLog(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(".log") || name.endsWith(".out") || name.equals("stderr");
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
