package dev.fovea.spark.checkpoint;

import dev.fovea.core.exchange.TrainingState;
import dev.fovea.core.format.SlotsFile;
import dev.fovea.core.format.WeightsFile;
import dev.fovea.core.network.Network;
import dev.fovea.core.optimizer.Optimizer;
import dev.fovea.core.optimizer.OptimizerMemory;
import dev.fovea.core.runtime.NetworkDescription;
import dev.fovea.core.tensor.Weights;
import java.io.BufferedInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The files of one checkpoint: {@code weights.safetensors}, {@code optimizer.safetensors} and, last
 * of all, {@code training.json}, which has the lengths and checksums of the others.
 *
 * @param directory theirs alone
 */
record CheckpointFiles(FileSystem files, Path directory) {
  static final String WEIGHTS = "weights.safetensors";
  static final String OPTIMIZER = "optimizer.safetensors";
  static final String TRAINING = "training.json";
  private static final Map<String, String> METADATA = Map.of("format", "fovea");
  private static final int BUFFER_BYTES = 1 << 20;

  /** What goes into a file. */
  private interface Content {
    void write(OutputStream out) throws IOException;
  }

  /** What comes out of a file. */
  private interface Reader<T> {
    T read(InputStream in) throws IOException;
  }

  void write(Checkpoint checkpoint) throws IOException {
    TrainingState state = checkpoint.state();
    NetworkDescription network = Network.parse(checkpoint.settings().network()).describe();
    Map<String, FileSum> sums = new LinkedHashMap<>();
    sums.put(
        WEIGHTS, write(WEIGHTS, out -> WeightsFile.write(out, network, state.weights(), METADATA)));
    sums.put(
        OPTIMIZER,
        write(
            OPTIMIZER, out -> SlotsFile.write(out, network, state.optimizer().slots(), METADATA)));
    byte[] json = TrainingJson.of(checkpoint, sums).print().getBytes(StandardCharsets.UTF_8);
    write(TRAINING, out -> out.write(json));
  }

  /**
   * The checkpoint, in memory of its own.
   *
   * @throws DamagedCheckpointException if it is not whole
   * @throws IOException if the file system does not answer
   */
  Checkpoint read() throws IOException {
    try {
      TrainingJson json = readJson();
      TrainingSettings settings = json.settings();
      NetworkDescription network = Network.parse(settings.network()).describe();
      int slots = Optimizer.parse(settings.optimizer()).stateSlots();
      Weights weights = read(WEIGHTS, json, in -> WeightsFile.read(in, WEIGHTS, network));
      ByteBuffer memory =
          read(OPTIMIZER, json, in -> SlotsFile.read(in, OPTIMIZER, network, slots));
      long steps = json.position().step() - 1;
      TrainingState state =
          new TrainingState(
              json.position(),
              json.rowsOfShards(),
              json.running(),
              weights,
              new OptimizerMemory(steps, memory));
      return new Checkpoint(settings, state, json.history());
    } catch (DamagedCheckpointException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new DamagedCheckpointException(directory, e.getMessage(), e);
    } catch (ChecksumException e) {
      throw damaged("expected files as they were written. Received: " + e.getMessage() + ".", e);
    } catch (FileNotFoundException e) {
      throw damaged("expected " + TRAINING + " and all files in it. Received: no such file.", e);
    }
  }

  private FileSum write(String name, Content content) throws IOException {
    CRC32C sum = new CRC32C();
    FSDataOutputStream file = files.create(path(name), false);
    try (OutputStream out = new CheckedOutputStream(file, sum)) {
      content.write(out);
      return FileSum.of(file.getPos(), sum);
    }
  }

  private TrainingJson readJson() throws IOException {
    try (InputStream in = files.open(path(TRAINING))) {
      return TrainingJson.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  private <T> T read(String name, TrainingJson json, Reader<T> reader) throws IOException {
    FileSum expected = json.file(name);
    long bytes = files.getFileStatus(path(name)).getLen();
    if (bytes != expected.bytes()) {
      throw damaged(
          "expected %d bytes in %s. Received: %d.".formatted(expected.bytes(), name, bytes), null);
    }
    CRC32C sum = new CRC32C();
    T value = null;
    IllegalArgumentException wrong = null;
    try (InputStream in =
        new CheckedInputStream(
            new BufferedInputStream(files.open(path(name)), BUFFER_BYTES), sum)) {
      try {
        value = reader.read(in);
      } catch (IllegalArgumentException e) {
        wrong = e;
        in.transferTo(OutputStream.nullOutputStream());
      }
    }
    FileSum received = FileSum.of(bytes, sum);
    if (!received.equals(expected)) {
      throw damaged(
          "expected checksum %s of %s. Received: %s."
              .formatted(expected.crc32c(), name, received.crc32c()),
          wrong);
    }
    if (wrong != null) {
      throw wrong;
    }
    return value;
  }

  private DamagedCheckpointException damaged(String problem, Exception cause) {
    return new DamagedCheckpointException(directory, problem, cause);
  }

  private Path path(String name) {
    return new Path(directory, name);
  }
}
