package dev.fovea.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/** What a figure depends on beside the code: without it, a figure says little. */
final class Machine {
  private Machine() {}

  /**
   * Markdown list of date, commit, CPU and Java.
   *
   * @param target instruction set of Fovea's kernels
   * @param peak operations a second of one core at best
   */
  static List<String> lines(String target, OptionalDouble peak) throws IOException {
    String atBest =
        peak.isEmpty()
            ? ""
            : String.format(
                Locale.ROOT, ", FMA peak %.0f GFLOP/s a core", peak.getAsDouble() / 1e9);
    return List.of(
        "- date: " + LocalDate.now(ZoneOffset.UTC),
        "- commit: " + System.getProperty("fovea.commit", "unknown"),
        "- machine: " + cpuInfo("model name") + ", " + cores() + " cores",
        "- kernels: " + target + atBest,
        "- Java " + Runtime.version());
  }

  static int cores() {
    return Runtime.getRuntime().availableProcessors();
  }

  /** True where the CPU multiplies bfloat16 by itself. */
  static boolean hasBfloat16() throws IOException {
    List<String> flags = Arrays.asList(cpuInfo("flags").split(" ", -1));
    return flags.contains("avx512_bf16") || flags.contains("amx_bf16");
  }

  private static String cpuInfo(String key) throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines
          .filter(line -> line.startsWith(key))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("unknown");
    }
  }
}
