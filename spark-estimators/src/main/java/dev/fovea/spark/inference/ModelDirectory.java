package dev.fovea.spark.inference;

import dev.fovea.core.format.WeightsFile;
import dev.fovea.core.network.Network;
import dev.fovea.core.tensor.Weights;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of a saved model beside Spark's metadata, on any Hadoop file system: {@code
 * network.txt}, {@code weights.safetensors}, {@code history.json}.
 */
public final class ModelDirectory {
  private static final Logger LOG = LoggerFactory.getLogger(ModelDirectory.class);
  private static final String NETWORK = "network.txt";
  private static final String WEIGHTS = "weights.safetensors";
  private static final String HISTORY = "history.json";
  private static final int BUFFER_BYTES = 1 << 20;

  private final Path directory;
  private final Configuration configuration;

  public ModelDirectory(String directory, Configuration configuration) {
    this.directory = new Path(directory);
    this.configuration = configuration;
  }

  /** Writes the files; the directory exists. */
  public void write(TrainedNetwork trained, Optional<String> historyJson) {
    writeText(NETWORK, trained.text());
    historyJson.ifPresent(json -> writeText(HISTORY, json));
    try (OutputStream out = create(WEIGHTS)) {
      WeightsFile.write(
          out, trained.network().describe(), trained.weights(), Map.of("format", "fovea"));
    } catch (IOException e) {
      throw failed(WEIGHTS, e);
    }
  }

  /**
   * The network with its weights.
   *
   * @throws IllegalArgumentException if a file is missing or not what it should be
   */
  public TrainedNetwork readNetwork() {
    String text = readText(NETWORK);
    ClassifierNetwork network;
    try {
      network = ClassifierNetwork.of(Network.parse(text));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "Network file " + path(NETWORK) + ": " + e.getMessage(), e);
    }
    try (InputStream in = open(WEIGHTS)) {
      Weights weights =
          WeightsFile.read(in, "Weights file " + path(WEIGHTS), network.description());
      return new TrainedNetwork(network, weights);
    } catch (IOException e) {
      throw failed(WEIGHTS, e);
    }
  }

  /**
   * What {@code parse} makes of the history; empty where there is none, and with a warning where it
   * cannot be read, since no prediction needs it.
   */
  public <T> Optional<T> readHistory(Function<String, T> parse) {
    try {
      return fileSystem().exists(path(HISTORY))
          ? Optional.of(parse.apply(readText(HISTORY)))
          : Optional.empty();
    } catch (IllegalArgumentException | UncheckedIOException e) {
      LOG.warn("Model file {}: the model has no summary. {}", path(HISTORY), e.getMessage());
      return Optional.empty();
    } catch (IOException e) {
      throw failed(HISTORY, e);
    }
  }

  private void writeText(String name, String text) {
    try (OutputStream out = create(name)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw failed(name, e);
    }
  }

  private String readText(String name) {
    try (InputStream in = open(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw failed(name, e);
    }
  }

  private OutputStream create(String name) throws IOException {
    return new BufferedOutputStream(fileSystem().create(path(name), true), BUFFER_BYTES);
  }

  private InputStream open(String name) throws IOException {
    try {
      return new BufferedInputStream(fileSystem().open(path(name)), BUFFER_BYTES);
    } catch (FileNotFoundException e) {
      throw new IllegalArgumentException(
          String.format(
              "Model directory %s: expected a file %s. Received: none. Save the model again or"
                  + " restore the file.",
              directory, name),
          e);
    }
  }

  private FileSystem fileSystem() throws IOException {
    return directory.getFileSystem(configuration);
  }

  private Path path(String name) {
    return new Path(directory, name);
  }

  private UncheckedIOException failed(String name, IOException cause) {
    return new UncheckedIOException("Model file " + path(name) + ": " + cause.getMessage(), cause);
  }
}
