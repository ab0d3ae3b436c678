package dev.fovea.core.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ConvTranspose2dTest extends LayerContract {
  @Override
  protected Example shortest() {
    return new Example(
        "ConvTranspose2d filters=16 kernel=3", new ConvTranspose2d(16, 3, 1, Padding.VALID));
  }

  @Override
  protected Example fullest() {
    return new Example(
        "ConvTranspose2d filters=8 kernel=3,5 stride=2 padding=0,1,0,1 outputPadding=1"
            + " dilation=2,1 groups=4 bias=false",
        new ConvTranspose2d(
            8,
            new Size2d(3, 5),
            Size2d.of(2),
            Padding.of(0, 1, 0, 1),
            1,
            new Size2d(2, 1),
            4,
            false));
  }

  @Override
  protected List<Refusal> refusals() {
    return List.of(
        new Refusal("filters=0", "expected an integer > 0. Received: 0."),
        new Refusal("kernel=0", "expected an integer > 0. Received: 0."),
        new Refusal("stride=1,2,3", "expected two integers > 0, height,width. Received: 1,2,3."),
        new Refusal(
            "padding=full",
            "expected same, valid, or 1, 2 or 4 integers from 0 to 32767. Received: 'full'."),
        new Refusal("outputPadding=-1", "expected an integer >= 0. Received: -1."),
        new Refusal("dilation=-1", "expected an integer > 0. Received: -1."),
        new Refusal("groups=1.5", "expected an integer > 0. Received: 1.5."),
        new Refusal("bias=no", "expected true or false. Received: 'no'."));
  }

  @Test
  void aWrongNumberIsRefusedInJava() {
    assertThatThrownBy(() -> new ConvTranspose2d(0, 3, 1, Padding.VALID))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("ConvTranspose2d: attribute 'filters': expected an integer > 0. Received: 0.");
    assertThat(new ConvTranspose2d(16, 3, 2, Padding.SAME)).isInstanceOf(ParametricLayer.class);
  }
}
