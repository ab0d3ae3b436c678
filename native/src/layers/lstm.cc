/// Lstm: a recurrent layer with a memory cell. With h and c zero before the first, for each time
/// step t of a row:
///   (i, f, o, g) = (sigmoid, sigmoid, sigmoid, tanh)(x_t * weight + h * recurrent + bias)
///   c = f * c + i * g,  h = o * tanh(c)
///   src [T, I]
///   dst [T, U], the state h after every time step; [U], the last, where sequence is false
///   weight [I, 4 U], recurrent [U, 4 U], bias [4 U]; columns in the order i, f, o, g: input gate,
///   forget gate, output gate, candidate
/// Attributes: units (U) > 0; sequence, default true; forgetBias >= 0, default 0: where the bias of
/// the forget gate starts. Both matrices start as one of [I + U, 4 U] would: each sum has I + U
/// inputs.
///
/// Prepared: panels of weight over recurrent as one matrix; of recurrent transposed; of weight
/// transposed. Workspace, of every time step (where no Backward follows, of one): its inputs, x_t,
/// the h before it and a 1 for the bias; the gates, which Backward overwrites with the derivatives
/// of their sums; c; tanh(c). Scratch: the derivatives of h and c. Cost: 8 * N * T * U * (I + U)
/// operations forward, twice that backward; the gradients are products over all time steps, one
/// where no slice is padded.
///
/// Source: Hochreiter and Schmidhuber 1997, Long Short-Term Memory; forget gate: Gers, Schmidhuber
/// and Cummins 2000, Learning to Forget; its bias: Jozefowicz, Zaremba and Sutskever 2015, An
/// Empirical Exploration of Recurrent Network Architectures.

#include <algorithm>
#include <climits>

#include "kernels/pack.h"
#include "layers/layer.h"
#include "layers/lstm_workspace.h"
#include "layers/sources.h"

namespace fovea {
namespace {

int64_t Units(const Attributes& attributes) {
  constexpr int kMost = INT_MAX / 4;  // a row of the gates is a size of a shape
  const int units = attributes.PositiveInt("units");
  if (units > kMost) {
    throw Error("attribute 'units': expected an integer > 0, at most " + std::to_string(kMost) +
                ". Received: " + std::to_string(units) + ".");
  }
  return units;
}

template <typename T>
class Lstm final : public Layer<T> {
 public:
  explicit Lstm(const LayerContext<T>& context)
      : kernels_(context.kernels),
        steps_(OnlySequence(context.src)[0]),
        inputs_(context.src[0][1]),
        units_(Units(context.attributes)),
        sequence_(context.attributes.Bool("sequence")),
        gates_(4 * units_),
        workspace_(inputs_, units_),
        weight_{"weight",
                {Int(inputs_), Int(gates_)},
                ParameterKind::kWeight,
                inputs_ + units_,
                gates_},
        recurrent_{"recurrent",
                   {Int(units_), Int(gates_)},
                   ParameterKind::kWeight,
                   inputs_ + units_,
                   gates_},
        bias_{"bias", {Int(gates_)}, ParameterKind::kBias} {
    bias_.start = {0, context.attributes.NumberFrom("forgetBias", 0), 0, 0};
  }

  Shape OutputShape() const override {
    if (sequence_) return {Int(steps_), Int(units_)};
    return {Int(units_)};
  }

  std::vector<ParameterSpec> Parameters() const override { return {weight_, recurrent_, bias_}; }

  int64_t PreparedSize() const override {
    return ForwardPanels() + RecurrentPanels() + PackedSize(gates_, inputs_, kernels_.panel);
  }

  void Prepare(const T* weights, T* prepared) const override {
    const int64_t panel = kernels_.panel;
    const int64_t depth = inputs_ + units_;
    const T* recurrent = weights + SliceSize(weight_);
    PackPanels(inputs_, gates_, weights, gates_, 1, panel, depth * panel, prepared);
    PackPanels(units_, gates_, recurrent, gates_, 1, panel, depth * panel,
               prepared + inputs_ * panel);
    prepared += ForwardPanels();
    PackPanels(gates_, units_, recurrent, 1, gates_, panel, gates_ * panel, prepared);
    prepared += RecurrentPanels();
    PackPanels(gates_, inputs_, weights, 1, gates_, panel, gates_ * panel, prepared);
  }

