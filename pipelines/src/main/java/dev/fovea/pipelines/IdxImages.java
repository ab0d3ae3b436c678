package dev.fovea.pipelines;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * Reads the MNIST file format, IDX, gzipped: big-endian integers (a magic number, then the sizes of
 * the dimensions), then one byte a value. Source: http://yann.lecun.com/exdb/mnist, "File formats".
 */
final class IdxImages {
  private static final int LABELS_MAGIC = 0x801; // unsigned bytes, one dimension
  private static final int IMAGES_MAGIC = 0x803; // unsigned bytes, three dimensions
  private static final int MAX_SIDE = 4096;

  private static final List<String> FASHION_MNIST =
      List.of(
          "T-shirt/top",
          "Trouser",
          "Pullover",
          "Dress",
          "Coat",
          "Sandal",
          "Shirt",
          "Sneaker",
          "Bag",
          "Ankle boot");

  private IdxImages() {}

  private record Images(int height, int width, List<byte[]> pixels) {}

  /** Fashion-MNIST (or any set of the same form) from the four files of {@code directory}. */
  static ImageSet read(Path directory) {
    Path trainImages = directory.resolve("train-images-idx3-ubyte.gz");
    Path testImages = directory.resolve("t10k-images-idx3-ubyte.gz");
    Images train = readImages(trainImages);
    Images test = readImages(testImages);
    if (test.height != train.height || test.width != train.width) {
      throw unexpected(
          testImages,
          "images of " + train.height + " x " + train.width + " pixels, as in " + trainImages,
          test.height + " x " + test.width);
    }
    return new ImageSet(
        "Fashion-MNIST",
        FASHION_MNIST,
        train.height,
        train.width,
        withLabels(train, directory.resolve("train-labels-idx1-ubyte.gz")),
        withLabels(test, directory.resolve("t10k-labels-idx1-ubyte.gz")));
  }

  private static List<LabelledImage> withLabels(Images images, Path file) {
    byte[] labels = readLabels(file);
    int count = images.pixels.size();
    if (labels.length != count) {
      throw unexpected(
          file, count + " labels, one for each image", Integer.toString(labels.length));
    }
    List<LabelledImage> labelled = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int label = labels[i] & 0xff;
      if (label >= FASHION_MNIST.size()) {
        throw unexpected(
            file,
            "labels 0 to " + (FASHION_MNIST.size() - 1),
            label + " (label " + i + " of the file)");
      }
      labelled.add(new LabelledImage(images.pixels.get(i), label));
    }
    return labelled;
  }

  private static Images readImages(Path file) {
    return read(
        file,
        IMAGES_MAGIC,
        (in, count) -> {
          int height = side(file, "height", in.readInt());
          int width = side(file, "width", in.readInt());
          List<byte[]> pixels = new ArrayList<>();
          for (int i = 0; i < count; i++) {
            byte[] image = new byte[height * width];
            in.readFully(image);
            pixels.add(image);
          }
          return new Images(height, width, pixels);
        });
  }

  private static byte[] readLabels(Path file) {
    return read(
        file,
        LABELS_MAGIC,
        (in, count) -> {
          byte[] labels = in.readNBytes(count);
          if (labels.length < count) {
            throw new EOFException();
          }
          return labels;
        });
  }

  private interface Body<T> {
    T read(DataInputStream in, int count) throws IOException;
  }

  private static <T> T read(Path file, int magic, Body<T> body) {
    if (!Files.isRegularFile(file)) {
      throw unexpected(file, "a file of the Fashion-MNIST set", "no such file");
    }
    try (InputStream compressed = Files.newInputStream(file);
        DataInputStream in = new DataInputStream(new GZIPInputStream(compressed, 1 << 16))) {
      int found = in.readInt();
      if (found != magic) {
        throw unexpected(
            file,
            String.format("the IDX magic number 0x%08x", magic),
            String.format("0x%08x", found));
      }
      int count = in.readInt();
      if (count < 0) {
        throw unexpected(file, "a count >= 0", Integer.toString(count));
      }
      return body.read(in, count);
    } catch (EOFException e) {
      throw unexpected(file, "as many bytes as its header announces", "a shorter file");
    } catch (IOException e) {
      throw unexpected(file, "a gzipped IDX file", String.valueOf(e.getMessage()));
    }
  }

  private static int side(Path file, String what, int pixels) {
    if (pixels < 1 || pixels > MAX_SIDE) {
      throw unexpected(file, "a " + what + " of 1 to " + MAX_SIDE, Integer.toString(pixels));
    }
    return pixels;
  }

  private static UsageException unexpected(Path file, String expected, String received) {
    return new UsageException(
        "File "
            + file
            + ": expected "
            + expected
            + ". Received: "
            + received
            + ". Give --data the directory with the four files of Fashion-MNIST, or leave it out.");
  }
}
