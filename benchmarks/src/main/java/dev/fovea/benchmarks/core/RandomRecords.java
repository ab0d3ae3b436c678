package dev.fovea.benchmarks.core;

import dev.fovea.core.network.Network;
import dev.fovea.core.runtime.NetworkDescription;
import dev.fovea.core.runtime.NetworkDescription.Field;
import dev.fovea.core.tensor.AlignedMemory;
import dev.fovea.core.tensor.DataType;
import java.nio.ByteBuffer;
import java.util.Random;

/** Records as native reads them, of numbers drawn at random; the same on every machine. */
final class RandomRecords {
  private RandomRecords() {}

  /**
   * Bytes uniform, float inputs normal, labels uniform over the classes, row weights 1.
   *
   * @param description of the plan that reads them: its mode decides which fields there are
   */
  static ByteBuffer of(Network network, NetworkDescription description, int classes, int rows) {
    Random random = new Random(42);
    ByteBuffer records = AlignedMemory.allocate((long) rows * description.rowBytes());
    for (int row = 0; row < rows; row++) {
      for (Field field : description.fields()) {
        int begin = row * description.rowBytes() + field.offset();
        if (field.dtype() == DataType.UINT8) {
          byte[] pixels = new byte[field.bytes()];
          random.nextBytes(pixels);
          records.put(begin, pixels);
        } else if (isLabel(network, field)) {
          records.putFloat(begin, random.nextInt(classes));
        } else if (isInput(network, field)) {
          for (int at = 0; at < field.bytes(); at += Float.BYTES) {
            records.putFloat(begin + at, (float) random.nextGaussian());
          }
        } else {
          records.putFloat(begin, 1);
        }
      }
    }
    return records;
  }

  private static boolean isLabel(Network network, Field field) {
    return network.targets().stream().anyMatch(line -> line.name().equals(field.name()));
  }

  private static boolean isInput(Network network, Field field) {
    return network.inputs().stream().anyMatch(line -> line.name().equals(field.name()));
  }
}
