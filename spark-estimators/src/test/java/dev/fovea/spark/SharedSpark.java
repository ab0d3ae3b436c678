package dev.fovea.spark;

import org.apache.spark.sql.SparkSession;

/**
 * The one Spark session of all tests in this JVM: two cores, no web page, two shuffle partitions.
 */
public final class SharedSpark {
  private SharedSpark() {}

  /** The session; started by the first test that asks for it, stopped with the JVM. */
  public static synchronized SparkSession session() {
    return SparkSession.builder()
        .master("local[2]")
        .appName("fovea tests")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.driver.host", "localhost")
        .config("spark.ui.liveUpdate.period", "0") // tasks are counted as they end
        .getOrCreate();
  }
}
