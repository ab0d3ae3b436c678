/// Conv2d: dst = the sum over a window of src * weight, + bias, for each filter.
///   src [IH, IW, IC]
///   dst [OH, OW, OC], see window.h
///   weight [KH, KW, IC / groups, OC], bias [OC]
/// Attributes: filters (OC) > 0; kernel (KH, KW); stride, default 1; padding, default same;
/// dilation, default 1; groups, default 1, a divisor of IC and OC: filter oc reads the channels of
/// its group oc * groups / OC only; bias, default true.
///
/// Direct convolution: each row of dst is a sum of products of matrices read from src in place, see
/// conv2d_blocks.h. Where there is padding, one image at a time is copied between zeros.
///
/// Prepared: per group, panels of weight, then of its transpose tap by tap. Scratch: one padded src
/// or diff_dst. Cost: 2 * N * OH * OW * OC * KH * KW * IC / groups operations forward, twice that
/// backward.

#include <algorithm>

#include "kernels/pack.h"
#include "layers/conv2d_blocks.h"
#include "layers/layer.h"
#include "layers/sources.h"
#include "layers/zero_frame.h"

namespace fovea {
namespace {

/// The number of groups. Throws Error when it does not divide the channels and the filters.
int Groups(const Attributes& attributes, int channels) {
  const int groups = attributes.PositiveInt("groups");
  const int filters = attributes.PositiveInt("filters");
  if (channels % groups != 0 || filters % groups != 0) {
    throw Error("attribute 'groups': expected a divisor of the input's channels (" +
                std::to_string(channels) + ") and of filters (" + std::to_string(filters) +
                "). Received: " + std::to_string(groups) + ".");
  }
  return groups;
}

template <typename T>
class Conv2d final : public Layer<T> {
 public:
  explicit Conv2d(const LayerContext<T>& context)
      : kernels_(context.kernels),
        has_bias_(context.attributes.Bool("bias")),
        blocks_(ConvWindow(context.attributes, OnlyImage(context.src)),
                context.attributes.PositiveInt("filters"),
                Groups(context.attributes, OnlyImage(context.src)[2]), context.kernels.panel),
        window_(blocks_.window),
        weight_{"weight",
                {static_cast<int>(window_.kh), static_cast<int>(window_.kw),
                 static_cast<int>(blocks_.group_ic), static_cast<int>(blocks_.oc)},
                ParameterKind::kWeight,
                blocks_.taps * blocks_.group_ic,
                blocks_.taps * blocks_.group_oc} {}

  Shape OutputShape() const override {
    return {static_cast<int>(window_.oh), static_cast<int>(window_.ow),
            static_cast<int>(blocks_.oc)};
  }

  std::vector<ParameterSpec> Parameters() const override {
    if (!has_bias_) return {weight_};
    return {weight_, {"bias", {static_cast<int>(blocks_.oc)}, ParameterKind::kBias}};
  }

  int64_t ScratchBytes(int64_t) const override {
    const int64_t src = window_.padded() ? PaddedSrc() : 0;
    const int64_t diff_dst = blocks_.diff_padded() ? PaddedDiffDst() : 0;
    return std::max(src, diff_dst) * int64_t{sizeof(T)};
  }

  int64_t PreparedSize() const override {
    return blocks_.groups * (blocks_.forward_panels() + blocks_.backward_panels());
  }

  void Prepare(const T* weights, T* prepared) const override {
    const int64_t panel = kernels_.panel;
    const int64_t ic = blocks_.group_ic;
    const int64_t oc = blocks_.group_oc;
    for (int64_t group = 0; group < blocks_.groups; ++group) {
      const T* weight = weights + group * oc;
      const int64_t depth = blocks_.taps * ic;
      PackPanels(depth, oc, weight, blocks_.oc, 1, panel, depth * panel,
                 prepared + group * blocks_.forward_panels());
      T* transposed = prepared + BackwardPanels(group);
      for (const int64_t tap : blocks_.tap_order) {
        PackPanels(oc, ic, weight + tap * ic * blocks_.oc, 1, blocks_.oc, panel,
                   blocks_.taps * oc * panel, transposed);
        transposed += oc * panel;
      }
    }
  }

