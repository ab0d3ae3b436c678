package dev.fovea.spark.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ImageResizeTest {
  @Test
  void aConstantImageStaysConstantAtAnySize() {
    byte[] src = new byte[5 * 7 * 3];
    Arrays.fill(src, (byte) 200);
    for (int size : new int[] {1, 2, 5, 7, 13, 64}) {
      byte[] dst = ImageResize.resize(src, 5, 7, 3, size, size + 1);
      assertThat(dst).hasSize(size * (size + 1) * 3).containsOnly((byte) 200);
    }
  }

  @Test
  void theSameSizeIsTheSameImage() {
    byte[] src = {0, 10, 20, 30, 40, (byte) 255};
    assertThat(ImageResize.resize(src, 2, 3, 1, 2, 3)).isEqualTo(src);
  }

  @Test
  void shrinkingAveragesWithATriangle() {
    // Two to one: weights 3, 3, 1 of the nearest three pixels, over 7; the fourth lies outside.
    byte[] src = {0, 80, (byte) 160, (byte) 240};
    assertThat(ImageResize.resize(src, 1, 4, 1, 1, 2)).containsExactly(57, 183 - 256);
  }

  @Test
  void growingInterpolates() {
    // Centres at 1/4 and 3/4 between two pixels.
    byte[] src = {0, 100};
    assertThat(ImageResize.resize(src, 2, 1, 1, 4, 1)).containsExactly(0, 25, 75, 100);
  }

  @Test
  void channelsStayApart() {
    byte[] src = {10, 100, 20, 120};
    assertThat(ImageResize.resize(src, 1, 2, 2, 1, 1)).containsExactly(15, 110);
  }
}
