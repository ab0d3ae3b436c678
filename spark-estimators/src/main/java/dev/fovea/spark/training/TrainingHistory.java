package dev.fovea.spark.training;

import dev.fovea.core.format.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How a training went, epoch by epoch. Kept in the model, saved as {@code history.json}. */
public record TrainingHistory(List<TrainingEpoch> epochs) {
  public TrainingHistory {
    epochs = List.copyOf(epochs);
  }

  /** {@code {"epochs": [{"epoch": 1, "loss": ...}, ...]}}, for people and machines. */
  public String toJson() {
    return Json.indented(Map.of("epochs", epochs.stream().map(TrainingEpoch::toMap).toList()));
  }

  /**
   * Reads {@link #toJson}. Keys it does not know are skipped: a later version may write more.
   *
   * @throws IllegalArgumentException saying what was expected, if the text is something else
   */
  public static TrainingHistory fromJson(String text) {
    Object epochs = Json.parseObject(text, "History").get("epochs");
    if (!(epochs instanceof List<?> list)) {
      throw new IllegalArgumentException(
          "History: expected a list 'epochs'. Received: " + Json.print(epochs) + ".");
    }
    List<TrainingEpoch> read = new ArrayList<>();
    for (Object epoch : list) {
      if (!(epoch instanceof Map<?, ?> map)) {
        throw new IllegalArgumentException(
            "History: expected epochs as objects. Received: " + Json.print(epoch) + ".");
      }
      read.add(TrainingEpoch.fromMap(map));
    }
    return new TrainingHistory(read);
  }
}
