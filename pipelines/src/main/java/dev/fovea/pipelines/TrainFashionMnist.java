package dev.fovea.pipelines;

import dev.fovea.core.schedule.Step;
import dev.fovea.spark.CnnClassificationModel;
import dev.fovea.spark.CnnClassifier;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;

/** The job: learns small gray images in ten classes, shows how well, saves model and pictures. */
public final class TrainFashionMnist {
  /** Adam's learning rate in the first epoch, and what each later epoch multiplies it by. */
  private static final double STEP_SIZE = 0.0013;

  private static final double STEP_SIZE_FACTOR = 0.7;

  private TrainFashionMnist() {}

  public static void main(String[] arguments) throws IOException {
    try {
      TrainOptions options = TrainOptions.parse(arguments);
      if (options.help()) {
        System.out.print(TrainOptions.HELP);
      } else {
        run(options, System.out);
      }
    } catch (UsageException e) {
      System.err.println(e.getMessage());
      System.exit(2);
    }
  }

  private static void run(TrainOptions options, PrintStream out) throws IOException {
    ImageSet set =
        options
            .data()
            .map(IdxImages::read)
            .orElseGet(() -> GlyphImages.draw(options.images(), options.seed()));
    out.printf(
        Locale.ROOT,
        "%s: %,d training images, %,d test images, %d x %d pixels%n",
        set.name(),
        set.train().size(),
        set.test().size(),
        set.height(),
        set.width());
    try (SparkSession spark = session(options)) {
      OutputDirectory output =
          OutputDirectory.make(options.output(), spark.sparkContext().hadoopConfiguration());
      CnnClassificationModel model = train(spark, set, options);
      List<Prediction> predictions = Prediction.of(model, ImageTable.test(spark, set));
      ConfusionMatrix confusion = new ConfusionMatrix(set.classNames());
      predictions.forEach(each -> confusion.add(each.label(), each.prediction()));
      out.printf("%n%s%n%s%n%n", confusion.table(), confusion.accuracyText());

      model.write().overwrite().save(output.modelPath());
      out.println("Model:           " + output.modelPath());
      show(out, "Learning curves: ", output, "learning-curves.png", curves(model));
      Optional<BufferedImage> filters =
          Pictures.firstLayerFilters(model.trainedNetwork(), model.weights());
      if (filters.isPresent()) {
        show(out, "Filters:         ", output, "first-layer-filters.png", filters.get());
      }
      show(
          out,
          "Worst mistakes:  ",
          output,
          "worst-mistakes.png",
          Pictures.worstMistakes(predictions, set));
    }
  }

  private static CnnClassificationModel train(
      SparkSession spark, ImageSet set, TrainOptions options) {
    return new CnnClassifier()
        .setFeaturesCol(ImageTable.IMAGE)
        .setLabelCol(ImageTable.LABEL)
        .setValidationIndicatorCol(ImageTable.VALIDATION)
        .setBatchSize(options.batchSize())
        .setMaxEpochs(options.epochs())
        .setStepSize(STEP_SIZE)
        .setSchedule(new Step(1, STEP_SIZE_FACTOR))
        .setSeed(options.seed())
        .setPrecision(options.precision().text())
        .addTrainingListener(ProgressBar.onConsole(options.epochs()))
        .fit(ImageTable.training(spark, set, options.seed()));
  }

  private static SparkSession session(TrainOptions options) {
    String submitted = new SparkConf().get("spark.master", "local[*]");
    return SparkSession.builder()
        .appName("TrainFashionMnist")
        .master(options.master().orElse(submitted))
        .getOrCreate();
  }

  private static BufferedImage curves(CnnClassificationModel model) {
    return LearningCurves.draw(model.summary().history().epochs());
  }

  private static void show(
      PrintStream out, String what, OutputDirectory output, String name, BufferedImage picture)
      throws IOException {
    out.println(what + output.write(name, picture));
  }
}