  bool CanFuseRelu() const override { return true; }
  bool CanFoldAffine() const override { return true; }

  void Forward(const ForwardArgs<T>& args) const override {
    const Extent extent = ExtentOf(args.rows);
    Brgemm<T> product;
    product.rows = extent.ow;
    product.cols = blocks_.group_oc;
    product.depth = blocks_.forward.depth;
    product.blocks = blocks_.forward.size();
    product.a_row = window_.sw * blocks_.ic;
    product.a_offsets = blocks_.forward.a.data();
    product.b_panel = blocks_.taps * blocks_.group_ic * kernels_.panel;
    product.b_depth = kernels_.panel;
    product.b_offsets = blocks_.forward.b.data();
    product.c_row = blocks_.oc;
    product.relu = args.relu;
    const T* bias = has_bias_ ? args.weights + SliceSize(weight_) : nullptr;

    ZeroFrame<T> frame = SrcFrame(args.scratch);
    for (int64_t image = 0; image < extent.images; ++image) {
      const T* src = frame.Place(args.src[0] + image * SrcSize());
      for (int64_t oh = 0; oh < extent.oh; ++oh) {
        for (int64_t group = 0; group < blocks_.groups; ++group) {
          product.a =
              src + oh * window_.sh * window_.padded_iw() * blocks_.ic + group * blocks_.group_ic;
          product.b = args.prepared + group * blocks_.forward_panels();
          product.c = args.dst + image * DstSize() + oh * window_.ow * blocks_.oc +
                      group * blocks_.group_oc;
          if (has_bias_) product.bias = bias + group * blocks_.group_oc;
          kernels_.brgemm(product);
        }
      }
    }
  }

  void Backward(const BackwardArgs<T>& args) const override {
    if (args.diff_src[0] != nullptr) BackwardSrc(args);
    if (args.diff_weights != nullptr) BackwardWeights(args);
  }

 private:
  /// What the loops run over: for a pointwise convolution one image of one long row.
  struct Extent {
    int64_t images, oh, ow;
  };

  Extent ExtentOf(int64_t rows) const {
    if (blocks_.pointwise) return {1, 1, rows * window_.oh * window_.ow};
    return {rows, window_.oh, window_.ow};
  }

  int64_t SrcSize() const { return window_.ih * window_.iw * blocks_.ic; }
  int64_t DstSize() const { return window_.oh * window_.ow * blocks_.oc; }
  int64_t PaddedSrc() const { return window_.padded_ih() * window_.padded_iw() * blocks_.ic; }
  int64_t PaddedDiffDst() const { return blocks_.padded_oh() * blocks_.padded_ow() * blocks_.oc; }
  int64_t BackwardPanels(int64_t group) const {
    return blocks_.groups * blocks_.forward_panels() + group * blocks_.backward_panels();
  }

  ZeroFrame<T> SrcFrame(std::byte* scratch) const {
    return {window_.padded() ? reinterpret_cast<T*>(scratch) : nullptr,
            window_.ih,
            window_.iw * blocks_.ic,
            window_.padded_ih(),
            window_.padded_iw() * blocks_.ic,
            window_.top,
            window_.left * blocks_.ic};
  }

  ZeroFrame<T> DiffDstFrame(std::byte* scratch) const {
    return {blocks_.diff_padded() ? reinterpret_cast<T*>(scratch) : nullptr,
            window_.oh,
            window_.ow * blocks_.oc,
            blocks_.padded_oh(),
            blocks_.padded_ow() * blocks_.oc,
            blocks_.diff_top,
            blocks_.diff_left * blocks_.oc};
  }

