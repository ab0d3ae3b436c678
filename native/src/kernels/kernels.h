#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace fovea {

/// A product of matrices summed over a list of blocks:
///   c[m][n] = (accumulate ? c[m][n] : 0) + sum over blocks b and k of A_b[m][k] * B_b[k][n]
///   then + bias[n] where there is one, then max(0, .) where relu.
/// Distances are in elements. A is read in place, by broadcast: any two strides. B is read in
/// panels of Kernels::panel columns: packed by PackPanels, or in place where its rows are
/// contiguous. Each c[m][n] is summed in the order of (b, k) whatever its neighbours, so that a
/// row's result does not depend on how many rows are computed with it.
template <typename T>
struct Brgemm {
  int64_t rows = 0;   ///< of A and C
  int64_t cols = 0;   ///< of B and C, any number: the last panel may be partial
  int64_t depth = 0;  ///< k of one block
  int64_t blocks = 1;
  const T* a = nullptr;
  int64_t a_row = 0;  ///< A_b[m][k] = a[a_offsets[b] + m * a_row + k * a_depth]
  int64_t a_depth = 1;
  const int64_t* a_offsets = nullptr;  ///< [blocks]; null: all 0
  const T* b = nullptr;
  int64_t b_panel = 0;                 ///< distance between panels of `panel` columns
  int64_t b_depth = 0;                 ///< distance between the rows k and k + 1 of a panel
  const int64_t* b_offsets = nullptr;  ///< [blocks]; null: all 0
  bool b_padded = true;  ///< rows of the last panel may be read to their full width (packed B)
  T* c = nullptr;
  int64_t c_row = 0;
  bool accumulate = false;
  const T* bias = nullptr;  ///< [cols]
  bool relu = false;
};

/// Pooling over windows of an image, channels innermost; see layers/max_pool2d.cc for the meaning.
/// Places of a window outside the image do not take part; every window has at least one inside.
/// A window that holds NaN gives NaN, and its first NaN is the winner. KH * KW <= 256.
template <typename T>
struct MaxPoolArgs {
  int64_t rows, ih, iw, channels, oh, ow;
  int64_t kh, kw, sh, sw, top, left;  ///< window, stride, padding before
  const T* src;
  T* dst;
  uint8_t* winner;  ///< [rows, oh, ow, channels]: kh * KW + kw of the largest, first in row order
};

template <typename T>
struct MaxPoolBackwardArgs {
  int64_t rows, ih, iw, channels, oh, ow;
  int64_t kh, kw, sh, sw, top, left;
  const T* diff_dst;
  const uint8_t* winner;
  T* diff_src;  ///< overwritten
};

/// One optimizer pass over a run of parameters with equal settings.
template <typename T>
struct UpdateArgs {
  int64_t count = 0;
  double learning_rate = 0;
  double l2 = 0;              ///< adds l2 * weight to the gradient
  double gradient_scale = 1;  ///< 1 / (sum of the row weights of the step)
  T* weights = nullptr;
  const T* gradient = nullptr;  ///< sums over rows
};

/// The inner loops for one instruction set. All pointers may be unaligned; counts may be any.
template <typename T>
struct Kernels {
  std::string_view target;  ///< `reference`, `avx2`, `avx512`
  int panel;                ///< columns of a packed panel of B

  void (*brgemm)(const Brgemm<T>&);

  void (*relu)(int64_t count, const T* src, T* dst);             ///< dst = max(0, src); NaN stays
  void (*relu_backward)(int64_t count, const T* dst, T* diff);   ///< diff = dst > 0 ? diff : 0
  void (*add)(int64_t count, const T* a, const T* b, T* dst);    ///< dst = a + b
  void (*accumulate)(int64_t count, const T* src, T* dst);       ///< dst += src
  void (*scale)(int64_t count, T factor, const T* src, T* dst);  ///< dst = factor * src
  /// dst[r][c] = (src[r][c] - mean[c]) * factor[c], from bytes.
  void (*normalize_u8)(int64_t rows, int64_t cols, const uint8_t* src, const T* mean,
                       const T* factor, T* dst);

  /// sums[c] += sum over r of src[r][c].
  void (*column_sums)(int64_t rows, int64_t cols, const T* src, T* sums);
  /// sums[c] += sum over r of (src[r][c] - center[c])^2.
  void (*column_squares)(int64_t rows, int64_t cols, const T* src, const T* center, T* sums);
  /// sums[c] += sum over r of a[r][c] * b[r][c].
  void (*column_dots)(int64_t rows, int64_t cols, const T* a, const T* b, T* sums);
  /// dst[r][c] = src[r][c] * factor[c] + shift[c].
  void (*column_affine)(int64_t rows, int64_t cols, const T* src, const T* factor, const T* shift,
                        T* dst);
  /// dst[r][c] = a[r][c] * a_factor[c] + b[r][c] * b_factor[c] + shift[c].
  void (*column_affine2)(int64_t rows, int64_t cols, const T* a, const T* a_factor, const T* b,
                         const T* b_factor, const T* shift, T* dst);

  void (*max_pool)(const MaxPoolArgs<T>&);
  void (*max_pool_backward)(const MaxPoolBackwardArgs<T>&);

  /// velocity = momentum * velocity + g; weights -= rate * (nesterov ? g + momentum * velocity :
  /// velocity), with g = gradient_scale * gradient + l2 * weights. Null velocity: plain SGD.
  void (*sgd)(const UpdateArgs<T>&, double momentum, bool nesterov, T* velocity);
  /// Adam with bias correction for step number `step` >= 1 (Kingma and Ba 2015, algorithm 1).
  void (*adam)(const UpdateArgs<T>&, double beta1, double beta2, double epsilon, int64_t step,
               T* mean, T* variance);
  /// weights = decay * weights + (1 - decay) * gradient_scale * gradient.
  void (*running_average)(const UpdateArgs<T>&, double decay);
};

/// The table for a target by name; "" is the best this CPU has. Throws std::invalid_argument, with
/// a message of the house form, for a target that is unknown or that this CPU lacks. double exists
/// as `reference` only.
template <typename T>
const Kernels<T>& KernelsFor(std::string_view target = "");

/// Targets this CPU can run, best first; `reference` is always the last.
std::vector<std::string_view> AvailableTargets();

}  // namespace fovea
