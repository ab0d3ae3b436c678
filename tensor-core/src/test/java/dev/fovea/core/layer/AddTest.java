package dev.fovea.core.layer;

import java.util.List;

class AddTest extends LayerContract {
  @Override
  protected Example shortest() {
    return new Example("Add", new Add());
  }

  @Override
  protected Example fullest() {
    return new Example("Add", new Add());
  }

  @Override
  protected List<Refusal> refusals() {
    return List.of();
  }
}
