package dev.fovea.core.format;

import dev.fovea.core.runtime.NetworkDescription;
import dev.fovea.core.tensor.AlignedMemory;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The slots of an optimizer as safetensors: what it remembers of each parameter, {@code
 * slot0.conv1.weight}, {@code slot1.conv1.weight}. No tensor at all for an optimizer that remembers
 * nothing. The padding between parameters, which is zero, is not written.
 */
public final class SlotsFile {
  private SlotsFile() {}

  /**
   * Writes all slots; the stream stays open.
   *
   * @param slots flat vectors one after the other, each laid out as the weights
   */
  public static void write(
      OutputStream out, NetworkDescription network, ByteBuffer slots, Map<String, String> metadata)
      throws IOException {
    SafeTensors.write(out, tensors(network, slots), metadata);
  }

  /**
   * The slots in the file, as {@link #write} takes them, in direct memory; the stream stays open.
   *
   * @param where what messages begin with: {@code Optimizer file hdfs://...}
   * @param count how many slots
   * @throws IllegalArgumentException if the file does not hold so many slots of this network, whole
   */
  public static ByteBuffer read(InputStream in, String where, NetworkDescription network, int count)
      throws IOException {
    ByteBuffer slots = AlignedMemory.allocate(count * network.weightCount() * Float.BYTES);
    SafeTensors.read(in, where, tensors(network, slots));
    return slots;
  }

  private static List<NamedTensor> tensors(NetworkDescription network, ByteBuffer slots) {
    int slotBytes = Math.toIntExact(network.weightCount() * Float.BYTES);
    List<NamedTensor> tensors = new ArrayList<>();
    for (int slot = 0; slot * (long) slotBytes < slots.remaining(); slot++) {
      ByteBuffer vector = slots.slice(slot * slotBytes, slotBytes);
      tensors.addAll(ParameterTensors.of(network, "slot" + slot + ".", vector));
    }
    return tensors;
  }
}
