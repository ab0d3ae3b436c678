package dev.fovea.spark.training;

import dev.fovea.core.exchange.DriverEndpoint;
import dev.fovea.core.runtime.NetworkDescription;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;

/** Where the ranks of one fit run, seen from the driver, and how they reach its endpoint. */
interface ReplicaCluster extends AutoCloseable {
  Pattern LOCAL = Pattern.compile("local|local\\[\\s*([0-9]+|\\*)\\s*(,\\s*[0-9]+\\s*)?\\]");

  /** That of the context's master: this JVM, or executors. Lets tasks in from now on. */
  static ReplicaCluster open(
      SparkContext spark, TrainingPlan plan, String fit, DriverEndpoint endpoint) {
    return isLocal(spark)
        ? new LocalFit(spark, plan, fit, endpoint)
        : new ExecutorCluster(spark, plan, fit, endpoint);
  }

  /** True where the one rank is in this JVM, and trains the driver's weights in place. */
  static boolean isLocal(SparkContext spark) {
    return LOCAL.matcher(spark.master()).matches();
  }

  /**
   * Least size of a gradient bucket. Where no gradient travels there is nothing to overlap with the
   * backward pass: one bucket, so that lanes meet less often and activations stay in their caches.
   */
  static long bucketBytes(SparkContext spark, TrainingPlan plan) {
    return isLocal(spark) ? NetworkDescription.ONE_BUCKET : plan.bucketBytes();
  }

  /** Replicas that can run side by side now; at first waits a while for executors to come. */
  int slots();

  /**
   * Executors that are alive when {@link #slots} was last asked, by their ids; none in this JVM.
   */
  List<String> executors();

  /**
   * True where more replicas could run than run now, and than when {@link #slots} was last asked.
   *
   * @param ranks replicas that run
   */
  boolean hasGrown(int ranks);

  /** True where an executor was lost since {@link #slots} was last asked. */
  boolean hasLost();

  /** What tasks need to connect. */
  EndpointAddress address();

  /** Lanes of a replica that has an executor for itself. */
  int lanes();

  /** The same rows, each partition on an executor of its own where Spark can see to that. */
  <T> JavaRDD<T> place(JavaRDD<T> rows);

  /** Tasks that run at the same time on all executors, if each is one of {@link #place}. */
  int tasks();

  /** How often a job that failed may be begun again. */
  int maxRestarts();

  /** Lets the tasks of a group that has ended go. */
  void endGroup();

  /** Ends the tasks that are still in, as far as they can be reached. */
  @Override
  void close();
}
