package dev.fovea.core.layer;

import java.util.List;

class FlattenTest extends LayerContract {
  @Override
  protected Example shortest() {
    return new Example("Flatten", new Flatten());
  }

  @Override
  protected Example fullest() {
    return new Example("Flatten", new Flatten());
  }

  @Override
  protected List<Refusal> refusals() {
    return List.of();
  }
}
