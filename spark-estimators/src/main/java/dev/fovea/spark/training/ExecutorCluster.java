package dev.fovea.spark.training;

import dev.fovea.core.exchange.DriverEndpoint;
import dev.fovea.core.exchange.ShardMap;
import dev.fovea.spark.transport.ExchangeServer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;

/**
 * A fit on executors: one rank on each, connected to a server on the driver. Owns the server and a
 * listener that closes the connections of executors that Spark has given up.
 */
final class ExecutorCluster implements ReplicaCluster {
  private static final long POLL_MILLIS = 50;

  private final SparkContext spark;
  private final SparkConf conf;
  private final TrainingPlan plan;
  private final DriverEndpoint endpoint;
  private final ExchangeServer server;
  private final Executors executors;
  private final SparkListener losses =
      new SparkListener() {
        @Override
        public void onExecutorRemoved(SparkListenerExecutorRemoved removed) {
          lost.add(removed.executorId());
          server.lostExecutor(removed.executorId());
        }
      };
  private final Set<String> lost = ConcurrentHashMap.newKeySet(); // executors, of this fit's time
  private boolean waited;
  private List<String> known = List.of(); // executors when slots was last asked
  private boolean isWhole; // tasks take whole executors
  private int knownLost; // executors lost when slots was last asked

  ExecutorCluster(SparkContext spark, TrainingPlan plan, String fit, DriverEndpoint endpoint) {
    this.spark = spark;
    this.conf = spark.getConf();
    this.plan = plan;
    this.endpoint = endpoint;
    this.executors = new Executors(spark);
    this.server = ExchangeServer.open(conf, fit, endpoint, plan.cluster().gradientCompression());
    spark.addSparkListener(losses);
  }

  /**
   * The first time waits for the executors that the settings promise, as Spark's jobs can, and
   * takes the user's word for more.
   */
  @Override
  public int slots() {
    boolean isFirst = !waited;
    if (isFirst) {
      awaitExecutors(expectedExecutors());
      waited = true;
    }
    knownLost = lost.size(); // before the executors are counted: a later loss is a new one
    known = executors.ids(lost);
    boolean isAsked = plan.cluster().replicas() != ClusterPlan.ONE_PER_EXECUTOR;
    return Math.max(
        1, isAsked && (isFirst || isDynamic()) ? most() : Math.min(most(), known.size()));
  }

  @Override
  public List<String> executors() {
    return known;
  }

  @Override
  public boolean hasGrown(int ranks) {
    // Ranks may still wait for executors of theirs, or have found fewer slots than executors.
    return Math.min(most(), executors.count(lost)) > Math.max(ranks, known.size());
  }

  /** Replicas that are wanted however many executors there are. */
  private int most() {
    int wanted = plan.cluster().replicas();
    return wanted == ClusterPlan.ONE_PER_EXECUTOR ? ShardMap.SHARDS : wanted;
  }

  @Override
  public boolean hasLost() {
    return lost.size() > knownLost;
  }

  @Override
  public EndpointAddress address() {
    return new RemoteAddress(server.address());
  }

  @Override
  public int lanes() {
    return plan.lanes() > 0 ? plan.lanes() : executors.cores();
  }

  /**
   * By a resource profile whose tasks take all cores of an executor. With dynamic allocation such a
   * profile would ask for executors of its own, so ranks may meet on an executor.
   */
  @Override
  public <T> JavaRDD<T> place(JavaRDD<T> rows) {
    int cores = executors.cores();
    if (cores <= conf.getInt("spark.task.cpus", 1) || isDynamic()) {
      return rows;
    }
    Optional<JavaRDD<T>> placed = TaskProfile.ofCores(rows, cores);
    isWhole = placed.isPresent();
    return placed.orElse(rows);
  }

  @Override
  public int tasks() {
    return executors.slots(coresOfTask());
  }

  private int coresOfTask() {
    return isWhole ? executors.cores() : conf.getInt("spark.task.cpus", 1);
  }

  @Override
  public int maxRestarts() {
    return plan.cluster().maxRestarts();
  }

  @Override
  public void endGroup() {
    server.closeChannels();
  }

  @Override
  public void close() {
    endpoint.close();
    spark.removeSparkListener(losses);
    server.close();
  }

  private void awaitExecutors(int expected) {
    long deadline =
        System.nanoTime()
            + conf.getTimeAsMs("spark.scheduler.maxRegisteredResourcesWaitingTime", "30s")
                * 1_000_000;
    while (executors.count(lost) < expected && System.nanoTime() < deadline) {
      pause();
    }
  }

  private int expectedExecutors() {
    if (isDynamic()) {
      return 0; // They come when tasks wait for them.
    }
    int perExecutor = conf.getInt("spark.executor.cores", 0);
    int byCores = perExecutor > 0 ? conf.getInt("spark.cores.max", 0) / perExecutor : 0;
    int expected = Math.max(1, conf.getInt("spark.executor.instances", byCores));
    return Math.min(expected, ShardMap.SHARDS);
  }

  private boolean isDynamic() {
    return conf.getBoolean("spark.dynamicAllocation.enabled", false);
  }

  private static void pause() {
    try {
      Thread.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("Training: interrupted while waiting for executors.");
    }
  }
}
