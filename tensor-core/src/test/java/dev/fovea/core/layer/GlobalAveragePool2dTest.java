package dev.fovea.core.layer;

import java.util.List;

class GlobalAveragePool2dTest extends LayerContract {
  @Override
  protected Example shortest() {
    return new Example("GlobalAveragePool2d", new GlobalAveragePool2d());
  }

  @Override
  protected Example fullest() {
    return new Example("GlobalAveragePool2d", new GlobalAveragePool2d());
  }

  @Override
  protected List<Refusal> refusals() {
    return List.of();
  }
}
