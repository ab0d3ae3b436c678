package dev.fovea.spark;

import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;

/** Counts the Spark jobs that start while it is open. */
public final class SparkJobs extends SparkListener implements AutoCloseable {
  private static final long PATIENCE_MILLIS = 30_000;

  private final SparkContext context = SharedSpark.session().sparkContext();
  private final AtomicInteger started = new AtomicInteger();

  private SparkJobs() {
    awaitNews(); // of the jobs before it
    context.addSparkListener(this);
  }

  public static SparkJobs counting() {
    return new SparkJobs();
  }

  @Override
  public void onJobStart(SparkListenerJobStart jobStart) {
    started.incrementAndGet();
  }

  /** Jobs started so far; waits until Spark has told all listeners. */
  public int started() {
    awaitNews();
    return started.get();
  }

  @Override
  public void close() {
    context.removeSparkListener(this);
  }

  private void awaitNews() {
    try {
      context.listenerBus().waitUntilEmpty(PATIENCE_MILLIS);
    } catch (java.util.concurrent.TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }
}
