package dev.fovea.core.format;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The header of a safetensors file: {@code {"__metadata__": {...}, "conv1.weight": {"dtype": "F32",
 * "shape": [3, 3, 1, 16], "data_offsets": [0, 576]}, ...}}.
 *
 * @param entries in the order of their data, which leaves no gaps
 */
record SafeTensorsHeader(Map<String, String> metadata, List<Entry> entries) {
  private static final String METADATA = "__metadata__";
  private static final String FLOAT32 = "F32";
  private static final String OTHER_NETWORK = " Load weights that this network was saved with.";
  private static final int ALIGNMENT = 8;

  /** A tensor: its data are the bytes {@code [begin, end)} after the header. */
  record Entry(String name, String dtype, List<Long> shape, long begin, long end) {}

  static SafeTensorsHeader of(List<NamedTensor> tensors, Map<String, String> metadata) {
    List<Entry> entries = new ArrayList<>();
    long at = 0;
    for (NamedTensor tensor : tensors) {
      long end = at + tensor.floats().remaining();
      entries.add(new Entry(tensor.name(), FLOAT32, sizes(tensor), at, end));
      at = end;
    }
    return new SafeTensorsHeader(metadata, entries);
  }

  /** The header as JSON; blanks at its end make the data begin at a multiple of 8 bytes. */
  byte[] print() {
    Map<String, Object> json = new LinkedHashMap<>();
    if (!metadata.isEmpty()) {
      json.put(METADATA, new TreeMap<>(metadata));
    }
    for (Entry entry : entries) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("dtype", entry.dtype());
      fields.put("shape", entry.shape());
      fields.put("data_offsets", List.of(entry.begin(), entry.end()));
      json.put(entry.name(), fields);
    }
    byte[] text = Json.print(json).getBytes(StandardCharsets.UTF_8);
    byte[] padded = Arrays.copyOf(text, (text.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
    Arrays.fill(padded, text.length, padded.length, (byte) ' ');
    return padded;
  }

  static SafeTensorsHeader parse(String text, String where) {
    Map<String, String> metadata = new LinkedHashMap<>();
    List<Entry> entries = new ArrayList<>();
    Json.parseObject(text, where + ": header")
        .forEach(
            (name, value) -> {
              if (name.equals(METADATA) && value instanceof Map<?, ?> pairs) {
                pairs.forEach((key, word) -> metadata.put((String) key, String.valueOf(word)));
              } else {
                entries.add(entry(where, name, value));
              }
            });
    entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
    long at = 0;
    for (Entry entry : entries) {
      if (entry.begin() != at) {
        String tensor = where + ": tensor '" + entry.name() + "'";
        String expected = "expected data from byte " + at + ", without a gap";
        throw wrong(tensor, expected, entry.begin(), SafeTensors.REPAIR);
      }
      at = entry.end();
    }
    return new SafeTensorsHeader(metadata, entries);
  }

  /** Bytes of all tensors. */
  long dataBytes() {
    return entries.isEmpty() ? 0 : entries.get(entries.size() - 1).end();
  }

  /** Throws IllegalArgumentException unless the file holds exactly these tensors. */
  void check(String where, List<NamedTensor> tensors) {
    Map<String, Entry> byName = new TreeMap<>();
    entries.forEach(entry -> byName.put(entry.name(), entry));
    for (NamedTensor tensor : tensors) {
      Entry entry = byName.remove(tensor.name());
      if (entry == null) {
        String expected = "expected a tensor '" + tensor.name() + "'";
        throw wrong(where, expected, "none of that name", OTHER_NETWORK);
      }
      check(where + ": tensor '" + tensor.name() + "'", entry, tensor);
    }
    if (!byName.isEmpty()) {
      String received = "'" + String.join("', '", byName.keySet()) + "' as well";
      throw wrong(where, "expected the tensors of this network only", received, OTHER_NETWORK);
    }
  }

  private static void check(String where, Entry entry, NamedTensor tensor) {
    long bytes = entry.end() - entry.begin();
    int expected = tensor.floats().remaining();
    if (!entry.dtype().equals(FLOAT32)) {
      throw wrong(where, "expected dtype F32", entry.dtype(), " Convert the file to float32.");
    }
    if (!entry.shape().equals(sizes(tensor))) {
      throw wrong(where, "expected shape " + sizes(tensor), entry.shape(), OTHER_NETWORK);
    }
    if (bytes != expected) {
      throw wrong(where, "expected data of " + expected + " bytes", bytes, SafeTensors.REPAIR);
    }
  }

  private static IllegalArgumentException wrong(
      String where, String expected, Object received, String fix) {
    return new IllegalArgumentException(
        where + ": " + expected + ". Received: " + received + "." + fix);
  }

  private static Entry entry(String where, String name, Object value) {
    if (value instanceof Map<?, ?> fields
        && fields.keySet().equals(Set.of("dtype", "shape", "data_offsets"))
        && fields.get("dtype") instanceof String dtype
        && fields.get("shape") instanceof List<?> shape
        && fields.get("data_offsets") instanceof List<?> offsets
        && offsets.size() == 2
        && longs(shape).size() == shape.size()
        && longs(offsets).size() == 2) {
      return new Entry(name, dtype, longs(shape), longs(offsets).get(0), longs(offsets).get(1));
    }
    throw wrong(
        where + ": tensor '" + name + "'",
        "expected dtype, shape and two data_offsets",
        Json.print(value),
        SafeTensors.REPAIR);
  }

  /** The integers among the values. */
  private static List<Long> longs(List<?> values) {
    return values.stream().filter(Long.class::isInstance).map(Long.class::cast).toList();
  }

  private static List<Long> sizes(NamedTensor tensor) {
    return Arrays.stream(tensor.shape().toArray()).mapToObj(Long::valueOf).toList();
  }
}
