package dev.fovea.core.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.core.runtime.NetworkDescription.Bucket;
import dev.fovea.core.tensor.AlignedMemory;
import dev.fovea.core.tensor.StepSums;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GradientAveragerTest {
  private static final int COUNT = 48;
  private static final List<Bucket> BUCKETS = List.of(new Bucket(0, 16, 32), new Bucket(1, 0, 16));

  @Test
  void addsInRankOrderWhateverTheOrderOfArrival() {
    byte[] inOrder = sumOf(0, 1, 2, 3);

    assertThat(sumOf(3, 2, 1, 0)).isEqualTo(inOrder);
    assertThat(sumOf(2, 0, 3, 1)).isEqualTo(inOrder);
  }

  @Test
  void ranksWithoutRowsChangeNoBitsWhateverTheOrderOfArrival() {
    for (int without = 0; without < 3; without++) {
      List<byte[]> sums = new ArrayList<>();
      for (int[] order : new int[][] {{0, 1, 2}, {1, 0, 2}, {2, 1, 0}, {1, 2, 0}, {2, 0, 1}}) {
        GradientAverager averager = new GradientAverager(3, BUCKETS, COUNT);
        averager.begin(1);
        for (int rank : order) {
          ByteBuffer floats = rank == without ? ByteBuffer.allocate(0) : negativeZeros();
          averager.add(new GradientPart(0, 1, rank, 0, StepSums.ZERO, 0, floats));
        }
        byte[] sum = new byte[COUNT * Float.BYTES];
        averager.gradient().get(sum);
        sums.add(sum);
      }
      assertThat(sums).as("rank %d has no rows", without).containsOnly(sums.get(0));
    }
  }

  @Test
  void aStepBeginsWithNothingOfTheOneBefore() {
    GradientAverager averager = new GradientAverager(2, BUCKETS, COUNT);
    averager.begin(1);
    averager.add(part(1, 1));
    averager.begin(2);
    averager.add(part(2, 0));
    averager.add(part(2, 1));

    assertThat(averager.gradient().getFloat(64))
        .isEqualTo(floats(0).getFloat(0) + floats(1).getFloat(0));
  }

  @Test
  void theSumIsThatOfPlainAddition() {
    float[] expected = new float[32];
    for (int rank = 0; rank < 4; rank++) {
      ByteBuffer floats = floats(rank);
      for (int i = 0; i < 32; i++) {
        expected[i] += floats.getFloat(i * Float.BYTES);
      }
    }
    float[] actual = new float[32];
    ByteBuffer.wrap(sumOf(0, 1, 2, 3))
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer()
        .get(16, actual);

    assertThat(actual).isEqualTo(expected);
  }

  @Test
  void theScaleIsOneOverTheWeightsOfAllRanks() {
    GradientAverager averager = new GradientAverager(2, BUCKETS, COUNT);
    averager.begin(1);
    averager.add(new GradientPart(0, 1, 1, 0, new StepSums(1.5, 3, 1), 0, floats(1)));
    averager.add(new GradientPart(0, 1, 0, 0, new StepSums(2.5, 4, 2), 0, floats(0)));

    assertThat(averager.sums()).isEqualTo(new StepSums(4, 7, 3));
    assertThat(averager.scale()).isEqualTo(0.25);
  }

  @Test
  void buffersThatNativeCannotReadAreCopied() {
    GradientAverager averager = new GradientAverager(2, BUCKETS, COUNT);
    averager.begin(1);
    averager.add(new GradientPart(0, 1, 0, 0, StepSums.ZERO, 0, floats(0)));
    ByteBuffer heap = ByteBuffer.allocate(129).position(1).put(floats(1)).position(1);
    averager.add(new GradientPart(0, 1, 1, 0, StepSums.ZERO, 0, heap));

    float expected = floats(0).getFloat(0) + floats(1).getFloat(0);
    assertThat(averager.gradient().getFloat(64)).isEqualTo(expected);
    assertThat(heap.position()).as("the caller's buffer is only read").isEqualTo(1);
  }

  @Test
  void theOnlyPartOfAStepIsTheSum() {
    GradientAverager averager = new GradientAverager(1, List.of(new Bucket(0, 0, 32)), 32);
    ByteBuffer floats = floats(0);
    averager.begin(1);

    assertThat(averager.add(onlyPart(1, floats))).isTrue();
    assertThat(averager.add(onlyPart(1, floats(1)))).as("a second time").isFalse();
    assertThat(averager.gradient()).isEqualTo(floats);
    floats.putFloat(0, 7);
    assertThat(averager.gradient().getFloat(0)).as("no copy").isEqualTo(7);

    ByteBuffer heap = ByteBuffer.allocate(128).put(floats(2)).flip();
    averager.begin(2);
    assertThat(averager.add(onlyPart(2, heap))).isTrue();
    assertThat(averager.gradient()).as("what native cannot read").isEqualTo(heap);

    averager.begin(3);
    assertThat(averager.add(onlyPart(3, ByteBuffer.allocate(0)))).isTrue();
    assertThat(averager.gradient()).as("no rows").isEqualTo(ByteBuffer.allocate(128));
  }

  private static GradientPart onlyPart(long step, ByteBuffer floats) {
    return new GradientPart(0, step, 0, 0, StepSums.ZERO, 0, floats);
  }

  @Test
  void partsOfAnotherStepAndSecondPartsChangeNothing() {
    GradientAverager averager = new GradientAverager(2, BUCKETS, COUNT);
    averager.begin(5);

    assertThat(averager.add(part(4, 0))).isFalse();
    assertThat(averager.add(part(5, 0))).isFalse();
    assertThat(averager.add(part(5, 0))).isFalse();
    assertThat(averager.add(part(5, 1))).isTrue();
    assertThat(averager.add(part(5, 1))).isFalse();
    assertThat(averager.gradient().getFloat(64))
        .isEqualTo(floats(0).getFloat(0) + floats(1).getFloat(0));
  }

  private static byte[] sumOf(int... order) {
    GradientAverager averager = new GradientAverager(order.length, BUCKETS, COUNT);
    averager.begin(1);
    boolean[] complete = new boolean[order.length];
    for (int i = 0; i < order.length; i++) {
      complete[i] = averager.add(part(1, order[i]));
    }
    boolean[] onlyTheLast = new boolean[order.length];
    onlyTheLast[order.length - 1] = true;
    assertThat(complete).as(Arrays.toString(order)).isEqualTo(onlyTheLast);
    byte[] sum = new byte[COUNT * Float.BYTES];
    averager.gradient().get(sum);
    return sum;
  }

  private static GradientPart part(long step, int rank) {
    return new GradientPart(0, step, rank, 0, new StepSums(1, 1, 1), 0, floats(rank));
  }

  private static ByteBuffer negativeZeros() {
    ByteBuffer floats = AlignedMemory.allocate(32 * Float.BYTES);
    while (floats.hasRemaining()) {
      floats.putFloat(-0f);
    }
    return floats.flip();
  }

  private static ByteBuffer floats(int rank) {
    Random random = new Random(rank);
    ByteBuffer floats = AlignedMemory.allocate(32 * Float.BYTES);
    while (floats.hasRemaining()) {
      floats.putFloat((float) random.nextGaussian());
    }
    return floats.flip();
  }
}
