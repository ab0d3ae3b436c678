package dev.fovea.pipelines;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;

/** Small gray pictures side by side, enlarged without smoothing, each over a line of text. */
final class ImageGrid {
  private static final int MARGIN = 10; // pixels around the grid and between its cells
  private static final int LINE = 16; // pixels from one line of text to the next

  private final int columns;
  private final int enlargement;
  private final List<BufferedImage> pictures = new ArrayList<>();
  private final List<List<String>> captions = new ArrayList<>();

  /**
   * @param columns pictures in a row, > 0
   * @param enlargement sides of a pixel, in pixels of the result, > 0
   */
  ImageGrid(int columns, int enlargement) {
    this.columns = columns;
    this.enlargement = enlargement;
  }

  /** Adds a picture of bytes, 0 black to 255 white. */
  void add(byte[] pixels, int height, int width, String... caption) {
    BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < height * width; i++) {
      int gray = pixels[i] & 0xff;
      picture.setRGB(i % width, i / width, gray << 16 | gray << 8 | gray);
    }
    pictures.add(picture);
    captions.add(List.of(caption));
  }

  /** Adds a picture of signed values: blue below zero, white at zero, red above. */
  void addSigned(float[] values, int height, int width, String... caption) {
    float largest = Float.MIN_NORMAL;
    for (float value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < height * width; i++) {
      int pale = Math.round(255 * (1 - Math.abs(values[i]) / largest));
      int color = values[i] < 0 ? pale << 16 | pale << 8 | 0xff : 0xff0000 | pale << 8 | pale;
      picture.setRGB(i % width, i / width, color);
    }
    pictures.add(picture);
    captions.add(List.of(caption));
  }

  /** The grid under its title. */
  BufferedImage draw(String title) {
    int cellWidth = 0;
    int cellHeight = 0;
    for (int i = 0; i < pictures.size(); i++) {
      int text = captions.get(i).size() * LINE;
      cellWidth = Math.max(cellWidth, pictures.get(i).getWidth() * enlargement);
      cellHeight = Math.max(cellHeight, pictures.get(i).getHeight() * enlargement + text);
    }
    int across = Math.max(1, Math.min(columns, pictures.size()));
    int down = (pictures.size() + columns - 1) / columns;
    int top = MARGIN + 2 * LINE;
    BufferedImage grid =
        new BufferedImage(
            Math.max(480, MARGIN + across * (cellWidth + MARGIN)),
            top + down * (cellHeight + MARGIN),
            BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = grid.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, grid.getWidth(), grid.getHeight());
    graphics.setColor(Color.BLACK);
    graphics.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 14));
    graphics.drawString(title, MARGIN, MARGIN + LINE);
    graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 11));
    for (int i = 0; i < pictures.size(); i++) {
      BufferedImage picture = pictures.get(i);
      int x = MARGIN + i % columns * (cellWidth + MARGIN);
      int y = top + i / columns * (cellHeight + MARGIN);
      int height = picture.getHeight() * enlargement;
      graphics.drawImage(picture, x, y, picture.getWidth() * enlargement, height, null);
      for (String line : captions.get(i)) {
        y += LINE;
        graphics.drawString(line, x, y + height - 4);
      }
    }
    graphics.dispose();
    return grid;
  }
}