  int64_t WorkspaceBytes(int64_t rows) const override {
    return steps_ * ForwardWorkspaceBytes(rows);
  }
  int64_t ForwardWorkspaceBytes(int64_t rows) const override { return workspace_.StepBytes(rows); }
  int64_t ScratchBytes(int64_t rows) const override {
    return 2 * rows * units_ * int64_t{sizeof(T)};
  }
  typename Layer<T>::Reads BackwardReads() const override { return {false, false}; }

  void Forward(const ForwardArgs<T>& args) const override {
    const LstmSteps<T> kept = workspace_.Place(args.rows, steps_, args.backward, args.workspace);
    // (x_t, h) * (weight over recurrent) + bias, one product a time step: x_t alone, for all time
    // steps at once, would write and read all sums once more for a depth of I.
    Brgemm<T> sums;
    sums.rows = args.rows;
    sums.cols = gates_;
    sums.a_row = kept.input_row;
    sums.b = args.prepared;
    sums.b_panel = (inputs_ + units_) * kernels_.panel;
    sums.b_depth = kernels_.panel;
    sums.c_row = kept.gates_row;
    sums.bias = args.weights + SliceSize(weight_) + SliceSize(recurrent_);
    LstmGatesArgs<T> gates;
    gates.rows = args.rows;
    gates.units = units_;
    gates.gates_row = kept.gates_row;
    gates.state_row = OutputRow();
    gates.next_row = kept.input_row;
    for (int64_t t = 0; t < steps_; ++t) {
      const bool last = t + 1 == steps_;
      CopyInputs(args, kept, t);
      sums.depth = t > 0 ? inputs_ + units_ : inputs_;  // before the first time step h is zero
      sums.a = kept.Inputs(t);
      sums.c = kept.Gates(t);
      kernels_.brgemm(sums);
      gates.gates = kept.Gates(t);
      gates.cell_before = t > 0 ? kept.Cell(t - 1) : nullptr;
      gates.cell = kept.Cell(t);
      gates.cell_tanh = kept.CellTanh(t);
      gates.state = sequence_ ? args.dst + t * units_ : last ? args.dst : nullptr;
      gates.next = last ? nullptr : kept.Inputs(t + 1) + inputs_;
      kernels_.lstm_gates(gates);
    }
  }

  void Backward(const BackwardArgs<T>& args) const override {
    const LstmSteps<T> kept = workspace_.Place(args.rows, steps_, true, args.workspace);
    BackwardSteps(args, kept);
    if (args.diff_weights != nullptr) BackwardWeights(args, kept);
    if (args.diff_src[0] != nullptr) BackwardSrc(args, kept);
  }

 private:
  static int Int(int64_t size) { return static_cast<int>(size); }

  int64_t OutputRow() const { return sequence_ ? steps_ * units_ : units_; }
  int64_t ForwardPanels() const { return PackedSize(inputs_ + units_, gates_, kernels_.panel); }
  int64_t RecurrentPanels() const { return PackedSize(gates_, units_, kernels_.panel); }

  void CopyInputs(const ForwardArgs<T>& args, const LstmSteps<T>& kept, int64_t t) const {
    for (int64_t row = 0; row < args.rows; ++row) {
      T* to = kept.Inputs(t) + row * kept.input_row;
      std::copy_n(args.src[0] + (row * steps_ + t) * inputs_, inputs_, to);
      if (t == 0) std::fill_n(to + inputs_, units_, T(0));
      to[inputs_ + units_] = T(1);
    }
  }

