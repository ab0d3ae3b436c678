#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "kernels/winograd.h"

namespace fovea {

/// What products multiply. Sums, and all else, are floats in both.
enum class Precision {
  kFloat32,   ///< operands as they are
  kBfloat16,  ///< operands rounded to bfloat16: 8 bits of precision, the range of float
};

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
  T* diff_src;             ///< overwritten
  const T* dst = nullptr;  ///< not null: windows whose dst is not > 0 pass no gradient
};

/// dst[r][c] = src[r][c] * factor[c] + shift[c], then + add[r][c] where there is one, then
/// max(0, .) where relu. dst may be src or add.
template <typename T>
struct ColumnAffine {
  int64_t rows = 0, cols = 0;
  const T* src = nullptr;
  const T* factor = nullptr;
  const T* shift = nullptr;
  const T* add = nullptr;
  bool relu = false;
  T* dst = nullptr;
};

/// What the two passes of batch norm's backward read: src and g, which is diff_dst with a relu
/// undone, if there was one. g is 0, not diff_dst,
///   where not dst[r][c] > 0, if dst is given
///   where not src[r][c] * relu_factor[c] + relu_shift[c] > 0, if relu_factor is given: what
///   ColumnAffine with these numbers made 0, to the bit
template <typename T>
struct NormBackwardArgs {
  int64_t rows = 0, cols = 0;
  const T* src = nullptr;
  T* diff_dst = nullptr;   ///< read; norm_sums overwrites it with g if dst is given
  const T* dst = nullptr;  ///< read by norm_sums only, which leaves g to norm_backward
  const T* relu_factor = nullptr;
  const T* relu_shift = nullptr;
  const T* mean = nullptr;         ///< [cols], of src
  const T* diff_factor = nullptr;  ///< [cols], this and the next two: norm_backward only
  const T* src_factor = nullptr;
  const T* shift = nullptr;
  T* diff_src = nullptr;
};

/// One time step of an LSTM after its products: with the columns of `gates` in four runs of
/// `units`,
///   i = sigmoid, f = sigmoid, o = sigmoid, g = tanh of the runs, in this order
///   cell = f * cell_before + i * g,  state = o * tanh(cell)
/// Matrices without a distance between rows are dense, [rows, units].
template <typename T>
struct LstmGatesArgs {
  int64_t rows = 0, units = 0;
  T* gates = nullptr;  ///< in: sums; out: i, f, o, g
  int64_t gates_row = 0;
  const T* cell_before = nullptr;  ///< null: zeros; may be `cell`
  T* cell = nullptr;
  T* cell_tanh = nullptr;  ///< tanh(cell)
  T* state = nullptr;      ///< null: not wanted
  int64_t state_row = 0;
  T* next = nullptr;  ///< a second copy of the state, for the next time step's product; or null
  int64_t next_row = 0;
};

/// The derivatives of such a time step.
template <typename T>
struct LstmGatesBackwardArgs {
  int64_t rows = 0, units = 0;
  T* gates = nullptr;  ///< in: i, f, o, g; out: d(loss)/d(their sums)
  int64_t gates_row = 0;
  const T* cell_before = nullptr;  ///< null: zeros
  const T* cell_tanh = nullptr;
  const T* diff_state = nullptr;  ///< d(loss)/d(state) from above; null: zeros
  int64_t diff_state_row = 0;
  const T* diff_next = nullptr;  ///< the same from the time step after, dense; null: zeros
  T* diff_cell = nullptr;        ///< in: from the time step after; out: for the one before
};

/// A window that slides over an image, padding included; see layers/window.h.
struct BundleWindow {
  int64_t ih, iw, ic, oh, ow, oc;
  int64_t kh, kw, sh, sw, dh, dw, top, left;  ///< window, stride, dilation, padding before
};

/// A convolution of one bundle: Kernels::panel images side by side, [H, W, C, panel].
///   dst[oh][ow][oc] = bias[oc] + sum over kh, kw, ic of weights[kh][kw][ic][oc] *
///       src[oh * SH - top + kh * DH][ow * SW - left + kw * DW][ic], where that is in the image
/// for each of the images alone, summed in this order; then max(0, .) where relu.
template <typename T>
struct BundleConvArgs {
  BundleWindow window;
  const T* src;      ///< [ih, iw, ic, panel]
  const T* weights;  ///< [kh, kw, ic, oc]
  const T* bias;     ///< [oc]; null: none
  bool relu;
  T* dst;                    ///< [oc, panel] of pixel (oh, ow) at oh * dst_row + ow * dst_col
  int64_t dst_row, dst_col;  ///< in elements
};

/// The gradient of the weights and the bias of BundleConvArgs, summed over bundles and images.
template <typename T>
struct BundleConvWeightsArgs {
  BundleWindow window;
  int64_t bundles;
  const T* src;       ///< [bundles, ih, iw, ic, panel]
  const T* diff_dst;  ///< [bundles, oh, ow, oc, panel]
  T* sums;            ///< [kh * kw * ic + 1, oc, panel], for this call only
  T* diff_weights;    ///< [kh, kw, ic, oc], added to
  T* diff_bias;       ///< [oc], added to; null: none
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
  std::string_view target;  ///< `reference`, `avx2`, `avx512`, `avx512bf16`
  int panel;                ///< columns of a packed panel of B

  /// In the precision that the table was asked for.
  void (*brgemm)(const Brgemm<T>&);
  /// Of operands as they are, whatever the precision: for those that rounding would spoil.
  void (*full_brgemm)(const Brgemm<T>&);
  /// Of A and B rounded to the nearest bfloat16, ties to even, and summed in T; a target may add
  /// the products of two neighbouring k before it adds them to the sum, and take denormal numbers
  /// for 0. double, which serves to check gradients, is not rounded.
  void (*bfloat16_brgemm)(const Brgemm<T>&);

