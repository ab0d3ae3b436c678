package dev.fovea.core.format;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The safetensors format: 8 bytes with the length of the header in little-endian order, the header
 * as JSON, then the data of the tensors without gaps. Float32 only. Streams are neither closed nor
 * wrapped.
 *
 * <p>Source: https://github.com/huggingface/safetensors, section Format of its README.
 */
public final class SafeTensors {
  /** The limit of the reference implementation. */
  private static final int MAX_HEADER = 100_000_000;

  private static final int BLOCK = 1 << 16;
  static final String REPAIR = " Save the model again or restore the file.";

  private SafeTensors() {}

  /**
   * Writes the tensors in the given order.
   *
   * @param metadata what the header carries beside the tensors
   */
  public static void write(
      OutputStream out, List<NamedTensor> tensors, Map<String, String> metadata)
      throws IOException {
    byte[] header = SafeTensorsHeader.of(tensors, metadata).print();
    byte[] length = new byte[Long.BYTES];
    ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length);
    out.write(length);
    out.write(header);
    byte[] block = new byte[BLOCK];
    for (NamedTensor tensor : tensors) {
      ByteBuffer floats = tensor.floats().duplicate();
      while (floats.hasRemaining()) {
        int bytes = Math.min(block.length, floats.remaining());
        floats.get(block, 0, bytes);
        out.write(block, 0, bytes);
      }
    }
  }

  /**
   * Fills the tensors from a file that holds exactly these. Everything the header says is checked
   * before the first float is written.
   *
   * @param where what messages begin with: {@code Weights file hdfs://...}
   * @return the metadata
   * @throws IllegalArgumentException saying what was expected of the file and received
   */
  public static Map<String, String> read(InputStream in, String where, List<NamedTensor> tensors)
      throws IOException {
    SafeTensorsHeader header = readHeader(in, where);
    header.check(where, tensors);
    Map<String, NamedTensor> byName = new HashMap<>();
    tensors.forEach(tensor -> byName.put(tensor.name(), tensor));
    byte[] block = new byte[BLOCK];
    long received = 0;
    for (SafeTensorsHeader.Entry entry : header.entries()) {
      ByteBuffer floats = byName.get(entry.name()).floats().duplicate();
      while (floats.hasRemaining()) {
        int wanted = Math.min(block.length, floats.remaining());
        int bytes = in.readNBytes(block, 0, wanted);
        received += bytes;
        if (bytes < wanted) {
          throw wrongSize(where, header.dataBytes(), "%,d (the file is truncated)", received);
        }
        floats.put(block, 0, bytes);
      }
    }
    if (in.read() >= 0) {
      throw wrongSize(where, header.dataBytes(), "more than %,d", received);
    }
    return header.metadata();
  }

  private static SafeTensorsHeader readHeader(InputStream in, String where) throws IOException {
    byte[] prefix = in.readNBytes(Long.BYTES);
    if (prefix.length < Long.BYTES) {
      throw new IllegalArgumentException(
          where
              + ": expected 8 bytes with the length of the header. Received: "
              + prefix.length
              + " (the file is truncated)."
              + REPAIR);
    }
    long length = ByteBuffer.wrap(prefix).order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (length < 2 || length > MAX_HEADER) {
      throw new IllegalArgumentException(
          format(
              "%s: expected a header of 2 to %,d bytes. Received: %,d (no safetensors file).%s",
              where, MAX_HEADER, new BigInteger(Long.toUnsignedString(length)), REPAIR));
    }
    byte[] header = in.readNBytes((int) length);
    if (header.length < length) {
      throw new IllegalArgumentException(
          format(
              "%s: expected a header of %,d bytes. Received: %,d (the file is truncated).%s",
              where, length, header.length, REPAIR));
    }
    return SafeTensorsHeader.parse(new String(header, StandardCharsets.UTF_8), where);
  }

  private static IllegalArgumentException wrongSize(
      String where, long expected, String receivedFormat, long received) {
    return new IllegalArgumentException(
        format(
            "%s: expected %,d bytes of tensors. Received: %s.%s",
            where, expected, format(receivedFormat, received), REPAIR));
  }

  /** Numbers as everywhere in messages, whatever the locale of this JVM: {@code 1,686,592}. */
  static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