  /// From the last time step to the first: the gates give way to the derivatives of their sums.
  void BackwardSteps(const BackwardArgs<T>& args, const LstmSteps<T>& kept) const {
    T* diff_state = reinterpret_cast<T*>(args.scratch);
    LstmGatesBackwardArgs<T> gates;
    gates.rows = args.rows;
    gates.units = units_;
    gates.gates_row = kept.gates_row;
    gates.diff_state_row = OutputRow();
    gates.diff_cell = diff_state + args.rows * units_;
    std::fill_n(gates.diff_cell, args.rows * units_, T(0));
    Brgemm<T> product;  // diff_state = diff_sums * recurrent^T
    product.rows = args.rows;
    product.cols = units_;
    product.depth = gates_;
    product.a_row = kept.gates_row;
    product.b = args.prepared + ForwardPanels();
    product.b_panel = gates_ * kernels_.panel;
    product.b_depth = kernels_.panel;
    product.c = diff_state;
    product.c_row = units_;
    for (int64_t t = steps_; t-- > 0;) {
      const bool last = t + 1 == steps_;
      gates.gates = kept.Gates(t);
      gates.cell_before = t > 0 ? kept.Cell(t - 1) : nullptr;
      gates.cell_tanh = kept.CellTanh(t);
      gates.diff_state = sequence_ ? args.diff_dst + t * units_ : last ? args.diff_dst : nullptr;
      gates.diff_next = last ? nullptr : diff_state;
      kernels_.lstm_gates_backward(gates);
      if (t == 0) break;
      product.a = kept.Gates(t);
      kernels_.brgemm(product);
    }
  }

  /// inputs^T * diff_sums over all time steps. The rows of the gradients follow each other as the
  /// inputs do: those that no padding parts are one product, which reads diff_sums once for all.
  void BackwardWeights(const BackwardArgs<T>& args, const LstmSteps<T>& kept) const {
    Brgemm<T> product;
    product.cols = gates_;
    product.depth = steps_ * args.rows;
    product.a = kept.inputs;
    product.a_row = 1;
    product.a_depth = kept.input_row;
    product.b = kept.gates;
    product.b_panel = kernels_.panel;
    product.b_depth = kept.gates_row;
    product.b_padded = gates_ % kernels_.panel == 0;
    product.c = args.diff_weights;
    product.c_row = gates_;
    product.accumulate = true;
    T* diff = args.diff_weights;
    for (const ParameterSpec* gradient : {&weight_, &recurrent_, &bias_}) {
      product.rows += Size(gradient->shape) / gates_;
      diff += SliceSize(*gradient);
      if (diff == product.c + product.rows * gates_ && gradient != &bias_) continue;
      kernels_.brgemm(product);
      product.a += product.rows;
      product.c = diff;
      product.rows = 0;
    }
  }

  /// diff_src = diff_sums * weight^T, for all rows of a time step or all time steps of a row at a
  /// time, whichever are more: an element is the same sum either way.
  void BackwardSrc(const BackwardArgs<T>& args, const LstmSteps<T>& kept) const {
    const bool by_step = args.rows >= steps_;
    Brgemm<T> product;
    product.rows = by_step ? args.rows : steps_;
    product.cols = inputs_;
    product.depth = gates_;
    product.a_row = by_step ? kept.gates_row : kept.gates_step;
    product.b = args.prepared + ForwardPanels() + RecurrentPanels();
    product.b_panel = gates_ * kernels_.panel;
    product.b_depth = kernels_.panel;
    product.c_row = by_step ? steps_ * inputs_ : inputs_;
    for (int64_t i = 0; i < (by_step ? steps_ : args.rows); ++i) {
      product.a = kept.gates + i * (by_step ? kept.gates_step : kept.gates_row);
      product.c = args.diff_src[0] + i * (by_step ? inputs_ : steps_ * inputs_);
      kernels_.brgemm(product);
    }
  }

  const Kernels<T>& kernels_;
  int64_t steps_, inputs_, units_;
  bool sequence_;
  int64_t gates_;  ///< columns: 4 U
  LstmWorkspace<T> workspace_;
  ParameterSpec weight_, recurrent_, bias_;
};

}  // namespace

template <typename T>
LayerPtr<T> CreateLstm(const LayerContext<T>& context) {
  return std::make_unique<Lstm<T>>(context);
}

template LayerPtr<float> CreateLstm(const LayerContext<float>&);
template LayerPtr<double> CreateLstm(const LayerContext<double>&);

}  // namespace fovea
