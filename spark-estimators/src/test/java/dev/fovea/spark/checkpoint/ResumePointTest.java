package dev.fovea.spark.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResumePointTest {
  private static final Configuration CONFIGURATION = FaultyFileSystem.configuration();
  private static final String NEWEST = "step-0000000020";

  @TempDir Path directory;

  @BeforeEach
  void write() throws IOException {
    CheckpointDirectory checkpoints =
        new CheckpointDirectory(FaultyFileSystem.uri(directory), CONFIGURATION, 3);
    checkpoints.write(Checkpoints.at(10));
    checkpoints.write(Checkpoints.at(20));
  }

  @Test
  void aDirectoryGivesItsNewest() {
    ResumePoint point = read("");

    Checkpoints.assertSame(point.checkpoint(), Checkpoints.at(20));
    assertThat(point.path().getName()).isEqualTo(NEWEST);
    assertThat(point.directory()).isEqualTo(path(""));
  }

  @Test
  void aNamedCheckpointIsTaken() throws IOException {
    Checkpoints.assertSame(read("step-0000000010").checkpoint(), Checkpoints.at(10));
    assertThat(read("step-0000000010").directory()).isNull();
    Files.move(directory.resolve("step-0000000010"), directory.resolve("good"));
    Checkpoints.assertSame(read("good").checkpoint(), Checkpoints.at(10));
  }

  @Test
  void localPathsNeedNoScheme() {
    Checkpoint read = ResumePoint.read(directory.toString(), CONFIGURATION).checkpoint();

    Checkpoints.assertSame(read, Checkpoints.at(20));
  }

  @Test
  void aHostThatNobodyKnowsIsNamed() {
    assertThatThrownBy(() -> ResumePoint.read("hdfs://nowhere.invalid/fit", CONFIGURATION))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Param resumeFrom: expected a checkpoint that the driver can read. Received:"
                + " hdfs://nowhere.invalid/fit (java.net.UnknownHostException: nowhere.invalid)."
                + " Set resumeFrom to another one, or leave it out to begin anew.");
  }

  @Test
  void aFileThatIsCutOffIsDamage() throws IOException {
    byte[] weights = Files.readAllBytes(file("weights.safetensors"));
    Files.write(file("weights.safetensors"), Arrays.copyOf(weights, 100));

    damaged("expected %d bytes in weights.safetensors. Received: 100.".formatted(weights.length));
  }

  @Test
  void aByteThatChangedIsDamage() throws IOException {
    byte[] slots = Files.readAllBytes(file("optimizer.safetensors"));
    slots[slots.length - 3] ^= 1;
    Files.write(file("optimizer.safetensors"), slots);
    String json = Files.readString(file("training.json"));
    String sum = json.replaceAll("(?s).*optimizer.safetensors.*\"crc32c\": \"(\\w+)\".*", "$1");

    assertThatThrownBy(() -> read(NEWEST))
        .isInstanceOf(DamagedCheckpointException.class)
        .hasMessageMatching(
            "Checkpoint \\S+: expected checksum "
                + sum
                + " of optimizer\\.safetensors\\. Received: [0-9a-f]{8}\\. Set resumeFrom to \\S+"
                + " for its newest whole checkpoint, or to another one\\.");
    fallsBack();
  }

  @Test
  void aHeaderThatChangedIsDamage() throws IOException {
    byte[] weights = Files.readAllBytes(file("weights.safetensors"));
    weights[9] = '{';
    Files.write(file("weights.safetensors"), weights);

    assertThatThrownBy(() -> read(NEWEST))
        .isInstanceOf(DamagedCheckpointException.class)
        .hasMessageContaining(" of weights.safetensors. Received: ")
        .hasMessageContaining("expected checksum ");
    fallsBack();
  }

  @Test
  void aFileThatIsGoneIsDamage() throws IOException {
    Files.delete(file("optimizer.safetensors"));

    damaged("expected training.json and all files in it. Received: no such file.");
  }

  @Test
  void whatTheFileSystemFindsChangedIsDamage() throws IOException {
    String uri = "file:" + directory.resolve("summed");
    Path weights = directory.resolve("summed/step-0000000030/weights.safetensors");
    new CheckpointDirectory(uri, CONFIGURATION, 1).write(Checkpoints.at(30));
    assertThat(weights.resolveSibling(".weights.safetensors.crc")).exists();
    byte[] changed = Files.readAllBytes(weights);
    changed[changed.length - 1] ^= 1;
    Files.write(weights, changed);

    assertThatThrownBy(() -> ResumePoint.read(uri, CONFIGURATION))
        .isInstanceOf(DamagedCheckpointException.class)
        .hasMessageMatching(
            "Checkpoint file:\\S+/step-0000000030: expected files as they were written\\. Received:"
                + " Checksum error: file:\\S+/weights\\.safetensors at \\d+ exp: -?\\d+ got:"
                + " -?\\d+\\. Set resumeFrom to file:\\S+/summed for its newest whole checkpoint,"
                + " or to another one\\.");
  }

  @Test
  void aTrainingFileThatIsCutOffIsDamage() throws IOException {
    String json = Files.readString(file("training.json"));
    Files.writeString(file("training.json"), json.substring(0, json.indexOf("\"rowsOfShards\"")));

    damaged("training.json line 7: expected a key in quotes. Received: the end.");
  }

  @Test
  void aTrainingFileOfAnotherFormatIsDamage() throws IOException {
    edit("fovea checkpoint 1", "fovea checkpoint 2");
    damaged(
        "training.json: expected 'fovea checkpoint 1' as format. Received: \"fovea checkpoint"
            + " 2\".");
  }

  @Test
  void aTrainingFileWithoutAFieldIsDamage() throws IOException {
    edit("\"batchSize\": 16", "\"batchSize\": -16");
    damaged("training.json: expected a count as 'batchSize'. Received: -16.");
    edit("\"batchSize\": -16", "\"size\": 16");
    damaged("training.json: expected an integer as 'batchSize'. Received: null.");
    edit("\"size\": 16", "\"batchSize\": 16");
    edit("\"-9223372036854775808\"", "\"seven\"");
    damaged("training.json: expected an integer in quotes as 'seed'. Received: \"seven\".");
    edit("\"seven\"", "\"7\"");
    edit("\"weights.safetensors\"", "\"weights\"");
    damaged(
        "training.json: expected 'weights.safetensors' in 'files'. Received:"
            + " [\"weights\",\"optimizer.safetensors\"].");
  }

  @Test
  void aDirectoryWithoutAWholeCheckpointIsRefused() throws IOException {
    Files.delete(directory.resolve("step-0000000010/training.json"));
    Files.delete(file("training.json"));

    assertThatThrownBy(() -> read(""))
        .isInstanceOf(DamagedCheckpointException.class)
        .hasMessage(
            message(
                "step-0000000010",
                "expected training.json and all files in it. Received: no such file."));
  }

  @Test
  void aPlaceWithoutACheckpointIsRefused() throws IOException {
    Files.createDirectory(directory.resolve("empty"));
    for (String name : new String[] {"nowhere", "empty", "step-0000000015"}) {
      assertThatThrownBy(() -> read(name))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "Param resumeFrom: expected a checkpoint or a directory of checkpoints. Received: "
                  + path(name)
                  + " (no checkpoint there). Set resumeFrom to another one, or leave it out to"
                  + " begin anew.");
    }
  }

  @Test
  void aFileSystemThatDoesNotAnswerIsRefused() {
    assertThatThrownBy(() -> ResumePoint.read("nowhere://host/checkpoints", CONFIGURATION))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Param resumeFrom: expected a checkpoint that the driver can read. Received:"
                + " nowhere://host/checkpoints (No FileSystem for scheme \"nowhere\"). Set"
                + " resumeFrom to another one, or leave it out to begin anew.");
  }

  /** The named one is refused with the problem; the directory gives the one before. */
  private void damaged(String problem) {
    assertThatThrownBy(() -> read(NEWEST))
        .isInstanceOf(DamagedCheckpointException.class)
        .hasMessage(message(NEWEST, problem));
    fallsBack();
  }

  private void fallsBack() {
    ResumePoint point = read("");
    Checkpoints.assertSame(point.checkpoint(), Checkpoints.at(10));
    assertThat(point.path()).isEqualTo(path("step-0000000010"));
  }

  private String message(String name, String problem) {
    return "Checkpoint %s: %s Set resumeFrom to %s for its newest whole checkpoint, or to another one."
        .formatted(path(name), problem, path(name).getParent());
  }

  private void edit(String old, String replacement) throws IOException {
    String json = Files.readString(file("training.json"));
    assertThat(json).contains(old);
    Files.writeString(file("training.json"), json.replace(old, replacement));
  }

  private ResumePoint read(String name) {
    return ResumePoint.read(FaultyFileSystem.uri(directory.resolve(name)), CONFIGURATION);
  }

  private org.apache.hadoop.fs.Path path(String name) {
    return new org.apache.hadoop.fs.Path(FaultyFileSystem.uri(directory.resolve(name)));
  }

  private Path file(String name) {
    return directory.resolve(NEWEST).resolve(name);
  }
}