  void BackwardSrc(const BackwardArgs<T>& args) const {
    if (!blocks_.covers) std::fill_n(args.diff_src[0], args.rows * SrcSize(), T(0));
    Brgemm<T> product;
    product.cols = blocks_.group_ic;
    product.a_row = blocks_.oc;
    product.b_panel = blocks_.taps * blocks_.group_oc * kernels_.panel;
    product.b_depth = kernels_.panel;
    product.c_row = window_.sw * blocks_.ic;

    ZeroFrame<T> frame = DiffDstFrame(args.scratch);
    const int64_t images = ExtentOf(args.rows).images;
    for (int64_t image = 0; image < images; ++image) {
      const T* diff_dst = frame.Place(args.diff_dst + image * DstSize());
      T* diff_src = args.diff_src[0] + image * SrcSize();
      for (const BackwardPhase& phase : blocks_.phases) {
        product.depth = phase.blocks.depth;
        product.blocks = phase.blocks.size();
        product.a_offsets = phase.blocks.a.data();
        product.b_offsets = phase.blocks.b.data();
        product.rows = blocks_.pointwise ? args.rows * window_.ih * window_.iw : phase.width;
        const int64_t height = blocks_.pointwise ? 1 : phase.height;
        for (int64_t j = 0; j < height; ++j) {
          const T* a =
              diff_dst + ((phase.first_oh + j) * blocks_.padded_ow() + phase.first_ow) * blocks_.oc;
          T* c = diff_src +
                 ((phase.first_ih + j * window_.sh) * window_.iw + phase.first_iw) * blocks_.ic;
          for (int64_t group = 0; group < blocks_.groups; ++group) {
            product.a = a + group * blocks_.group_oc;
            product.b = args.prepared + BackwardPanels(group);
            product.c = c + group * blocks_.group_ic;
            kernels_.brgemm(product);
          }
        }
      }
    }
  }

  void BackwardWeights(const BackwardArgs<T>& args) const {
    const Extent extent = ExtentOf(args.rows);
    Brgemm<T> product;
    product.rows = blocks_.weights_rows;
    product.cols = blocks_.group_oc;
    product.depth = extent.ow;
    product.blocks = extent.oh;
    product.a_row = 1;
    product.a_depth = window_.sw * blocks_.ic;
    product.a_offsets = blocks_.weights.a.data();
    product.b_panel = kernels_.panel;
    product.b_depth = blocks_.oc;
    product.b_offsets = blocks_.weights.b.data();
    product.b_padded = blocks_.group_oc % kernels_.panel == 0;
    product.c_row = blocks_.oc;
    product.accumulate = true;

    ZeroFrame<T> frame = SrcFrame(args.scratch);
    for (int64_t image = 0; image < extent.images; ++image) {
      const T* src = frame.Place(args.src[0] + image * SrcSize());
      const T* diff_dst = args.diff_dst + image * DstSize();
      for (int64_t group = 0; group < blocks_.groups; ++group) {
        product.b = diff_dst + group * blocks_.group_oc;
        product.c = args.diff_weights + group * blocks_.group_oc;
        for (const int64_t start : blocks_.weights_src) {
          product.a = src + start + group * blocks_.group_ic;
          kernels_.brgemm(product);
          product.c += blocks_.weights_rows * blocks_.oc;
        }
      }
    }
    if (has_bias_) {
      kernels_.column_sums(args.rows * window_.oh * window_.ow, blocks_.oc, args.diff_dst,
                           args.diff_weights + SliceSize(weight_));
    }
  }

  const Kernels<T>& kernels_;
  bool has_bias_;
  Conv2dBlocks blocks_;
  Window window_;
  ParameterSpec weight_;
};

}  // namespace

template <typename T>
LayerPtr<T> CreateConv2d(const LayerContext<T>& context) {
  return std::make_unique<Conv2d<T>>(context);
}

template LayerPtr<float> CreateConv2d(const LayerContext<float>&);
template LayerPtr<double> CreateConv2d(const LayerContext<double>&);

}  // namespace fovea
