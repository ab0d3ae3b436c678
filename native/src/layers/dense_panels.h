#pragma once

#include "layers/layer.h"

namespace fovea {

/// Dense with weights too large for the caches, run by panels over all rows of a step: every weight
/// is read once, in place and in runs of contiguous elements, and nothing is prepared. Forward
/// takes panels of OC, backward panels of IC, which are whole rows of the weights and of their
/// gradient.
template <typename T>
class DensePanels {
 public:
  DensePanels(const Kernels<T>& kernels, int64_t ic, int64_t oc)
      : kernels_(kernels), ic_(ic), oc_(oc) {}

  int64_t ScratchBytes(int64_t rows) const;

  /// Columns RangeOf(panel, OC) of dst = src * weight + bias. Null bias: none.
  void Forward(const ForwardArgs<T>& args, const T* bias) const;
  /// Columns RangeOf(panel, IC) of diff_src, and the same rows of diff_weight; the first panel also
  /// adds to diff_bias, where there is one.
  void Backward(const BackwardArgs<T>& args, T* diff_bias) const;

 private:
  void CopyBlock(const T* weights, int64_t rows, int64_t cols, T* block) const;
  int64_t DiffSize(int64_t rows) const;
  void BackwardSrc(const BackwardArgs<T>& args, const T* diff, T* scratch) const;
  void BackwardWeights(const BackwardArgs<T>& args, const T* diff, T* scratch) const;

  const Kernels<T>& kernels_;
  int64_t ic_;
  int64_t oc_;
};

}  // namespace fovea
