package dev.fovea.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class GlyphImagesTest {
  @Test
  void theSameSeedDrawsTheSameBytes() {
    ImageSet first = GlyphImages.draw(120, 42);
    ImageSet second = GlyphImages.draw(120, 42);

    assertThat(all(second)).hasSameSizeAs(all(first));
    for (int i = 0; i < 120; i++) {
      assertThat(all(second).get(i).pixels()).isEqualTo(all(first).get(i).pixels());
      assertThat(all(second).get(i).label()).isEqualTo(all(first).get(i).label());
    }
  }

  @Test
  void anotherSeedDrawsOtherImages() {
    assertThat(all(GlyphImages.draw(60, 43)).get(0).pixels())
        .isNotEqualTo(all(GlyphImages.draw(60, 42)).get(0).pixels());
  }

  @Test
  void aSixthIsForTestingAndEveryClassIsAsFrequentAsAnyOther() {
    ImageSet set = GlyphImages.draw(600, 42);

    assertThat(set.train()).hasSize(500);
    assertThat(set.test()).hasSize(100);
    int[] counts = new int[10];
    all(set).forEach(image -> counts[image.label()]++);
    assertThat(counts).containsOnly(60);
    assertThat(set.classNames()).hasSize(10).doesNotHaveDuplicates();
  }

  @Test
  void noTwoImagesAreAlikeAndEachShowsItsGlyph() {
    ImageSet set = GlyphImages.draw(600, 42);

    Set<String> distinct = new HashSet<>();
    for (LabelledImage image : all(set)) {
      distinct.add(Arrays.toString(image.pixels()));
      int darkest = 255;
      int lightest = 0;
      for (byte pixel : image.pixels()) {
        darkest = Math.min(darkest, pixel & 0xff);
        lightest = Math.max(lightest, pixel & 0xff);
      }
      assertThat(image.pixels()).hasSize(28 * 28);
      assertThat(lightest - darkest).isGreaterThan(60);
    }
    assertThat(distinct).hasSize(600);
  }

  private static List<LabelledImage> all(ImageSet set) {
    return Stream.concat(set.train().stream(), set.test().stream()).toList();
  }
}
