package dev.fovea.core.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class Conv2dTest extends LayerContract {
  @Override
  protected Example shortest() {
    return new Example("Conv2d filters=16 kernel=3", new Conv2d(16, 3));
  }

  @Override
  protected Example fullest() {
    return new Example(
        "Conv2d filters=8 kernel=3,5 stride=2 padding=0,1,0,1 dilation=2,1 groups=4 bias=false"
            + " convolution=direct",
        new Conv2d(
            8,
            new Size2d(3, 5),
            Size2d.of(2),
            Padding.of(0, 1, 0, 1),
            new Size2d(2, 1),
            4,
            false,
            Convolution.DIRECT));
  }

  @Override
  protected List<Refusal> refusals() {
    return List.of(
        new Refusal("filters=0", "expected an integer > 0. Received: 0."),
        new Refusal("kernel=0", "expected an integer > 0. Received: 0."),
        new Refusal("kernel=3,0", "expected two integers > 0, height,width. Received: 3,0."),
        new Refusal("stride=1,2,3", "expected two integers > 0, height,width. Received: 1,2,3."),
        new Refusal(
            "padding=full",
            "expected same, valid, or 1, 2 or 4 integers from 0 to 32767. Received: 'full'."),
        new Refusal("dilation=-1", "expected an integer > 0. Received: -1."),
        new Refusal("groups=1.5", "expected an integer > 0. Received: 1.5."),
        new Refusal("bias=no", "expected true or false. Received: 'no'."),
        new Refusal("convolution=fft", "expected one of auto, direct, winograd. Received: 'fft'."));
  }

  @Test
  void aWrongNumberIsRefusedInJava() {
    assertThatThrownBy(() -> new Conv2d(0, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Conv2d: attribute 'filters': expected an integer > 0. Received: 0.");
    assertThatThrownBy(() -> new Conv2d(16, 0))
        .hasMessage("Conv2d: attribute 'kernel': expected an integer > 0. Received: 0.");
    assertThatThrownBy(() -> new Conv2d(16, 3, -1, Padding.SAME))
        .hasMessage("Conv2d: attribute 'stride': expected an integer > 0. Received: -1.");
    assertThat(new Conv2d(16, 3)).isInstanceOf(ParametricLayer.class);
  }
}
