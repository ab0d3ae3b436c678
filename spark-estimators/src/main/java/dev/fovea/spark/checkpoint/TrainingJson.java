package dev.fovea.spark.checkpoint;

import dev.fovea.core.exchange.Directive;
import dev.fovea.core.exchange.Position;
import dev.fovea.core.exchange.RunningEpoch;
import dev.fovea.core.exchange.StepNanos;
import dev.fovea.core.exchange.TrainingState;
import dev.fovea.core.format.Json;
import dev.fovea.core.tensor.StepSums;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code training.json}: all of a checkpoint but its flat vectors, and what the files of these must
 * be.
 *
 * @param files what was written, by name
 */
record TrainingJson(
    TrainingSettings settings,
    Position position,
    List<Long> rowsOfShards,
    RunningEpoch running,
    String history,
    Map<String, FileSum> files) {
  private static final String FORMAT = "fovea checkpoint 1";

  static TrainingJson of(Checkpoint checkpoint, Map<String, FileSum> files) {
    TrainingState state = checkpoint.state();
    return new TrainingJson(
        checkpoint.settings(),
        state.position(),
        state.rowsOfShards(),
        state.running(),
        checkpoint.history(),
        files);
  }

  /** What the file of that name must be. */
  FileSum file(String name) {
    if (!files.containsKey(name)) {
      throw JsonFields.wrong("'" + name + "' in 'files'", files.keySet());
    }
    return files.get(name);
  }

  String print() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("format", FORMAT);
    json.put("steps", position.step() - 1);
    json.put("epoch", position.epoch());
    json.put("stepOfEpoch", position.stepOfEpoch());
    json.put("finished", position.directive() == Directive.STOP);
    json.put("rowsOfShards", rowsOfShards);
    json.put("batchSize", settings.batchSize());
    json.put("seed", Long.toString(settings.seed())); // Not every long is a number of JSON.
    json.put("optimizer", settings.optimizer());
    json.put("network", settings.network().lines().toList());
    json.put("runningEpoch", print(running));
    json.put("history", Json.parseObject(history, "History"));
    Map<String, Object> sums = new LinkedHashMap<>();
    files.forEach((name, sum) -> sums.put(name, sum.toMap()));
    json.put("files", sums);
    return Json.indented(json);
  }

  /**
   * Reads {@link #print}; keys that it does not know are skipped.
   *
   * @throws IllegalArgumentException saying what was expected and received
   */
  static TrainingJson parse(String text) {
    JsonFields json = new JsonFields(Json.parseObject(text, "training.json"));
    if (!json.text("format").equals(FORMAT)) {
      throw JsonFields.wrong("'" + FORMAT + "' as format", json.text("format"));
    }
    Map<String, FileSum> files = new LinkedHashMap<>();
    JsonFields sums = json.object("files");
    sums.names().forEach(name -> files.put(name, FileSum.of(sums.object(name))));
    return new TrainingJson(
        new TrainingSettings(
            String.join("\n", json.texts("network")),
            json.text("optimizer"),
            json.longText("seed"),
            json.count("batchSize")),
        new Position(
            json.integer("steps") + 1,
            json.integer("epoch"),
            json.count("stepOfEpoch"),
            json.truth("finished") ? Directive.STOP : Directive.STEP),
        json.integers("rowsOfShards"),
        running(json.object("runningEpoch")),
        Json.indented(json.object("history").values()),
        files);
  }

  private static Map<String, Object> print(RunningEpoch epoch) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("rows", epoch.rows());
    json.put("weight", epoch.sums().weight());
    json.put("loss", epoch.sums().loss());
    json.put("correct", epoch.sums().correct());
    json.put("learningRate", epoch.learningRate());
    json.put("computeNanos", epoch.nanos().compute());
    json.put("exchangeNanos", epoch.nanos().exchange());
    json.put("optimizerNanos", epoch.nanos().optimizer());
    json.put("hiddenExchangeNanos", epoch.nanos().hiddenExchange());
    return json;
  }

  private static RunningEpoch running(JsonFields json) {
    return new RunningEpoch(
        json.integer("rows"),
        new StepSums(json.number("weight"), json.number("loss"), json.number("correct")),
        json.number("learningRate"),
        new StepNanos(
            json.integer("computeNanos"),
            json.integer("exchangeNanos"),
            json.integer("optimizerNanos"),
            json.integer("hiddenExchangeNanos")));
  }
}
