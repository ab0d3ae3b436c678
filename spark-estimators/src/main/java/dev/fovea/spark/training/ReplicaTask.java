package dev.fovea.spark.training;

import dev.fovea.core.exchange.EndpointExchange;
import dev.fovea.core.exchange.GradientExchange;
import dev.fovea.core.exchange.Hello;
import dev.fovea.core.exchange.RelayMap;
import dev.fovea.core.exchange.ShardMap;
import dev.fovea.core.runtime.LibraryInfo;
import dev.fovea.core.runtime.NativeLibrary;
import dev.fovea.spark.data.RowArena;
import java.io.File;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.VoidFunction;
import scala.Tuple2;

/**
 * What Spark runs on an executor: one task is one rank, from the first row to the last step. It
 * takes keyed records as {@link RankRows} makes them, and gives nothing back: weights and history
 * are on the driver.
 *
 * @param common to all groups of the fit
 * @param address of the fit's endpoint
 * @param group number of the group of ranks
 * @param shards which rank owns which
 * @param relays which rank adds whose gradients
 * @param lanes threads of a replica that has the executor for itself
 */
record ReplicaTask(
    Common common, EndpointAddress address, int group, ShardMap shards, RelayMap relays, int lanes)
    implements VoidFunction<Iterator<Tuple2<Object, byte[]>>> {
  private static final long serialVersionUID = 1;
  private static final int ROWS_BETWEEN_CHECKS = 256;

  /**
   * What does not change from group to group.
   *
   * @param fit name of the training
   * @param recordBytes bytes of a record
   * @param cacheBytes records beyond this many bytes go to files; 0 for {@link CacheBudget}
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
    long cacheBytes = common.cacheBytes() > 0 ? common.cacheBytes() : CacheBudget.bytes(env.conf());
    try (EndpointConnection connection = address.connect();
        TaskWatch watch =
            new TaskWatch(
                () -> connection.isEnded() || context.isInterrupted(),
                "fovea-watch-" + context.partitionId());
        RowArena arena = new RowArena(common.recordBytes(), cacheBytes, localDirectories(env));
        TaskRelay relay = relay(context, connection, watch);
        GradientExchange exchange =
            new EndpointExchange(connection.endpoint(), relay::of, watch::isEnded)) {
      fill(arena, rows, watch);
      int cores = Math.min(lanes, Runtime.getRuntime().availableProcessors());
      Hello hello = relay.in(hello(context, arena));
      new ReplicaRun(exchange, arena, hello, cores, watch, common.accumulators()).run();
    }
  }

  private TaskRelay relay(TaskContext context, EndpointConnection connection, TaskWatch watch) {
    return new TaskRelay(
        address, connection.endpoint(), group, relays, context.partitionId(), watch::isEnded);
  }

  private Hello hello(TaskContext context, RowArena arena) {
    LibraryInfo library = NativeLibrary.info();
    int rank = context.partitionId();
    return new Hello(
        common.fit(),
        group,
        rank,
        context.attemptNumber(),
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
