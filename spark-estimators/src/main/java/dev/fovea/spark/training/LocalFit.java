package dev.fovea.spark.training;

import dev.fovea.core.exchange.DriverEndpoint;
import dev.fovea.core.exchange.Endpoint;
import dev.fovea.core.tensor.Weights;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;

/**
 * A fit on a local master: one rank, in this JVM. Its task finds the endpoint in a table that both
 * share, keyed by the random name of the fit, so that fits side by side do not meet. Closing it
 * ends the tasks that are still in and waits until they have freed what they own. Thread safe.
 */
final class LocalFit implements ReplicaCluster {
  private static final Map<String, LocalFit> OPEN = new ConcurrentHashMap<>();
  private static final long LEAVE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final SparkContext spark;
  private final TrainingPlan plan;
  private final String fit;
  private final DriverEndpoint endpoint;
  private int tasks;
  private volatile boolean closed;

  /** Lets tasks in from now on. */
  LocalFit(SparkContext spark, TrainingPlan plan, String fit, DriverEndpoint endpoint) {
    this.spark = spark;
    this.plan = plan;
    this.fit = fit;
    this.endpoint = endpoint;
    OPEN.put(fit, this);
  }

  private record Address(String fit) implements EndpointAddress {
    private static final long serialVersionUID = 1;

    @Override
    public EndpointConnection connect() {
      LocalFit found = OPEN.get(fit);
      if (found == null || !found.letIn()) {
        throw new CancellationException("Fit " + fit + ": has ended.");
      }
      return found.new Connection();
    }

    @Override
    public RelayServer openRelay(Endpoint relay) {
      throw new IllegalStateException("Fit " + fit + ": expected one rank, which needs no relay.");
    }

    @Override
    public EndpointAddress ofRelay(String address) {
      throw new IllegalStateException("Fit " + fit + ": expected one rank, which needs no relay.");
    }
  }

  private final class Connection implements EndpointConnection {
    @Override
    public Endpoint endpoint() {
      return endpoint;
    }

    @Override
    public Weights weights(long count) {
      return endpoint.weightsInPlace();
    }

    @Override
    public boolean isEnded() {
      return closed;
    }

    @Override
    public void close() {
      leave();
    }
  }

  /** Number of fits that are running in this JVM; leak checks want zero. */
  static int openCount() {
    return OPEN.size();
  }

  @Override
  public int slots() {
    return 1;
  }

  @Override
  public List<String> executors() {
    return List.of();
  }

  @Override
  public boolean hasGrown(int ranks) {
    return false;
  }

  @Override
  public boolean hasLost() {
    return false;
  }

  @Override
  public EndpointAddress address() {
    return new Address(fit);
  }

  @Override
  public int lanes() {
    return plan.lanes() > 0
        ? plan.lanes()
        : Math.min(spark.defaultParallelism(), Runtime.getRuntime().availableProcessors());
  }

  @Override
  public <T> JavaRDD<T> place(JavaRDD<T> rows) {
    return rows;
  }

  @Override
  public int tasks() {
    return 1;
  }

  /** What fails here fails again: there is no other machine. */
  @Override
  public int maxRestarts() {
    return 0;
  }

  @Override
  public void endGroup() {}

  private synchronized void leave() {
    tasks--;
    notifyAll();
  }

  @Override
  public void close() {
    OPEN.remove(fit);
    endpoint.close();
    boolean interrupted = false;
    synchronized (this) {
      closed = true;
      long deadline = System.nanoTime() + LEAVE_NANOS;
      while (tasks > 0 && System.nanoTime() < deadline) {
        try {
          wait(100);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized boolean letIn() {
    if (!closed) {
      tasks++;
    }
    return !closed;
  }
}
