package dev.fovea.core.layer;

import java.util.List;

class ReluTest extends LayerContract {
  @Override
  protected Example shortest() {
    return new Example("Relu", new Relu());
  }

  @Override
  protected Example fullest() {
    return new Example("Relu", new Relu());
  }

  @Override
  protected List<Refusal> refusals() {
    return List.of();
  }
}
