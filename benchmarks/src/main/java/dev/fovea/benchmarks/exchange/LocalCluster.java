package dev.fovea.benchmarks.exchange;

import dev.fovea.spark.CnnClassifier;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;

/**
 * A session on executors that are processes of their own, on this machine, of one core each. {@code
 * SPARK_HOME} must name a folder with Spark's jars: {@code bin/fovea} sees to it.
 */
public final class LocalCluster implements AutoCloseable {
  private static final int MEGABYTES = 1024;

  private final SparkSession session;
  private final List<ProcessHandle> executors;

  private LocalCluster(SparkSession session, List<ProcessHandle> executors) {
    this.session = session;
    this.executors = executors;
  }

  /** Starts it and waits until the executors are there. */
  public static LocalCluster start(int executors) throws InterruptedException {
    Set<ProcessHandle> others = ProcessHandle.current().children().collect(Collectors.toSet());
    SparkSession session =
        SparkSession.builder()
            .appName("Benchmark")
            .master("local-cluster[%d,1,%d]".formatted(executors, MEGABYTES))
            .config("spark.executor.memory", MEGABYTES + "m")
            .config("spark.jars", jars())
            .getOrCreate();
    while (session.sparkContext().statusTracker().getExecutorInfos().length < 1 + executors) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
    return new LocalCluster(
        session,
        ProcessHandle.current().children().filter(child -> !others.contains(child)).toList());
  }

  public SparkSession session() {
    return session;
  }

  public List<ProcessHandle> executors() {
    return executors;
  }

  @Override
  public void close() {
    session.stop();
  }

  /** The jars of Fovea and of this benchmark. */
  private static String jars() {
    return Stream.of(CnnClassifier.class, LocalCluster.class)
        .map(type -> type.getProtectionDomain().getCodeSource().getLocation().getPath())
        .map(location -> Path.of(location).toString())
        .collect(Collectors.joining(","));
  }
}
