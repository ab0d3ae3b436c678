package dev.fovea.core.layer;

import dev.fovea.core.text.Default;
import dev.fovea.core.text.Range;
import dev.fovea.core.text.RecordText;

/**
 * A recurrent layer that reads a sequence in order and keeps what matters in a memory cell. With
 * state h and cell c zero before the first, for each time step t:
 *
 * <pre>
 * (i, f, o, g) = (sigmoid, sigmoid, sigmoid, tanh)(x[t] * weight + h * recurrent + bias)
 * c = f * c + i * g
 * h = o * tanh(c)
 * </pre>
 *
 * <p>Shapes: input {@code [N, T, I]}, T time steps of I numbers; output {@code [N, T, U]} with U =
 * units, the state after every time step, or {@code [N, U]}, the last. Parameters: {@code weight
 * [I, 4 U]}, {@code recurrent [U, 4 U]}, {@code bias [4 U]}, their columns in the order i, f, o, g:
 * input gate, forget gate, output gate, candidate.
 *
 * <p>Both matrices start as one of {@code I + U} inputs to {@code 4 U} outputs would; {@code
 * initializer=Xavier} suits sigmoid and tanh better than the default. Stack layers with {@code
 * sequence=true} below and {@code sequence=false} on top for one answer a sequence. Long sequences
 * are learned more easily with {@code forgetBias=1}, as the cell then starts out remembering.
 *
 * <p>Source: Hochreiter and Schmidhuber, Long short-term memory (1997); forget gate: Gers,
 * Schmidhuber and Cummins, Learning to forget (2000); its bias: Jozefowicz, Zaremba and Sutskever,
 * An empirical exploration of recurrent network architectures (2015).
 *
 * @param units size of state and cell, > 0, at most 536870911
 * @param sequence whether the output is the state after every time step; otherwise only the last
 * @param forgetBias where the bias of the forget gate starts, >= 0; it is then learned
 */
public record Lstm(
    @Range(above = 0) int units,
    @Default("true") boolean sequence,
    @Default("0") @Range(from = 0) double forgetBias)
    implements ParametricLayer {

  /**
   * Checks the attributes.
   *
   * @throws IllegalArgumentException if a number is out of range
   */
  public Lstm {
    RecordText.check(Lstm.class, units, sequence, forgetBias);
  }

  public Lstm(int units, boolean sequence) {
    this(units, sequence, 0);
  }

  public Lstm(int units) {
    this(units, true);
  }
}
