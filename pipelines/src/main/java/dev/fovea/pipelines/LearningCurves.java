package dev.fovea.pipelines;

import dev.fovea.spark.training.TrainingEpoch;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.ChartTheme;
import org.knowm.xchart.style.Styler.LegendPosition;

/** Loss and accuracy over the epochs, on training and on validation rows, side by side. */
final class LearningCurves {
  private static final int WIDTH = 560; // pixels of one chart
  private static final int HEIGHT = 420;

  private LearningCurves() {}

  static BufferedImage draw(List<TrainingEpoch> epochs) {
    BufferedImage both = new BufferedImage(2 * WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = both.createGraphics();
    XYChart loss = chart("Loss", "mean loss of a row", epochs.size(), LegendPosition.InsideNE);
    add(loss, "training", epochs, epoch -> OptionalDouble.of(epoch.loss()));
    add(loss, "validation", epochs, TrainingEpoch::validationLoss);
    loss.paint(graphics, WIDTH, HEIGHT);
    graphics.translate(WIDTH, 0);
    XYChart accuracy =
        chart("Accuracy", "share of rows predicted right", epochs.size(), LegendPosition.InsideSE);
    add(accuracy, "training", epochs, epoch -> OptionalDouble.of(epoch.accuracy()));
    add(accuracy, "validation", epochs, TrainingEpoch::validationAccuracy);
    accuracy.paint(graphics, WIDTH, HEIGHT);
    graphics.dispose();
    return both;
  }

  private static XYChart chart(String title, String yAxis, int epochs, LegendPosition legend) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle("epoch")
            .yAxisTitle(yAxis)
            .theme(ChartTheme.Matlab)
            .build();
    chart.getStyler().setLegendPosition(legend);
    chart.getStyler().setXAxisDecimalPattern("0");
    chart.getStyler().setYAxisDecimalPattern("0.000");
    chart.getStyler().setXAxisMaxLabelCount(Math.min(10, epochs));
    return chart;
  }

  /** Adds a line through the epochs that have the value; none where no epoch has. */
  private static void add(
      XYChart chart,
      String name,
      List<TrainingEpoch> epochs,
      Function<TrainingEpoch, OptionalDouble> value) {
    List<TrainingEpoch> known =
        epochs.stream().filter(epoch -> value.apply(epoch).isPresent()).toList();
    if (!known.isEmpty()) {
      XYSeries series =
          chart.addSeries(
              name,
              known.stream().mapToDouble(TrainingEpoch::epoch).toArray(),
              known.stream().mapToDouble(epoch -> value.apply(epoch).getAsDouble()).toArray());
      series.setSmooth(false);
    }
  }
}
