package dev.fovea.acceptance.cluster;

import dev.fovea.core.runtime.Replica;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import scala.Tuple2;

/** What fits may leave behind in a JVM, counted on the driver and on every executor. */
final class Resources {
  private static final int TASKS_PER_EXECUTOR = 4;
  private static final int TASK_MILLIS = 100; // so that no executor takes all of them

  private Resources() {}

  /** By executor ("driver" for the driver): replicas, threads, sockets, directKilobytes. */
  static Map<String, Map<String, Long>> held(SparkSession spark) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    int executors = spark.sparkContext().statusTracker().getExecutorInfos().length - 1;
    Map<String, Map<String, Long>> held = new TreeMap<>();
    held.put("driver", here());
    if (executors > 0) {
      int tasks = executors * TASKS_PER_EXECUTOR;
      List<Integer> numbers = new ArrayList<>(Collections.nCopies(tasks, 0));
      held.putAll(
          context
              .parallelize(numbers, tasks)
              .mapToPair(
                  unused -> {
                    TimeUnit.MILLISECONDS.sleep(TASK_MILLIS);
                    return new Tuple2<>(SparkEnv.get().executorId(), here());
                  })
              .collectAsMap());
    }
    return held;
  }

  /** Counted after a garbage collection: cleaners and buffers go by it. */
  private static Map<String, Long> here() {
    System.gc();
    Map<String, Long> counts = new TreeMap<>();
    counts.put("replicas", (long) Replica.openCount());
    counts.put("threads", threads());
    counts.put("sockets", sockets());
    counts.put(
        "directKilobytes",
        ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum()
            / 1024);
    return counts;
  }

  /**
   * Lanes end a moment after their replica is closed, the network's threads some seconds after
   * their server: those that live longer are counted.
   */
  private static long threads() {
    Supplier<Long> alive =
        () ->
            Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("fovea"))
                .count();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (alive.get() > 0 && System.nanoTime() < deadline) {
      Await.pause(Duration.ofMillis(10));
    }
    return alive.get();
  }

  private static long sockets() {
    try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
      return files.filter(Resources::isSocket).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isSocket(Path file) {
    try {
      return Files.readSymbolicLink(file).toString().startsWith("socket:");
    } catch (IOException e) {
      return false; // closed meanwhile
    }
  }
}
