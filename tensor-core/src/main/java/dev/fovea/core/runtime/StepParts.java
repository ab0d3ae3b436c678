package dev.fovea.core.runtime;

import dev.fovea.core.runtime.NetworkDescription.Segment;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.IntPredicate;

/**
 * How the rows of one call are shared out: in chunks that cross no end of a stretch, or, in a panel
 * segment, all of them to every panel. A chunk goes to the lane that has fewest rows, the lowest of
 * several: a function of the stretches alone, so that a step repeats bit for bit.
 */
final class StepParts {
  /**
   * A chunk or a panel.
   *
   * @param number of it in its segment, from 0
   * @param begin first of its rows among those of the call; 0 of a panel
   * @param rows of the chunk; of a panel all rows of the call
   */
  record Part(int number, int begin, int rows) {}

  private final int lanes;
  private final int rows;
  private final int[] begins; // of the chunks, then the end of the last
  private final int[] laneOf; // chunk -> lane

  private StepParts(int lanes, int rows, int[] begins) {
    this.lanes = lanes;
    this.rows = rows;
    this.begins = begins;
    this.laneOf = new int[Math.max(0, begins.length - 1)];
    int[] load = new int[lanes];
    for (int chunk = 0; chunk < laneOf.length; chunk++) {
      int least = 0;
      for (int lane = 1; lane < lanes; lane++) {
        least = load[lane] < load[least] ? lane : least;
      }
      laneOf[chunk] = least;
      load[least] += begins[chunk + 1] - begins[chunk];
    }
  }

  /**
   * Shares out the rows of stretches that end at {@code ends}.
   *
   * @param ends rising, above 0; none where there are no rows
   * @param chunkRows most rows of a chunk, &gt; 0
   */
  static StepParts of(int[] ends, int chunkRows, int lanes) {
    int rows = ends.length == 0 ? 0 : ends[ends.length - 1];
    int[] begins = new int[rows + 1];
    int count = 0;
    int begin = 0;
    for (int end : ends) {
      for (; begin < end; begin = Math.min(begin + chunkRows, end)) {
        begins[count++] = begin;
      }
    }
    begins[count] = rows;
    return new StepParts(lanes, rows, Arrays.copyOf(begins, count + 1));
  }

  int chunks() {
    return laneOf.length;
  }

  /** Lanes that have a chunk: the first ones. */
  int activeLanes() {
    return Math.min(chunks(), lanes);
  }

  /** Gives a lane its parts of a segment, in order, as long as {@code mayContinue} holds. */
  void forEach(Segment segment, int lane, IntPredicate mayContinue, Consumer<Part> work) {
    if (segment.panels() > 0) {
      int panels = rows > 0 ? segment.panels() : 0;
      for (int panel = lane; panel < panels && mayContinue.test(lane); panel += lanes) {
        work.accept(new Part(panel, 0, rows));
      }
      return;
    }
    for (int chunk = 0; chunk < laneOf.length; chunk++) {
      if (laneOf[chunk] == lane) {
        if (!mayContinue.test(lane)) {
          return;
        }
        work.accept(new Part(chunk, begins[chunk], begins[chunk + 1] - begins[chunk]));
      }
    }
  }
}
