package dev.fovea.spark.data;

/**
 * Resizes byte images by the triangle filter: bilinear interpolation where an image grows, and the
 * same triangle widened by the scale where it shrinks, so that fine patterns are averaged instead
 * of sampled. Pixel centres lie at half integers; the border is the nearest pixel.
 *
 * <p>Source: the separable filter of Turkowski, "Filters for common resampling tasks", 1990; equal
 * to Pillow's BILINEAR up to rounding.
 */
final class ImageResize {
  /** For each destination index: the first source index and the weights from there on. */
  private static final class Axis {
    final int[] first;
    final float[][] weights;

    Axis(int[] first, float[][] weights) {
      this.first = first;
      this.weights = weights;
    }
  }

  private ImageResize() {}

  /**
   * The image at another size.
   *
   * @param src bytes [IH, IW, C]
   * @return bytes [OH, OW, C]
   */
  static byte[] resize(byte[] src, int ih, int iw, int channels, int oh, int ow) {
    Axis columns = axis(iw, ow);
    float[] narrowed = new float[ih * ow * channels]; // [IH, OW, C]
    for (int y = 0; y < ih; y++) {
      for (int x = 0; x < ow; x++) {
        float[] weights = columns.weights[x];
        for (int c = 0; c < channels; c++) {
          float sum = 0;
          int at = (y * iw + columns.first[x]) * channels + c;
          for (float weight : weights) {
            sum += weight * (src[at] & 0xff);
            at += channels;
          }
          narrowed[(y * ow + x) * channels + c] = sum;
        }
      }
    }
    Axis rows = axis(ih, oh);
    byte[] dst = new byte[oh * ow * channels];
    int line = ow * channels;
    for (int y = 0; y < oh; y++) {
      float[] weights = rows.weights[y];
      for (int i = 0; i < line; i++) {
        float sum = 0.5f;
        int at = rows.first[y] * line + i;
        for (float weight : weights) {
          sum += weight * narrowed[at];
          at += line;
        }
        dst[y * line + i] = (byte) Math.min(255, (int) sum);
      }
    }
    return dst;
  }

  private static Axis axis(int from, int to) {
    double scale = (double) from / to;
    double reach = Math.max(1, scale);
    int[] first = new int[to];
    float[][] weights = new float[to][];
    for (int i = 0; i < to; i++) {
      double center = (i + 0.5) * scale;
      first[i] = Math.max(0, (int) Math.floor(center - reach + 0.5));
      int end = Math.min(from, (int) Math.floor(center + reach + 0.5));
      double[] triangle = new double[end - first[i]];
      double sum = 0;
      for (int j = 0; j < triangle.length; j++) {
        triangle[j] = Math.max(0, 1 - Math.abs(first[i] + j + 0.5 - center) / reach);
        sum += triangle[j];
      }
      weights[i] = new float[triangle.length];
      for (int j = 0; j < triangle.length; j++) {
        weights[i][j] = (float) (triangle[j] / sum);
      }
    }
    return new Axis(first, weights);
  }
}
