package dev.fovea.core.layer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.core.tensor.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

class TargetTest extends LayerContract {
  @Override
  protected Example shortest() {
    return new Example("Target", new Target());
  }

  @Override
  protected Example fullest() {
    return new Example("Target shape=4,2", new Target(Shape.of(4, 2)));
  }

  @Override
  protected List<Refusal> refusals() {
    return List.of(
        new Refusal("shape=-1", "expected integers > 0, separated by commas. Received: -1."));
  }

  @Test
  void readsTheRows() {
    assertThat(new Target()).isInstanceOf(FieldLayer.class);
  }
}
