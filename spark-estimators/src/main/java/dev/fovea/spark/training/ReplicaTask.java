package dev.fovea.spark.training;

import dev.fovea.core.exchange.EndpointExchange;
import dev.fovea.core.exchange.GradientExchange;
import dev.fovea.core.exchange.Hello;
import dev.fovea.core.exchange.RelayMap;
import dev.fovea.core.exchange.ShardMap;
import dev.fovea.core.runtime.LibraryInfo;
import dev.fovea.core.runtime.NativeLibrary;
import dev.fovea.spark.data.RowArena;
import dev.fovea.spark.data.RowMemory;
import java.io.File;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.VoidFunction;
import scala.Tuple2;

/**
 * What Spark runs on an executor: one task is one rank, from the first row to the last step. It
 * takes keyed records as {@link GroupRows} makes them, and gives nothing back: weights and history
 * are on the driver. A task that has no rank where it runs ends at once; one whose executor has a
 * task of the group already leaves the rows to that, and ends when the group is complete.
 *
 * @param common to all groups of the fit
 * @param address of the fit's endpoint
 * @param group number of the group of ranks
 * @param placement which rank it is, and which shards are the rank's
 * @param relays which rank adds whose gradients
 * @param lanes threads of a replica that has its executor for itself
 */
record ReplicaTask(
    Common common,
    EndpointAddress address,
    int group,
    Placement placement,
    RelayMap relays,
    int lanes)
    implements VoidFunction<Iterator<Tuple2<Object, byte[]>>> {
  private static final long serialVersionUID = 1;
  private static final int ROWS_BETWEEN_CHECKS = 256;

  private static final long POLL_MILLIS = 100;

  /** Groups, with their fits, that have the rank of this executor; open once they are complete. */
  private static final Map<String, CountDownLatch> RANKS = new ConcurrentHashMap<>();

  /**
   * What does not change from group to group.
   *
   * @param fit name of the training
   * @param recordBytes bytes of a record
   * @param cacheBytes records of an executor beyond this many bytes go to files; 0 for {@link
   *     CacheBudget}
   * @param accumulators of what tasks do
   */
  record Common(String fit, int recordBytes, long cacheBytes, TaskAccumulators accumulators)
      implements Serializable {
    private static final long serialVersionUID = 1;
  }

  @Override
  public void call(Iterator<Tuple2<Object, byte[]>> rows) {
    TaskContext context = TaskContext.get();
    SparkEnv env = SparkEnv.get();
    int rank = placement.rank(context.partitionId(), env.executorId());
    CountDownLatch complete = new CountDownLatch(1);
    if (rank == Placement.NO_RANK) {
      return; // The driver sees that a task has ended before its group is complete.
    }
    if (!placement.isByExecutor()) {
      run(rank, rows, context, env, complete);
      return;
    }
    String key = common.fit() + "/" + group;
    CountDownLatch first = RANKS.putIfAbsent(key, complete);
    if (first != null) {
      holdSlot(first, context);
      return;
    }
    try {
      run(rank, rows, context, env, complete);
    } finally {
      RANKS.remove(key);
      complete.countDown();
    }
  }

  /** Keeps a core until the group is complete, so that Spark fills the other executors, too. */
  private static void holdSlot(CountDownLatch complete, TaskContext context) {
    try {
      while (!complete.await(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
        if (context.isInterrupted()) {
          throw new CancellationException("Held slot: told to end.");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("Held slot: interrupted.");
    }
  }

  private void run(
      int rank,
      Iterator<Tuple2<Object, byte[]>> rows,
      TaskContext context,
      SparkEnv env,
      CountDownLatch complete) {
    long cacheBytes = common.cacheBytes() > 0 ? common.cacheBytes() : CacheBudget.bytes(env.conf());
    try (EndpointConnection connection = address.connect();
        TaskWatch watch =
            new TaskWatch(
                () -> connection.isEnded() || context.isInterrupted(), "fovea-watch-" + rank);
        RowArena arena =
            new RowArena(
                common.recordBytes(), RowMemory.OF_EXECUTOR, cacheBytes, localDirectories(env));
        TaskRelay relay =
            new TaskRelay(address, connection.endpoint(), group, relays, rank, watch::isEnded);
        GradientExchange exchange =
            new EndpointExchange(
                connection.endpoint(),
                config -> {
                  complete.countDown();
                  return relay.of(config);
                },
                watch::isEnded)) {
      fill(arena, rows, watch);
      int cores = Math.min(lanes, Runtime.getRuntime().availableProcessors());
      Hello hello = relay.in(hello(rank, context, arena));
      new ReplicaRun(
              exchange, connection::weights, arena, hello, cores, watch, common.accumulators())
          .run();
    }
  }

  private Hello hello(int rank, TaskContext context, RowArena arena) {
    LibraryInfo library = NativeLibrary.info();
    ShardMap shards = placement.shards();
    return new Hello(
        common.fit(),
        group,
        rank,
        context.taskAttemptId(),
        SparkEnv.get().executorId(),
        arena.training().rowsOfShards().subList(shards.first(rank), shards.end(rank)),
        arena.validation().count(),
        library.target(),
        library.version());
  }

  private static void fill(RowArena arena, Iterator<Tuple2<Object, byte[]>> rows, TaskWatch watch) {
    for (long seen = 0; rows.hasNext(); seen++) {
      if (seen % ROWS_BETWEEN_CHECKS == 0 && watch.isEnded()) {
        throw new CancellationException("Row cache: told to end after " + seen + " rows.");
      }
      Tuple2<Object, byte[]> row = rows.next();
      arena.add((Long) row._1(), row._2());
    }
    arena.seal();
  }

  private static List<Path> localDirectories(SparkEnv env) {
    return Arrays.stream(env.blockManager().diskBlockManager().localDirs())
        .map(File::toPath)
        .toList();
  }
}
