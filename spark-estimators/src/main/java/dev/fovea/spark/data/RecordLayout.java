package dev.fovea.spark.data;

import dev.fovea.core.runtime.NetworkDescription;
import java.io.Serializable;

/**
 * Where the parts of one training row lie in its record, in bytes, for networks with one Input and
 * one Target number: features, padding, label, weight.
 *
 * @param bytes of the whole record
 * @param input offset of the features
 * @param target offset of the label, a float
 * @param weight offset of the row weight, a float
 */
public record RecordLayout(int bytes, int input, int target, int weight) implements Serializable {
  /** The layout of a network described in mode train, by the names of its Input and its Target. */
  public static RecordLayout of(NetworkDescription description, String input, String target) {
    return new RecordLayout(
        description.rowBytes(),
        offset(description, input),
        offset(description, target),
        offset(description, "weight"));
  }

  private static int offset(NetworkDescription description, String field) {
    return description.field(field).orElseThrow().offset();
  }
}
