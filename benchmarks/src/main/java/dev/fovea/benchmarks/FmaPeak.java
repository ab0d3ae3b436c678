package dev.fovea.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.OptionalDouble;

/** What one core can do at best: the native program {@code fma_peak} measures it. */
final class FmaPeak {
  private final Path program;
  private final String target;

  /**
   * @param programs folder of the native programs
   * @param target instruction set, as the library names it
   */
  FmaPeak(Path programs, String target) {
    this.program = programs.resolve("fma_peak");
    this.target = target;
  }

  /** Operations a second; empty where the program is not built. Takes a tenth of a second. */
  OptionalDouble measure() throws IOException {
    if (!program.toFile().canExecute()) {
      return OptionalDouble.empty();
    }
    Process process =
        new ProcessBuilder(program.toString(), target)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String answer =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    try {
      return OptionalDouble.of(1e9 * Double.parseDouble(answer));
    } catch (NumberFormatException e) {
      throw new IOException(
          "fma_peak: expected a number of GFLOP/s. Received: '%s'.".formatted(answer), e);
    }
  }
}
