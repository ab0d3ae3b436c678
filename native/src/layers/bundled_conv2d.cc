/// Conv2d for bundles: I = Kernels::panel rows interleaved.
///   src [IH, IW, IC, I]
///   dst [OH, OW, OC, I]
///   weight [KH, KW, IC, OC], bias [OC], as in conv2d.cc
///
/// The lanes of a vector are rows, so that it is full however few the channels are. Taps outside
/// the image are left out; there is no padding in memory.
///
/// The gradient of src is a convolution of diff_dst, phase by phase (see phases.h). Prepared: its
/// weights, [phase][tap][OC][IC]. Scratch: the sums of bundle_conv_weights.

#include "layers/bundled_conv2d.h"

#include <vector>

#include "layers/phases.h"

namespace fovea {
namespace {

template <typename T>
class BundledConv2d final : public Layer<T> {
 public:
  BundledConv2d(const Kernels<T>& kernels, const Window& w, int64_t filters, bool bias)
      : kernels_(kernels),
        window_{w.ih, w.iw, w.channels, w.oh, w.ow, filters, w.kh,
                w.kw, w.sh, w.sw,       w.dh, w.dw, w.top,   w.left},
        bias_(bias),
        vertical_(MakePhases(w.ih, w.kh, w.sh, w.dh, w.top)),
        horizontal_(MakePhases(w.iw, w.kw, w.sw, w.dw, w.left)) {}

  Shape OutputShape() const override {
    return Interleaved(
        {static_cast<int>(window_.oh), static_cast<int>(window_.ow), static_cast<int>(window_.oc)},
        kernels_.panel);
  }

  int64_t ScratchBytes(int64_t) const override {
    return (WeightSize() + window_.oc) * kernels_.panel * int64_t{sizeof(T)};
  }

  int64_t PreparedSize() const override { return WeightSize(); }

  void Prepare(const T* weights, T* prepared) const override {
    ForPhases([&](const Phase& v, const Phase& h) {
      for (const int64_t kh : v.taps) {
        for (const int64_t kw : h.taps) {
          const T* tap = weights + (kh * window_.kw + kw) * window_.ic * window_.oc;
          for (int64_t oc = 0; oc < window_.oc; ++oc) {
            for (int64_t ic = 0; ic < window_.ic; ++ic) *prepared++ = tap[ic * window_.oc + oc];
          }
        }
      }
    });
  }

  /// Fitted to measurements, as Conv2d::Cost.
  double Cost() const override {
    const auto inputs = static_cast<double>(window_.kh * window_.kw * window_.ic);
    return static_cast<double>(window_.oh * window_.ow * window_.oc) * (inputs / 0.9 + 10);
  }

  bool CanFuseRelu() const override { return true; }

  void Forward(const ForwardArgs<T>& args) const override {
    const int64_t pixel = window_.oc * kernels_.panel;
    BundleConvArgs<T> conv{window_,   args.src[0], args.weights,       Bias(args.weights),
                           args.relu, args.dst,    window_.ow * pixel, pixel};
    for (int64_t bundle = 0; bundle < args.rows; ++bundle) {
      kernels_.bundle_conv(conv);
      conv.src += SrcSize();
      conv.dst += DstSize();
    }
  }

  void Backward(const BackwardArgs<T>& args) const override {
    if (args.diff_src[0] != nullptr) {
      for (int64_t bundle = 0; bundle < args.rows; ++bundle) {
        BackwardSrc(args.diff_dst + bundle * DstSize(), args.prepared,
                    args.diff_src[0] + bundle * SrcSize());
      }
    }
    if (args.diff_weights == nullptr) return;
    kernels_.bundle_conv_weights({window_, args.rows, args.src[0], args.diff_dst,
                                  reinterpret_cast<T*>(args.scratch), args.diff_weights,
                                  Bias(args.diff_weights)});
  }

 private:
  int64_t WeightSize() const { return window_.kh * window_.kw * window_.ic * window_.oc; }
  int64_t SrcSize() const { return window_.ih * window_.iw * window_.ic * kernels_.panel; }
  int64_t DstSize() const { return window_.oh * window_.ow * window_.oc * kernels_.panel; }

  /// The bias in a slice of weights or of their gradient; null without one.
  template <typename Element>
  Element* Bias(Element* weights) const {
    return bias_ ? weights + SliceSize(WeightSize()) : nullptr;
  }

  template <typename Function>
  void ForPhases(Function function) const {
    for (const Phase& v : vertical_) {
      for (const Phase& h : horizontal_) function(v, h);
    }
  }

  /// One bundle. A phase without taps writes the zeros that are its gradient.
  void BackwardSrc(const T* diff_dst, const T* weights, T* diff_src) const {
    const BundleWindow& w = window_;
    const int64_t pixel = w.ic * kernels_.panel;
    ForPhases([&](const Phase& v, const Phase& h) {
      const BundleWindow phase = {w.oh,        w.ow,        w.oc,      v.count,  h.count,
                                  w.ic,        Taps(v),     Taps(h),   1,        1,
                                  Dilation(v), Dilation(h), Before(v), Before(h)};
      kernels_.bundle_conv({phase, diff_dst, weights, nullptr, false,
                            diff_src + (v.first * w.iw + h.first) * pixel, w.sh * w.iw * pixel,
                            w.sw * pixel});
      weights += Taps(v) * Taps(h) * w.oc * w.ic;
    });
  }

  static int64_t Taps(const Phase& phase) { return static_cast<int64_t>(phase.taps.size()); }
  static int64_t Dilation(const Phase& phase) {
    return phase.shifts.size() > 1 ? phase.shifts[1] - phase.shifts[0] : 1;
  }
  /// Outputs by which the first tap of the first pixel lies before the image.
  static int64_t Before(const Phase& phase) {
    return phase.shifts.empty() ? 0 : -(phase.start + phase.shifts[0]);
  }

  const Kernels<T>& kernels_;
  BundleWindow window_;
  bool bias_;
  std::vector<Phase> vertical_, horizontal_;
};

}  // namespace

template <typename T>
LayerPtr<T> CreateBundledConv2d(const Kernels<T>& kernels, const Window& window, int64_t filters,
                                bool bias) {
  return std::make_unique<BundledConv2d<T>>(kernels, window, filters, bias);
}

template LayerPtr<float> CreateBundledConv2d(const Kernels<float>&, const Window&, int64_t, bool);
template LayerPtr<double> CreateBundledConv2d(const Kernels<double>&, const Window&, int64_t, bool);

}  // namespace fovea
