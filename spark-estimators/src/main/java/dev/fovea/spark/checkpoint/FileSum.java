package dev.fovea.spark.checkpoint;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.Checksum;

/**
 * What a file must be, so that one that was cut off or changed is found.
 *
 * @param bytes its length
 * @param crc32c its checksum, in hexadecimal
 */
record FileSum(long bytes, String crc32c) {
  static FileSum of(long bytes, Checksum sum) {
    return new FileSum(bytes, "%08x".formatted(sum.getValue()));
  }

  /** Reads {@link #toMap}. */
  static FileSum of(JsonFields json) {
    return new FileSum(json.integer("bytes"), json.text("crc32c"));
  }

  Map<String, Object> toMap() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("bytes", bytes);
    json.put("crc32c", crc32c);
    return json;
  }
}
