package dev.fovea.pipelines;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.GraphicsEnvironment;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.font.FontRenderContext;
import java.awt.geom.AffineTransform;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A labelled set that needs no download: ten glyphs in every face of the fonts that {@code
 * bin/setup} asks for, at random size, slant, place and contrast, with noise. The same seed on the
 * same fonts gives the same bytes.
 */
final class GlyphImages {
  static final int SIDE = 28;

  /**
   * No two of them are alike after a turn, as N and Z, M and W or 6 and 9 are, or in small print,
   * as B and 8 or O and Q are.
   */
  static final List<String> GLYPHS = List.of("A", "E", "G", "H", "K", "R", "S", "T", "X", "&");

  private static final List<String> FAMILIES =
      List.of(
          "DejaVu Sans",
          "DejaVu Sans Mono",
          "DejaVu Serif",
          "FreeMono",
          "FreeSans",
          "FreeSerif",
          "Liberation Mono",
          "Liberation Sans",
          "Liberation Sans Narrow",
          "Liberation Serif");

  private static final int[] STYLES = {Font.PLAIN, Font.BOLD, Font.ITALIC, Font.BOLD | Font.ITALIC};
  private static final double MAX_TURN = Math.toRadians(40);
  private static final FontRenderContext OUTLINES = new FontRenderContext(null, true, true);

  private GlyphImages() {}

  /** As many images of each glyph as of any other, to one; a sixth of them to test on. */
  static ImageSet draw(int count, long seed) {
    List<Font> faces = faces();
    LabelledImage[] images = new LabelledImage[count];
    // Each image has a generator of its own, so that the order of drawing does not matter.
    IntStream.range(0, count)
        .parallel()
        .forEach(
            i -> {
              int label = i % GLYPHS.size();
              images[i] =
                  new LabelledImage(draw(GLYPHS.get(label), faces, generator(seed, i)), label);
            });
    List<LabelledImage> shuffled = new ArrayList<>(Arrays.asList(images));
    Collections.shuffle(shuffled, generator(seed, count));
    int train = count - count / 6;
    return new ImageSet(
        "Glyphs", GLYPHS, SIDE, SIDE, shuffled.subList(0, train), shuffled.subList(train, count));
  }

  private static Random generator(long seed, int index) {
    // Spread, since neighbouring seeds give a Random neighbouring first numbers.
    return new Random(seed * 0x9E3779B97F4A7C15L + index * 0xD1B54A32D192ED03L);
  }

  private static List<Font> faces() {
    Set<String> installed =
        new HashSet<>(
            Arrays.asList(
                GraphicsEnvironment.getLocalGraphicsEnvironment().getAvailableFontFamilyNames()));
    List<String> families = new ArrayList<>(FAMILIES);
    families.retainAll(installed);
    if (families.isEmpty()) {
      families =
          List.of(Font.SANS_SERIF, Font.SERIF, Font.MONOSPACED); // Java maps them to some font
    }
    List<Font> faces = new ArrayList<>();
    for (String family : families) {
      for (int style : STYLES) {
        faces.add(new Font(family, style, 32));
      }
    }
    return faces;
  }

  private static byte[] draw(String glyph, List<Font> faces, Random random) {
    Font face = faces.get(random.nextInt(faces.size()));
    Shape outline = face.createGlyphVector(OUTLINES, glyph).getOutline();
    Rectangle2D box = outline.getBounds2D();
    double height = between(random, 14, 22); // pixels
    AffineTransform place = new AffineTransform();
    place.translate(SIDE / 2.0 + between(random, -2, 2), SIDE / 2.0 + between(random, -2, 2));
    place.rotate(between(random, -MAX_TURN, MAX_TURN));
    place.scale(height / box.getHeight(), height / box.getHeight());
    place.translate(-box.getCenterX(), -box.getCenterY());

    BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setColor(Color.WHITE);
    graphics.fill(place.createTransformedShape(outline));
    graphics.dispose();

    double paper = between(random, 0, 60);
    double ink = between(random, 130, 255);
    double noise = between(random, 0, 25);
    byte[] pixels = new byte[SIDE * SIDE];
    for (int i = 0; i < pixels.length; i++) {
      double coverage = (image.getRGB(i % SIDE, i / SIDE) & 0xff) / 255.0;
      double value = paper + coverage * (ink - paper) + noise * random.nextGaussian();
      pixels[i] = (byte) Math.round(Math.max(0, Math.min(255, value)));
    }
    return pixels;
  }

  private static double between(Random random, double low, double high) {
    return low + random.nextDouble() * (high - low);
  }
}
