package dev.fovea.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.core.tensor.AlignedMemory;
import dev.fovea.core.tensor.Shape;
import dev.fovea.core.tensor.Weights;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoOpenReplicas.class)
class PredictorTest {
  private static final String AFFINE =
      """
      # fovea network 1
      features Input               shape=3
      logits   Dense               units=2
      label    Target              shape=1
      loss     SoftmaxCrossEntropy from=logits,label
      """;

  @Test
  void aDenseLayerIsAnAffineMap() {
    // weight [3, 2], padded to 16 floats; bias [2].
    Weights weights = Weights.allocate(32);
    weights.floats().put(0, new float[] {1, 10, 2, 20, 3, 30}).put(16, new float[] {0.5f, -0.5f});
    ByteBuffer records = floats(1, 0, 0, /* row 1 */ 1, 2, 3);
    ByteBuffer outputs = AlignedMemory.allocate(2 * 2 * Float.BYTES);

    try (Predictor predictor = Predictor.of(AFFINE, List.of("logits"), 4, weights)) {
      predictor.predict(records, 2, outputs);
    }

    assertThat(toArray(outputs)).containsExactly(1.5f, 9.5f, 14.5f, 139.5f);
  }

  @Test
  void recordsHoldOnlyWhatTheOutputsNeed() {
    try (Predictor predictor = Predictor.of(AFFINE, List.of("logits"), 4, Weights.allocate(32))) {
      NetworkDescription description = predictor.description();

      assertThat(description.mode()).isEqualTo(Mode.PREDICT);
      assertThat(description.rowBytes()).isEqualTo(12);
      assertThat(description.fields()).hasSize(1);
      assertThat(description.fields().get(0).shape()).isEqualTo(Shape.of(3));
      assertThat(description.outputs()).containsExactly(new NetworkDescription.Output("logits", 2));
    }
  }

  @Test
  void severalOutputsFollowOneAnotherInEachRow() {
    Weights weights = smallWeights();
    ByteBuffer records = pixels(5);
    ByteBuffer both = AlignedMemory.allocate(5L * (SmallNetwork.CLASSES + 72) * Float.BYTES);
    ByteBuffer logits = AlignedMemory.allocate(5L * SmallNetwork.CLASSES * Float.BYTES);

    try (Predictor two = Predictor.of(SmallNetwork.TEXT, List.of("logits", "pool1"), 5, weights);
        Predictor one = Predictor.of(SmallNetwork.TEXT, List.of("logits"), 5, weights)) {
      assertThat(two.description().outputFloats()).isEqualTo(SmallNetwork.CLASSES + 72);
      two.predict(records, 5, both);
      one.predict(records, 5, logits);
    }

    for (int row = 0; row < 5; row++) {
      for (int i = 0; i < SmallNetwork.CLASSES; i++) {
        assertThat(both.getFloat((row * (SmallNetwork.CLASSES + 72) + i) * 4))
            .isEqualTo(logits.getFloat((row * SmallNetwork.CLASSES + i) * 4));
      }
    }
  }

  @Test
  void aRowDoesNotDependOnItsCompany() {
    Weights weights = smallWeights();
    ByteBuffer records = pixels(7);
    ByteBuffer together = AlignedMemory.allocate(7L * SmallNetwork.CLASSES * Float.BYTES);
    ByteBuffer alone = AlignedMemory.allocate((long) SmallNetwork.CLASSES * Float.BYTES);

    try (Predictor predictor = Predictor.of(SmallNetwork.TEXT, List.of("logits"), 64, weights)) {
      predictor.predict(records, 7, together);
      for (int row = 0; row < 7; row++) {
        ByteBuffer record = AlignedMemory.allocate(SmallNetwork.PIXELS * 4L);
        record.put(0, records, row * SmallNetwork.PIXELS * 4, SmallNetwork.PIXELS * 4);
        predictor.predict(record, 1, alone);
        for (int i = 0; i < SmallNetwork.CLASSES; i++) {
          assertThat(alone.getFloat(i * 4))
              .isEqualTo(together.getFloat((row * SmallNetwork.CLASSES + i) * 4));
        }
      }
    }
  }

  @Test
  void noRowsAreNoWork() {
    ByteBuffer empty = AlignedMemory.allocate(0);
    try (Predictor predictor = Predictor.of(AFFINE, List.of("logits"), 4, Weights.allocate(32))) {
      predictor.predict(empty, 0, empty);
    }
  }

  @Test
  void buffersOfAnotherSizeAreRefused() {
    try (Predictor predictor = Predictor.of(AFFINE, List.of("logits"), 4, Weights.allocate(32))) {
      assertThatThrownBy(() -> predictor.predict(floats(1, 2, 3), 2, floats(0, 0, 0, 0)))
          .isExactlyInstanceOf(IllegalArgumentException.class)
          .hasMessage("Buffer records: expected a direct buffer of 24 bytes. Received: 12.");
      assertThatThrownBy(() -> predictor.predict(floats(1, 2, 3), 1, floats(0)))
          .hasMessage("Buffer outputs: expected a direct buffer of 8 bytes. Received: 4.");
      assertThatThrownBy(() -> predictor.predict(floats(1, 2, 3), 5, floats(0)))
          .hasMessage("Predictor: expected 0 to 4 rows. Received: 5.");
    }
  }

  @Test
  void weightsOfAnotherSizeLeaveNothingOpen() {
    assertThatThrownBy(() -> Predictor.of(AFFINE, List.of("logits"), 4, Weights.allocate(16)))
        .hasMessage("Buffer weights: expected a direct buffer of 128 bytes. Received: 64.");
  }

  @Test
  void useAfterCloseIsRefused() {
    Predictor predictor = Predictor.of(AFFINE, List.of("logits"), 4, Weights.allocate(32));
    predictor.close();
    predictor.close();

    assertThatThrownBy(() -> predictor.predict(floats(1, 2, 3), 1, floats(0, 0)))
        .isExactlyInstanceOf(IllegalStateException.class)
        .hasMessage("Predictor: expected an open predictor. Received: one already closed.");
  }

  private static Weights smallWeights() {
    try (Replica replica = Replica.evaluating(SmallNetwork.TEXT, 1, 1)) {
      return SmallNetwork.weights(replica, 3);
    }
  }

  private static ByteBuffer pixels(int rows) {
    Random random = new Random(5);
    ByteBuffer records = AlignedMemory.allocate(4L * rows * SmallNetwork.PIXELS);
    while (records.hasRemaining()) {
      records.putFloat((float) random.nextGaussian());
    }
    return records.clear();
  }

  private static ByteBuffer floats(float... values) {
    ByteBuffer buffer = AlignedMemory.allocate(values.length * 4L);
    buffer.asFloatBuffer().put(values);
    return buffer;
  }

  private static float[] toArray(ByteBuffer buffer) {
    float[] values = new float[buffer.capacity() / 4];
    buffer.asFloatBuffer().get(values);
    return values;
  }
}
