package dev.fovea.benchmarks;

import dev.fovea.core.runtime.NativeLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;

/** What a figure depends on beside the code: without it, a figure says little. */
final class Machine {
  private Machine() {}

  /** Markdown list of date, commit, CPU and versions. */
  static List<String> lines(String sparkVersion) throws IOException {
    return List.of(
        "- date: " + LocalDate.now(ZoneOffset.UTC),
        "- commit: " + System.getProperty("fovea.commit", "unknown"),
        "- cpu: " + cpu() + ", " + Runtime.getRuntime().availableProcessors() + " cores",
        "- kernels: " + NativeLibrary.info().target(),
        "- java " + Runtime.version() + ", Spark " + sparkVersion);
  }

  private static String cpu() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("unknown");
    }
  }
}
