package dev.fovea.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LauncherTest {
  @TempDir Path elsewhere;

  @Test
  void namesTheCommandsWhenOneIsUnknown() throws Exception {
    assertThat(launch("train-fashion"))
        .isEqualTo(
            "2: Command: expected one of train-fashion-mnist, test, benchmark, submit, help."
                + " Received: 'train-fashion'.\n");
  }

  @Test
  void namesWhatTestTakes() throws Exception {
    assertThat(launch("test", "--fast"))
        .isEqualTo(
            "2: Command test: expected no argument, --matrix or --emulate. Received: '--fast'.\n");
  }

  @Test
  void namesWhatCanBeEmulated() throws Exception {
    assertThat(launch("test", "--emulate", "sse"))
        .isEqualTo("1: Emulator: expected target avx512. Received: 'sse'.\n");
  }

  @Test
  void submitNeedsAClass() throws Exception {
    assertThat(launch("submit"))
        .isEqualTo("2: Command submit: expected the name of a class. Received: nothing.\n");
  }

  @Test
  void helpListsEveryCommand() throws Exception {
    assertThat(launch("help"))
        .startsWith("0: Usage: bin/fovea COMMAND")
        .contains("\n  train-fashion-mnist ", "\n  test ", "\n  benchmark ", "\n  submit CLASS ");
    assertThat(launch()).isEqualTo(launch("help"));
  }

  @Test
  void setupSaysNothingWhereNothingIsMissing() throws Exception {
    assertThat(run(List.of(Repository.root().resolve("bin/setup").toString()))).isEqualTo("0: ");
  }

  @Test
  void setupNamesWhatItTakes() throws Exception {
    assertThat(run(List.of(Repository.root().resolve("bin/setup").toString(), "--fast")))
        .isEqualTo("2: Setup: expected no argument or --peers. Received: '--fast'.\n");
  }

  /** From another directory, through a link: status and output. */
  private String launch(String... arguments) throws IOException, InterruptedException {
    Path link = elsewhere.resolve("fovea link");
    if (!Files.exists(link)) {
      Files.createSymbolicLink(link, Repository.root().resolve("bin/fovea"));
    }
    List<String> command = new ArrayList<>(List.of(link.toString()));
    command.addAll(List.of(arguments));
    return run(command);
  }

  private String run(List<String> command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).directory(elsewhere.toFile()).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return process.waitFor() + ": " + output;
  }
}
