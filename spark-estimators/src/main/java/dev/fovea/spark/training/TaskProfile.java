package dev.fovea.spark.training;

import java.util.Optional;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.resource.ResourceProfile;
import org.apache.spark.resource.ResourceProfileBuilder;
import org.apache.spark.resource.TaskResourceRequests;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What Spark is told that a task takes, by a resource profile. */
final class TaskProfile {
  private static final Logger LOG = LoggerFactory.getLogger(SynchronousTrainer.class);

  private TaskProfile() {}

  /** The same rows, read by tasks of so many cores; empty where the cluster knows no such tasks. */
  static <T> Optional<JavaRDD<T>> ofCores(JavaRDD<T> rows, int cores) {
    ResourceProfile profile =
        new ResourceProfileBuilder().require(new TaskResourceRequests().cpus(cores)).build();
    // An RDD keeps a profile that is refused, and can then not be computed.
    JavaRDD<T> trial = JavaSparkContext.fromSparkContext(rows.context()).emptyRDD();
    try {
      var unused = request(trial.rdd(), profile);
    } catch (SparkException e) {
      LOG.info("ranks may share executors: no task profile on this cluster ({})", e.getMessage());
      return Optional.empty();
    }
    return Optional.of(rows.rdd().withResources(profile).toJavaRDD());
  }

  /** Says what {@code withResources}, a Scala method, does not declare. */
  private static <T> RDD<T> request(RDD<T> rdd, ResourceProfile profile) throws SparkException {
    return rdd.withResources(profile);
  }
}
