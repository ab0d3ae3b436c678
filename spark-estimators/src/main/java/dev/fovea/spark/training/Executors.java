package dev.fovea.spark.training;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.apache.spark.SparkContext;
import org.apache.spark.status.api.v1.ExecutorSummary;
import scala.collection.Iterator;

/**
 * The executors that a context has, as its status store knows them. The store's methods are called
 * by name: their descriptors name Scala's Seq, which is not the same class in Scala 2.12 and 2.13.
 */
final class Executors {
  private static final String DRIVER = "driver";

  private final SparkContext spark;

  Executors(SparkContext spark) {
    this.spark = spark;
  }

  /**
   * Executors that are alive.
   *
   * @param lost ids of those that are not, whatever the status store still says
   */
  int count(Set<String> lost) {
    return ids(lost).size();
  }

  /**
   * Their ids, in the order they came.
   *
   * @param lost ids of those that are not alive, whatever the status store still says
   */
  List<String> ids(Set<String> lost) {
    return alive().stream()
        .map(ExecutorSummary::id)
        .filter(id -> !lost.contains(id))
        .sorted(Comparator.comparingInt(String::length).thenComparing(id -> id))
        .toList();
  }

  /** Cores of the executor that has fewest of them; 1 if there is none. */
  int cores() {
    return Math.max(1, alive().stream().mapToInt(ExecutorSummary::totalCores).min().orElse(1));
  }

  /** Tasks of so many cores each that all executors can run at the same time. */
  int slots(int coresOfTask) {
    return alive().stream().mapToInt(executor -> executor.totalCores() / coresOfTask).sum();
  }

  private List<ExecutorSummary> alive() {
    List<ExecutorSummary> alive = new ArrayList<>();
    try {
      Object store = SparkContext.class.getMethod("statusStore").invoke(spark);
      Method list = store.getClass().getMethod("executorList", boolean.class);
      Iterator<?> all = ((scala.collection.Iterable<?>) list.invoke(store, true)).iterator();
      while (all.hasNext()) {
        ExecutorSummary executor = (ExecutorSummary) all.next();
        if (executor.isActive() && !executor.id().equals(DRIVER)) {
          alive.add(executor);
        }
      }
      return alive;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(
          "Spark %s: expected a status store that lists executors. Received: %s."
              .formatted(spark.version(), e),
          e);
    }
  }
}
