package dev.fovea.spark.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.core.exchange.Directive;
import dev.fovea.core.format.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointDirectoryTest {
  private static final Configuration CONFIGURATION = FaultyFileSystem.configuration();

  @TempDir Path temporary;

  @AfterEach
  void heal() {
    FaultyFileSystem.heal();
  }

  @ParameterizedTest
  @ValueSource(strings = {"file", "faulty"})
  void aCheckpointReadsBackBitForBit(String scheme) throws IOException {
    CheckpointDirectory directory = directory(scheme, 3);
    for (Checkpoint checkpoint :
        List.of(Checkpoints.at(4), Checkpoints.finishedAt(9), withOptimizer("Sgd momentum=0"))) {
      Checkpoints.assertSame(directory.read(directory.write(checkpoint)), checkpoint);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"file", "faulty"})
  void theNewestAreKept(String scheme) throws IOException {
    CheckpointDirectory directory = directory(scheme, 2);
    for (long steps : new long[] {5, 10, 99, 100, 1_000_000}) {
      directory.write(Checkpoints.at(steps));
    }

    assertThat(names(directory)).containsExactly("step-0000000100", "step-0001000000");
    assertThat(entries()).containsExactly("step-0000000100", "step-0001000000");
  }

  @Test
  void namesHaveAsciiDigitsEverywhere() throws IOException {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("ar-EG"));
    try {
      assertThat(directory("faulty", 1).write(Checkpoints.at(12)).getName())
          .isEqualTo("step-0000000012");
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void laterCheckpointsStayAndDoNotCount() throws IOException {
    CheckpointDirectory directory = directory("file", 1);
    directory.write(Checkpoints.at(300));
    directory.write(Checkpoints.at(200));
    directory.write(Checkpoints.at(250));

    assertThat(names(directory)).containsExactly("step-0000000250", "step-0000000300");
  }

  @Test
  void theSameStepTakesThePlaceOfADamagedOne() throws IOException {
    CheckpointDirectory directory = directory("file", 3);
    Files.createDirectories(checkpoints().resolve("step-0000000007/remains"));
    directory.write(Checkpoints.at(7));

    Checkpoints.assertSame(directory.read(directory.list().get(0)), Checkpoints.at(7));
    assertThat(checkpoints().resolve("step-0000000007/remains")).doesNotExist();
  }

  @Test
  void theFilesAreThoseOfOpenFormats() throws IOException {
    directory("faulty", 3).write(Checkpoints.at(6));
    Path checkpoint = checkpoints().resolve("step-0000000006");

    assertThat(list(checkpoint))
        .containsExactly("optimizer.safetensors", "training.json", "weights.safetensors");
    assertThat(
            Files.readString(
                checkpoint.resolve("optimizer.safetensors"), StandardCharsets.ISO_8859_1))
        .contains("slot0.hidden.weight", "slot1.logits.bias");
    Map<String, Object> json =
        Json.parseObject(Files.readString(checkpoint.resolve("training.json")), "training.json");
    assertThat(json)
        .containsEntry("format", "fovea checkpoint 1")
        .containsEntry("steps", 6L)
        .containsEntry("epoch", 1L)
        .containsEntry("stepOfEpoch", 2L)
        .containsEntry("finished", false)
        .containsEntry("rowsOfShards", List.of(30L, 0L, 34L))
        .containsEntry("batchSize", 16L)
        .containsEntry("seed", "-9223372036854775808")
        .containsEntry("network", Checkpoints.SETTINGS.network().lines().toList())
        .containsEntry("history", Map.of("epochs", List.of(Map.of("loss", 0.125))));
  }

  @Test
  void aWriterThatDiesAnywhereLeavesTheOlderCheckpoint() throws IOException {
    int deaths = 0;
    boolean dies = true;
    for (; dies; deaths++) {
      Path place = Files.createDirectory(temporary.resolve("death" + deaths));
      CheckpointDirectory directory = directory(FaultyFileSystem.uri(place), 1);
      directory.write(Checkpoints.at(10));
      dies = diesAt(deaths, directory, Checkpoints.at(20));
      boolean isIn = Files.exists(place.resolve("step-0000000020"));

      ResumePoint point = ResumePoint.read(FaultyFileSystem.uri(place), CONFIGURATION);
      Checkpoints.assertSame(point.checkpoint(), Checkpoints.at(isIn ? 20 : 10));
      directory.write(Checkpoints.at(30));
      assertThat(list(place)).containsExactly("step-0000000030");
    }
    assertThat(deaths)
        .as("mkdirs, begin and write 3 files, delete, rename, delete")
        .isGreaterThan(9);
  }

  @Test
  void whatAKilledWriterLeftIsIgnoredAndRemovedByTheNext() throws IOException {
    Path leftover = Files.createDirectories(checkpoints().resolve(".step-0000000090"));
    Files.writeString(leftover.resolve("weights.safetensors"), "half");
    CheckpointDirectory directory = directory("file", 3);
    assertThat(directory.list()).isEmpty();

    directory.write(Checkpoints.at(1));
    assertThat(entries()).containsExactly("step-0000000001");
  }

  @Test
  void otherFilesAreLeftAlone() throws IOException {
    Files.createDirectories(checkpoints().resolve("step-12"));
    Files.writeString(checkpoints().resolve("step-0000000012"), "a file");
    Files.writeString(checkpoints().resolve("notes.txt"), "mine");
    CheckpointDirectory directory = directory("file", 1);
    directory.write(Checkpoints.at(20));

    assertThat(names(directory)).containsExactly("step-0000000020");
    assertThat(entries())
        .containsExactly("notes.txt", "step-0000000012", "step-0000000020", "step-12");
  }

  @Test
  void aDirectoryIsMadeAndTried() throws IOException {
    CheckpointDirectory directory = directory("file", 3);
    assertThatCode(directory::requireWritable).doesNotThrowAnyException();

    assertThat(checkpoints()).isEmptyDirectory();
  }

  @Test
  void aDirectoryThatCannotBeWrittenIsRefused() throws IOException {
    Path file = Files.writeString(temporary.resolve("file"), "no directory");
    String below = "file:" + file + "/checkpoints";
    refuses(
        directory(below, 3),
        "Param checkpointDir: expected a directory that the driver can write. Received: "
            + below
            + " (Parent path is not a directory: file:"
            + file
            + "). Set checkpointDir to another directory, or leave it out.");
    refuses(
        directory("nowhere://host/checkpoints", 3),
        "Param checkpointDir: expected a directory that the driver can write. Received:"
            + " nowhere://host/checkpoints (No FileSystem for scheme \"nowhere\"). Set checkpointDir"
            + " to another directory, or leave it out.");
    FaultyFileSystem.hook(
        (operation, path) -> {
          if (operation.equals("create")) {
            throw new IOException("no permission");
          }
        });
    String faulty = FaultyFileSystem.uri(checkpoints());
    refuses(
        directory(faulty, 3),
        "Param checkpointDir: expected a directory that the driver can write. Received: "
            + new org.apache.hadoop.fs.Path(faulty)
            + " (no permission). Set checkpointDir to another directory, or leave it out.");
  }

  private static void refuses(CheckpointDirectory directory, String message) {
    assertThatThrownBy(directory::requireWritable)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  /** False if the write needs fewer operations than so many. */
  private static boolean diesAt(int operation, CheckpointDirectory directory, Checkpoint checkpoint)
      throws IOException {
    AtomicInteger left = new AtomicInteger(operation);
    FaultyFileSystem.hook(
        (name, path) -> {
          if (left.getAndDecrement() <= 0) {
            throw new IOException("dead");
          }
        });
    try {
      directory.write(checkpoint);
      return false;
    } catch (IOException e) {
      assertThat(e).hasMessage("dead");
      return true;
    } finally {
      FaultyFileSystem.heal();
    }
  }

  private static Checkpoint withOptimizer(String optimizer) {
    return Checkpoints.of(
        new TrainingSettings(Checkpoints.NETWORK, optimizer, -1, 8), 12, Directive.STEP);
  }

  private CheckpointDirectory directory(String schemeOrUri, int kept) {
    String uri = schemeOrUri.contains(":") ? schemeOrUri : schemeOrUri + "://" + checkpoints();
    return new CheckpointDirectory(uri, CONFIGURATION, kept);
  }

  private Path checkpoints() {
    return temporary.resolve("checkpoints");
  }

  private static List<String> names(CheckpointDirectory directory) throws IOException {
    return directory.list().stream().map(org.apache.hadoop.fs.Path::getName).toList();
  }

  private List<String> entries() {
    return list(checkpoints());
  }

  private static List<String> list(Path path) {
    return Arrays.stream(path.toFile().list()).sorted().toList();
  }
}
