#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kernels/kernels.h"
#include "layers/attributes.h"
#include "layers/error.h"
#include "layers/panel.h"
#include "layers/shape.h"

namespace fovea {

/// What a parameter is for: how it starts, and whether the optimizer trains it.
enum class ParameterKind {
  kWeight,         ///< starts from the layer's initializer; trained; l2 applies
  kBias,           ///< starts at ParameterSpec::start; trained; l2 does not apply
  kScale,          ///< starts at 1; trained; l2 does not apply
  kZeroStatistic,  ///< starts at 0; not trained: a running average, see ParameterSpec::decay
  kOneStatistic,   ///< starts at 1; otherwise as kZeroStatistic
};

/// A tensor as it lies in the flat weights vector.
struct ParameterSpec {
  std::string name;  ///< within the layer: `weight`, `bias`
  Shape shape;
  ParameterKind kind;
  int64_t fan_in = 0;   ///< inputs to one output element; read by the initializers
  int64_t fan_out = 0;  ///< outputs fed by one input element
  /// Statistics only: after a step, running = decay * running + (1 - decay) * (mean over the rows
  /// of the step). A layer adds rows * statistic to its slice of the gradient.
  double decay = 0;
  /// Biases only: where each of start.size() equal runs of the tensor starts; empty: all at 0.
  std::vector<double> start = {};
};

/// Floats up to the next 64-byte boundary.
inline int64_t SliceSize(int64_t count) { return (count + 15) / 16 * 16; }

/// Elements a parameter takes in the flat weights vector.
inline int64_t SliceSize(const ParameterSpec& parameter) {
  return SliceSize(Size(parameter.shape));
}

/// Names every random draw of a step: equal keys give equal draws on any lane, replica or machine.
struct RandomKey {
  uint64_t seed = 0;
  uint64_t step = 0;
  uint64_t layer = 0;     ///< set by the network: the place of the layer in the text, from 0
  int64_t first_row = 0;  ///< index, in the rows of the whole step, of the first row of this call
};

/// Arguments of Layer::Forward. Tensors are dense, row after row; `src` holds one pointer a source.
template <typename T>
struct ForwardArgs {
  int64_t rows = 0;
  bool training = false;          ///< false: dropout passes, batch norm uses running statistics
  bool backward = false;          ///< true: Backward follows; see ForwardWorkspaceBytes
  std::span<const T* const> src;  ///< [rows, source shape] each
  const T* weights =
      nullptr;  ///< this layer's parameters, in order, each on its own 64-byte boundary
  const T* prepared = nullptr;         ///< what Prepare wrote
  T* dst = nullptr;                    ///< [rows, OutputShape()], overwritten
  std::byte* workspace = nullptr;      ///< WorkspaceBytes(rows), untouched until Backward; where
                                       ///< none follows, ForwardWorkspaceBytes(rows)
  std::byte* scratch = nullptr;        ///< ScratchBytes(rows), for this call only
  const float* row_weights = nullptr;  ///< [rows]; null in kPredict and by panels
  const T* add = nullptr;              ///< not null only where CanFuseAdd(): added to the result
  bool relu = false;                   ///< true only where CanFuseRelu(): then dst = max(0, result)
  Panel panel;                         ///< none, except where CanRunByPanels()
  RandomKey random;
  const std::byte* field =
      nullptr;               ///< layers without sources: this layer's field in the first record
  int64_t record_bytes = 0;  ///< distance from one row's field to the next row's
};

/// Arguments of Layer::Backward, for the same rows as the Forward before it.
template <typename T>
struct BackwardArgs {
  int64_t rows = 0;
  bool training = true;
  std::span<const T* const> src;  ///< null entries unless BackwardReads().src
  const T* dst = nullptr;         ///< null unless BackwardReads().dst, relu or src_relu
  /// d(loss)/d(dst), behind a fused relu unless `relu`. Where `add`, Backward leaves in it the
  /// gradient behind the relu, which is that of what was added.
  T* diff_dst = nullptr;
  bool add = false;  ///< Forward had something to add
  /// True only where UndoesRelu() or with a panel: Forward's relu is still to be undone, by dst.
  bool relu = false;
  /// True only where UndoesSrcRelu(): src[0] ends with a relu, which diff_src[0] is to be behind.
  bool src_relu = false;
  const T* weights = nullptr;
  const T* prepared = nullptr;
  std::byte* workspace = nullptr;
  std::byte* scratch = nullptr;
  const float* row_weights = nullptr;
  std::span<T* const> diff_src;  ///< overwritten; null entries where nobody asks for them
  T* diff_weights = nullptr;  ///< added to; null where the layer is frozen; laid out as `weights`
  Panel panel;                ///< none, except where CanRunByPanels()
};

/// One layer of a network: pure functions over buffers that the network owns. A layer holds
/// settings only, so one instance serves any number of lanes. Sizes it reports are for `rows` rows.
template <typename T>
class Layer {
 public:
  /// Which tensors Backward reads; the plan keeps only these alive.
  struct Reads {
    bool src;
    bool dst;
  };

  virtual ~Layer() = default;

  virtual Shape OutputShape() const = 0;
  virtual std::vector<ParameterSpec> Parameters() const { return {}; }
  virtual int64_t WorkspaceBytes(int64_t /*rows*/) const { return 0; }
  /// The workspace of a Forward that no Backward follows: less than the other where much is kept.
  virtual int64_t ForwardWorkspaceBytes(int64_t rows) const { return WorkspaceBytes(rows); }
  virtual int64_t ScratchBytes(int64_t /*rows*/) const { return 0; }
  virtual Reads BackwardReads() const { return {true, false}; }

  /// Derived weights (packed panels), made once per step and shared by all lanes. In elements.
  virtual int64_t PreparedSize() const { return 0; }
  virtual void Prepare(const T* /*weights*/, T* /*prepared*/) const {}

