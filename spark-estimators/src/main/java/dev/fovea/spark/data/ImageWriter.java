package dev.fovea.spark.data;

import dev.fovea.core.tensor.DataType;
import java.nio.ByteBuffer;
import org.apache.spark.sql.Row;

/** Writes the pixels of an image: bytes as they are, or as floats 0 to 255. */
final class ImageWriter implements FeatureWriter {
  private static final long serialVersionUID = 1;

  private final String column;
  private final ImageRows images;
  private final int height;
  private final int width;
  private final int channels;
  private final DataType dtype;
  private final boolean resize;

  /** {@code shape} is [H, W, C]. */
  ImageWriter(String column, ImageRows images, int[] shape, DataType dtype, boolean resize) {
    this.column = column;
    this.images = images;
    this.height = shape[0];
    this.width = shape[1];
    this.channels = shape[2];
    this.dtype = dtype;
    this.resize = resize;
  }

  @Override
  public void write(Object features, ByteBuffer record) throws InvalidValueException {
    byte[] pixels = pixels((Row) features);
    if (dtype == DataType.UINT8) {
      record.put(pixels);
    } else {
      for (byte pixel : pixels) {
        record.putFloat(pixel & 0xff);
      }
    }
  }

  /** The pixels [H, W, C] of the network's size. */
  private byte[] pixels(Row image) throws InvalidValueException {
    if (image == null) {
      throw invalid("an image", "null", "");
    }
    if (images.isUndefined(image)) {
      throw invalid("an image", "an undefined image (" + images.origin(image) + ")", "");
    }
    int ih = images.height(image);
    int iw = images.width(image);
    if (images.channels(image) != channels) {
      throw invalid(
          "an image of " + count(channels, "channel"),
          count(images.channels(image), "channel") + " (" + images.origin(image) + ")",
          "Convert the image, or give the network an Input of that many channels.");
    }
    byte[] pixels = images.data(image);
    if (pixels.length != (long) ih * iw * channels) {
      throw invalid(
          String.format(
              "%d bytes of pixels (%dx%dx%d)", (long) ih * iw * channels, ih, iw, channels),
          pixels.length + " (" + images.origin(image) + ")",
          "");
    }
    if (ih == height && iw == width) {
      return pixels;
    }
    if (!resize) {
      throw invalid(
          String.format("an image of %dx%d pixels, height x width", height, width),
          String.format("%dx%d (%s)", ih, iw, images.origin(image)),
          "Set resize=true to bring images to the network's size.");
    }
    return ImageResize.resize(pixels, ih, iw, channels, height, width);
  }

  private static String count(int number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }

  private InvalidValueException invalid(String expected, String received, String fix) {
    return new InvalidValueException(column, expected, received, fix);
  }
}