  /// Every column by itself, of operands as they are:
  ///   c[m][n] = (accumulate ? c[m][n] : 0) + sum over blocks b and k of
  ///       a[a_offsets[b] + m * a_row + k * a_depth + n] * b[b_offsets[b] + k * b_depth + n]
  /// then bias and relu as in Brgemm, and summed in the same order. B is read in place.
  void (*columnwise_brgemm)(const Brgemm<T>&);

  void (*relu)(int64_t count, const T* src, T* dst);  ///< dst = max(0, src); NaN stays
  /// diff_src = dst > 0 ? diff_dst : 0. diff_src may be diff_dst.
  void (*relu_backward)(int64_t count, const T* dst, const T* diff_dst, T* diff_src);
  void (*add)(int64_t count, const T* a, const T* b, T* dst);       ///< dst = a + b
  void (*add_relu)(int64_t count, const T* a, const T* b, T* dst);  ///< dst = max(0, a + b)
  void (*accumulate)(int64_t count, const T* src, T* dst);          ///< dst += src
  void (*scale)(int64_t count, T factor, const T* src, T* dst);     ///< dst = factor * src
  bool (*all_finite)(int64_t count, const T* src);  ///< no element is infinite or NaN
  // dst may be src. The errors of the vector forms are in vector_math.h.
  void (*exp)(int64_t count, const T* src, T* dst);
  void (*log)(int64_t count, const T* src, T* dst);  ///< natural; NaN where src < 0
  void (*tanh)(int64_t count, const T* src, T* dst);
  void (*sigmoid)(int64_t count, const T* src, T* dst);  ///< 1 / (1 + exp(-src))
  /// dst[r][c] = (src[r][c] - mean[c]) * factor[c], from bytes.
  void (*normalize_u8)(int64_t rows, int64_t cols, const uint8_t* src, const T* mean,
                       const T* factor, T* dst);

  /// sums[c] += sum over r of src[r][c].
  void (*column_sums)(int64_t rows, int64_t cols, const T* src, T* sums);
  /// mean[c] = mean over r of src[r][c]; squares[c] = sum over r of (src[r][c] - mean[c])^2. Both
  /// overwritten; 0 where there are no rows. Precise wherever the mean lies.
  void (*column_moments)(int64_t rows, int64_t cols, const T* src, T* mean, T* squares);
  void (*column_affine)(const ColumnAffine<T>&);
  /// sums[c] += sum over r of g[r][c]; dots[c] += sum over r of g[r][c] * (src[r][c] - mean[c]).
  void (*norm_sums)(const NormBackwardArgs<T>&, T* sums, T* dots);
  /// diff_src = g * diff_factor[c] + (src - mean[c]) * src_factor[c] + shift[c]. diff_src may be
  /// diff_dst.
  void (*norm_backward)(const NormBackwardArgs<T>&);

  /// Values of src at the points: B^T d B of the pixels that tiles read, tile_height +
  /// taps - 1 by tile_width + taps - 1. For winograd_*, see winograd.h.
  void (*winograd_src)(const WinogradTiles&, const T* src, const WinogradValues<T>& values);
  /// dst from values: A^T m A of tiles of tile_height x tile_width pixels, + bias[c] unless it is
  /// null, + add, which lies as dst, unless it is null, then max(0, .) where relu.
  void (*winograd_dst)(const WinogradTiles&, const WinogradValues<T>& values, const T* bias,
                       const T* add, bool relu, T* dst);
  /// Values of diff_dst: A y A^T of tiles of tile_height x tile_width pixels, the adjoint of
  /// winograd_dst.
  void (*winograd_diff_dst)(const WinogradTiles&, const T* diff_dst,
                            const WinogradValues<T>& values);
  /// Values of weights [taps, taps, ic, oc]: G g G^T; the tile is the channel of src, 0 to ic. And
  /// those of the same weights turned by 180 degrees and transposed, [taps, taps, oc, ic], which
  /// take diff_dst to diff_src.
  void (*winograd_weights)(int64_t taps, int64_t ic, int64_t oc, const T* weights,
                           const WinogradValues<T>& values, const WinogradValues<T>& turned);
  /// diff_weights[k * tap_stride + i * oc + o] += G^T u G, the adjoint of winograd_weights.
  void (*winograd_diff_weights)(int64_t taps, int64_t ic, int64_t oc,
                                const WinogradValues<T>& values, int64_t tap_stride,
                                T* diff_weights);

  void (*max_pool)(const MaxPoolArgs<T>&);
  void (*max_pool_backward)(const MaxPoolBackwardArgs<T>&);

  void (*lstm_gates)(const LstmGatesArgs<T>&);
  void (*lstm_gates_backward)(const LstmGatesBackwardArgs<T>&);

  /// A bundle from `rows` <= panel rows of `size` elements, dst[e][r] = src[r][e], 0 where r >=
  /// rows.
  void (*interleave)(int64_t rows, int64_t size, const T* src, T* dst);
  /// The rows of a bundle: dst[r][e] = src[e][r].
  void (*deinterleave)(int64_t rows, int64_t size, const T* src, T* dst);
  void (*bundle_conv)(const BundleConvArgs<T>&);
  void (*bundle_conv_weights)(const BundleConvWeightsArgs<T>&);

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
const Kernels<T>& KernelsFor(std::string_view target = "",
                             Precision precision = Precision::kFloat32);

/// Targets this CPU can run, best first; `reference` is always the last.
std::vector<std::string_view> AvailableTargets();

}  // namespace fovea
