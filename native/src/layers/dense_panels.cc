#include "layers/dense_panels.h"

#include <algorithm>

#include "kernels/pack.h"

namespace fovea {
namespace {

/// Forward takes blocks of the weights, kRun rows of kCols columns, into L2. kRun is the depth that
/// the vector kernels sum at a time, so that their results are those of one product over all of it.
constexpr int64_t kRun = 256;
constexpr int64_t kCols = 128;
/// Rows a power of two apart would fight for the same places of the caches.
constexpr int64_t kSkew = 16;
/// Rows of the weights that backward takes at a time: of diff_src, and of diff_weight, which are as
/// many streams of writes.
constexpr int64_t kSrcGroup = 84;
constexpr int64_t kWeightGroup = 12;

}  // namespace

template <typename T>
int64_t DensePanels<T>::ScratchBytes(int64_t rows) const {
  const int64_t forward = kRun * (kCols + kSkew);
  const int64_t backward =
      DiffSize(rows) + std::max(PackedSize(rows, oc_, kernels_.panel),
                                PackedSize(oc_, rows, kernels_.panel) + kSrcGroup * rows);
  return std::max(forward, backward) * static_cast<int64_t>(sizeof(T));
}

template <typename T>
void DensePanels<T>::Forward(const ForwardArgs<T>& args, const T* bias) const {
  const PanelRange range = RangeOf(args.panel, oc_);
  T* block = reinterpret_cast<T*>(args.scratch);
  Brgemm<T> product;
  product.rows = args.rows;
  product.a_row = ic_;
  product.b = block;
  product.b_panel = kernels_.panel;
  product.b_depth = kCols + kSkew;
  product.c_row = oc_;
  const int64_t runs = (ic_ + kRun - 1) / kRun;
  for (int64_t run = 0; run < runs; ++run) {
    const int64_t k = ic_ * run / runs;
    const bool last = run + 1 == runs;
    product.depth = ic_ * (run + 1) / runs - k;
    product.a = args.src[0] + k;
    product.accumulate = run > 0;
    product.relu = last && args.relu;
    for (int64_t col = range.begin; col < range.end; col += kCols) {
      product.cols = std::min(kCols, range.end - col);
      CopyBlock(args.weights + k * oc_ + col, product.depth, product.cols, block);
      product.c = args.dst + col;
      product.bias = last && bias != nullptr ? bias + col : nullptr;
      kernels_.brgemm(product);
    }
  }
}

/// Rows lie far apart, each on a page of its own: they are asked for ahead.
template <typename T>
void DensePanels<T>::CopyBlock(const T* weights, int64_t rows, int64_t cols, T* block) const {
  constexpr int64_t kAhead = 8;
  for (int64_t i = 0; i < rows; ++i) {
    const T* next = weights + std::min(i + kAhead, rows - 1) * oc_;
    for (int64_t n = 0; n < cols; n += 16) __builtin_prefetch(next + n);
    std::copy_n(weights + i * oc_, cols, block + i * (kCols + kSkew));
  }
}

/// Elements of a copy of diff_dst, up to a 64-byte boundary.
template <typename T>
int64_t DensePanels<T>::DiffSize(int64_t rows) const {
  return SliceSize(rows * oc_);
}

template <typename T>
void DensePanels<T>::Backward(const BackwardArgs<T>& args, T* diff_bias) const {
  T* scratch = reinterpret_cast<T*>(args.scratch);
  const T* diff = args.diff_dst;
  if (args.relu) {  // into a copy: other lanes read diff_dst too
    kernels_.relu_backward(args.rows * oc_, args.dst, args.diff_dst, scratch);
    diff = scratch;
  }
  scratch += DiffSize(args.rows);
  if (args.diff_src[0] != nullptr) BackwardSrc(args, diff, scratch);
  if (args.diff_weights == nullptr) return;
  BackwardWeights(args, diff, scratch);
  if (diff_bias != nullptr && args.panel.index == 0) {
    kernels_.column_sums(args.rows, oc_, diff, diff_bias);
  }
}

/// diff_src^T = weight * diff_dst^T: the weights are read in place, by broadcast.
template <typename T>
void DensePanels<T>::BackwardSrc(const BackwardArgs<T>& args, const T* diff, T* scratch) const {
  const PanelRange range = RangeOf(args.panel, ic_);
  PackPanels(oc_, args.rows, diff, 1, oc_, kernels_.panel, oc_ * kernels_.panel, scratch);
  T* result = scratch + PackedSize(oc_, args.rows, kernels_.panel);  // [kSrcGroup, rows]
  Brgemm<T> product;
  product.cols = args.rows;
  product.depth = oc_;
  product.a_row = oc_;
  product.b = scratch;
  product.b_panel = oc_ * kernels_.panel;
  product.b_depth = kernels_.panel;
  product.c = result;
  product.c_row = args.rows;
  for (int64_t first = range.begin; first < range.end; first += kSrcGroup) {
    product.rows = std::min(kSrcGroup, range.end - first);
    product.a = args.weights + first * oc_;
    kernels_.brgemm(product);
    for (int64_t n = 0; n < args.rows; ++n) {
      T* to = args.diff_src[0] + n * ic_ + first;
      for (int64_t i = 0; i < product.rows; ++i) to[i] = result[i * args.rows + n];
    }
  }
}

/// diff_weight += src^T * diff_dst, a few whole rows at a time.
template <typename T>
void DensePanels<T>::BackwardWeights(const BackwardArgs<T>& args, const T* diff, T* scratch) const {
  const PanelRange range = RangeOf(args.panel, ic_);
  PackPanels(args.rows, oc_, diff, oc_, 1, kernels_.panel, args.rows * kernels_.panel, scratch);
  Brgemm<T> product;
  product.cols = oc_;
  product.depth = args.rows;
  product.a_row = 1;
  product.a_depth = ic_;
  product.b = scratch;
  product.b_panel = args.rows * kernels_.panel;
  product.b_depth = kernels_.panel;
  product.c_row = oc_;
  product.accumulate = true;
  for (int64_t first = range.begin; first < range.end; first += kWeightGroup) {
    product.rows = std::min(kWeightGroup, range.end - first);
    product.a = args.src[0] + first;
    product.c = args.diff_weights + first * oc_;
    kernels_.brgemm(product);
  }
}

template class DensePanels<float>;
template class DensePanels<double>;

}  // namespace fovea