  virtual void Forward(const ForwardArgs<T>& args) const = 0;
  virtual void Backward(const BackwardArgs<T>& args) const = 0;

  /// This layer for bundles: sources and dst hold `width` rows interleaved, [.., C * width], and
  /// `rows` in arguments and sizes counts bundles. `width` is the panel of the layer's kernels.
  /// Null where there is no such layer: one that knows single rows (their weights, random draws or
  /// statistics), or one that gains nothing.
  virtual std::unique_ptr<Layer<T>> Bundled(int64_t /*width*/) const { return nullptr; }
  /// Estimated cost of Forward for one row, in multiply-adds at the speed of the hardware's peak.
  /// Compared between a layer and its Bundled() only; 0 where the two are alike.
  virtual double Cost() const { return 0; }

  /// True where Forward can apply max(0, .) to its result as it writes it.
  virtual bool CanFuseRelu() const { return false; }
  /// True where Forward can add a tensor to its result, before the relu, as it writes it.
  virtual bool CanFuseAdd() const { return false; }
  /// True where Backward undoes a fused relu as it reads diff_dst; otherwise the network does,
  /// before it calls.
  virtual bool UndoesRelu() const { return false; }
  /// True where Backward can undo the relu that src[0] ends with, since it knows from dst alone
  /// where the gradient passes (MaxPool2d).
  virtual bool UndoesSrcRelu() const { return false; }
  /// True where diff_src[0] may be diff_dst, overwritten.
  virtual bool CanPassBackInPlace() const { return false; }
  /// True where dst is linear in the parameters, `weight` [.., OC] and perhaps `bias` [OC], with OC
  /// the last size of dst, and the attribute `bias` says whether there is one (Conv2d, Dense): an
  /// affine layer behind it can then be folded into them.
  virtual bool CanFoldAffine() const { return false; }
  /// True where outside training dst = src * factor[c] + shift[c], c the last index, with what
  /// Affine makes of the parameters (BatchNorm).
  virtual bool IsAffine() const { return false; }
  virtual void Affine(const T* /*weights*/, T* /*factor*/, T* /*shift*/) const {}
  /// True where the gradient of each source is diff_dst itself (Add): one of them needs no copy.
  virtual bool PassesGradient() const { return false; }
  /// True where calls may also come by panels: each for all rows of the step, with one panel of the
  /// weights. Forward then writes the elements RangeOf(panel, Size(dst)) of every row, Backward the
  /// elements RangeOf(panel, Size(src)) of every row of diff_src[0], the only source, and its share
  /// of diff_weights, which no other panel adds to. Lanes run panels side by side on one set of
  /// tensors, each with a scratch of PanelScratchBytes; nothing is prepared, no workspace is kept,
  /// and there are no row weights.
  virtual bool CanRunByPanels() const { return false; }
  virtual int64_t PanelScratchBytes(int64_t /*rows*/) const { return 0; }
  /// True where dst has the bytes of src[0], so that no copy is needed (Flatten).
  virtual bool IsView() const { return false; }
  /// Rows that must share a call in training because the result depends on their company (batch
  /// norm's normalisation group: its attribute normalizationRows); 0: any number may.
  virtual int64_t NormalizationRows() const { return 0; }
  /// Layers without sources read a field of each row's record: its bytes, a multiple of 4.
  virtual int64_t FieldBytes() const { return 0; }
  /// `uint8` or `float32`, where FieldBytes() > 0.
  virtual std::string FieldType() const { return ""; }
  /// A loss writes one number a row; its weight in the loss of the network. Empty: not a loss.
  virtual std::optional<double> LossWeight() const { return std::nullopt; }
  /// For a loss that knows it: the sum of the row weights of the rows predicted right. Called after
  /// Forward with the same arguments. Null row weights count 1 each.
  virtual double CountCorrect(const ForwardArgs<T>& /*args*/) const { return 0; }
};

/// What a layer is made from.
template <typename T>
struct LayerContext {
  const Attributes& attributes;
  std::span<const Shape> src;  ///< shapes of the sources
  const Kernels<T>& kernels;
};

template <typename T>
using LayerPtr = std::unique_ptr<Layer<T>>;

/// Attributes that every line may have, whatever its type; read by the network.
inline constexpr std::string_view kCommonAttributes = "from= weightsOf= ";
/// Attributes that every layer with parameters has; read by the network, but for `precision`, by
/// which CreateLayer chooses the kernels.
inline constexpr std::string_view kParameterAttributes =
    "frozen=false learningRate=1 l2=0 initializer=He precision=float32 ";

enum class LayerKind {
  kField,       ///< no sources: reads a field of each row's record
  kFunction,    ///< sources, no parameters
  kParametric,  ///< sources and parameters: takes kParameterAttributes too
};

/// A layer type as the registry lists it.
struct LayerType {
  std::string_view name;
  std::string_view attributes;  ///< what it declares, with defaults
  LayerKind kind;
  LayerPtr<float> (*create_float)(const LayerContext<float>&);
  LayerPtr<double> (*create_double)(const LayerContext<double>&);
};

/// Every layer type, in alphabetical order.
std::span<const LayerType> LayerTypes();
/// The type of that name, or null.
const LayerType* FindLayerType(std::string_view name);
/// Every declaration the type takes, common attributes included.
std::string DeclaredAttributes(const LayerType& type);

/// Throws Error. At `precision=bfloat16` the layer's brgemm rounds what it multiplies; weights,
/// sums and tensors are T. Winograd's products, which rounding would spoil, and those of bundles
/// stay T.
template <typename T>
LayerPtr<T> CreateLayer(const LayerType& type, const LayerContext<T>& context);

}  // namespace fovea
