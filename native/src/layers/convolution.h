#pragma once

#include <cstdint>
#include <memory>

#include "layers/layer.h"
#include "layers/window.h"

namespace fovea {

/// One way to compute the three products of a convolution of src with weight [KH, KW, IC / groups,
/// OC]. Arguments are those of Layer; here weights and diff_weights mean `weight` alone.
template <typename T>
class Convolution {
 public:
  virtual ~Convolution() = default;

  virtual int64_t ScratchBytes(int64_t rows) const = 0;
  virtual int64_t PreparedSize() const = 0;
  virtual void Prepare(const T* weight, T* prepared) const = 0;

  /// dst = src * weight, + bias [OC] and + args.add unless they are null, then max(0, .) where
  /// args.relu.
  virtual void Forward(const ForwardArgs<T>& args, const T* bias) const = 0;
  /// diff_src[0] = diff_dst * the transpose of weight.
  virtual void BackwardSrc(const BackwardArgs<T>& args) const = 0;
  /// diff_weights += the transpose of src * diff_dst.
  virtual void BackwardWeights(const BackwardArgs<T>& args) const = 0;
};

template <typename T>
using ConvolutionPtr = std::unique_ptr<Convolution<T>>;

/// Sums of products over src in place: any window, any groups. See direct_products.h.
template <typename T>
ConvolutionPtr<T> MakeDirectConvolution(const Window& window, int64_t filters, int64_t groups,
                                        const Kernels<T>& kernels);

/// Fewer multiplications, a little more rounding: see winograd_convolution.cc. The window must pass
/// CanBeWinograd; one group.
template <typename T>
ConvolutionPtr<T> MakeWinogradConvolution(const Window& window, int64_t filters,
                                          const Kernels<T>& kernels);

/// True for windows of 3 x 3 or 5 x 5 taps without stride or dilation.
bool CanBeWinograd(const Window& window);

/// True where Winograd's way is the faster of the two: channels and filters enough to pay for the
/// transforms, and tiles that save enough products.
bool WinogradPays(const Window& window, int64_t filters);

}  // namespace fovea
