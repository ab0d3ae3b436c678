package dev.fovea.core.layer;

import dev.fovea.core.text.RecordText;

/**
 * The settings of one layer. A layer is a public record: its simple name is the type, its
 * components are the attributes that the native layer reads, under the same names.
 *
 * <p>Letters in the pages of the layers: N rows, H W height and width, C channels; a leading I or O
 * means input or output, K kernel, S stride, D dilation; of sequences: T time steps, I inputs, U
 * units.
 */
public interface Layer {

  /** This layer as network text without its name, for example {@code Dense units=10 bias=true}. */
  default String text() {
    return RecordText.print((Record) this);
  }
}
