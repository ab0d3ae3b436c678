package dev.fovea.core.layer;

import java.util.List;

class ConcatTest extends LayerContract {
  @Override
  protected Example shortest() {
    return new Example("Concat", new Concat());
  }

  @Override
  protected Example fullest() {
    return new Example("Concat", new Concat());
  }

  @Override
  protected List<Refusal> refusals() {
    return List.of();
  }
}
