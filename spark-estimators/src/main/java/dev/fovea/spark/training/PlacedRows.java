package dev.fovea.spark.training;

import org.apache.spark.Partition;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.rdd.RDD;
import scala.Tuple2;
import scala.collection.AbstractIterator;
import scala.collection.Iterator;
import scala.reflect.ClassTag$;

/**
 * The records of a group: the partition of a task has the rows of the shards that are its rank's.
 * Which rank that is, the task finds out on its executor, and takes its shards from the shuffle
 * there; so a share follows an executor, wherever Spark sends which task.
 */
final class PlacedRows extends RDD<Tuple2<Object, byte[]>> {
  private static final long serialVersionUID = 1;

  private final RDD<Tuple2<Object, byte[]>> shards;
  private final Placement placement;

  /**
   * @param shards partition s has the rows of shard s
   */
  PlacedRows(RDD<Tuple2<Object, byte[]>> shards, Placement placement) {
    super(shards, ClassTag$.MODULE$.apply(Tuple2.class));
    this.shards = shards;
    this.placement = placement;
  }

  /** A task, which need not have the rank of its index. */
  private record Task(int index) implements Partition {
    private static final long serialVersionUID = 1;
  }

  @Override
  public Partition[] getPartitions() {
    Partition[] tasks = new Partition[placement.tasks()];
    for (int task = 0; task < tasks.length; task++) {
      tasks[task] = new Task(task);
    }
    return tasks;
  }

  @Override
  public Iterator<Tuple2<Object, byte[]>> compute(Partition task, TaskContext context) {
    int rank = placement.rank(task.index(), SparkEnv.get().executorId());
    return rank == Placement.NO_RANK
        ? new Rows(context, 0, 0)
        : new Rows(context, placement.shards().first(rank), placement.shards().end(rank));
  }

  /** The rows of one shard after the other; a shard is fetched when the one before is read. */
  private final class Rows extends AbstractIterator<Tuple2<Object, byte[]>> {
    private final TaskContext context;
    private final int end;
    private int next;
    private Iterator<Tuple2<Object, byte[]>> rows; // null before the first shard

    Rows(TaskContext context, int first, int end) {
      this.context = context;
      this.next = first;
      this.end = end;
    }

    @Override
    public boolean hasNext() {
      while (next < end && (rows == null || !rows.hasNext())) {
        rows = shards.iterator(shards.partitions()[next], context);
        next++;
      }
      return rows != null && rows.hasNext();
    }

    @Override
    public Tuple2<Object, byte[]> next() {
      boolean unused = hasNext();
      return rows.next();
    }
  }
}
