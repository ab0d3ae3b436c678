/// The reference kernels: what every other target is tested against, and what runs on a CPU that
/// has none of them. Plain loops, summed in T in the order of the contract.

#include <algorithm>
#include <bit>
#include <cmath>
#include <type_traits>

#include "kernels/kernels_targets.h"
#include "kernels/reference_columns.h"
#include "kernels/reference_math.h"
#include "kernels/reference_winograd.h"

namespace fovea {
namespace {

constexpr int64_t kPanel = kReferencePanel;

/// The nearest bfloat16, ties to even; NaN stays NaN.
float ToBfloat16(float x) {
  const auto bits = std::bit_cast<uint32_t>(x);
  const uint32_t rounded = std::isnan(x) ? bits | 0x400000 : bits + 0x7fff + (bits >> 16 & 1);
  return std::bit_cast<float>(rounded & 0xffff0000);
}

/// What products multiply: T as it is, or rounded where the table has float.
template <typename T, Precision kPrecision>
T Operand(T x) {
  constexpr bool kRound = kPrecision == Precision::kBfloat16 && std::is_same_v<T, float>;
  if constexpr (kRound) {
    return ToBfloat16(x);
  } else {
    return x;
  }
}

/// c[m][n], whose products have this sum.
template <typename T>
void SetElement(const Brgemm<T>& g, int64_t m, int64_t n, T sum) {
  T& c = g.c[m * g.c_row + n];
  if (g.accumulate) sum += c;
  if (g.bias) sum += g.bias[n];
  c = g.relu ? Relu(sum) : sum;
}

template <typename T, Precision kPrecision>
void BrgemmReference(const Brgemm<T>& g) {
  for (int64_t m = 0; m < g.rows; ++m) {
    for (int64_t n = 0; n < g.cols; ++n) {
      T sum = 0;
      for (int64_t b = 0; b < g.blocks; ++b) {
        const T* a_block = g.a + (g.a_offsets ? g.a_offsets[b] : 0);
        const T* b_block = g.b + (g.b_offsets ? g.b_offsets[b] : 0);
        for (int64_t k = 0; k < g.depth; ++k) {
          const T a = a_block[m * g.a_row + k * g.a_depth];
          const T b_value = b_block[n / kPanel * g.b_panel + k * g.b_depth + n % kPanel];
          sum += Operand<T, kPrecision>(a) * Operand<T, kPrecision>(b_value);
        }
      }
      SetElement(g, m, n, sum);
    }
  }
}

template <typename T>
void ColumnwiseBrgemm(const Brgemm<T>& g) {
  for (int64_t m = 0; m < g.rows; ++m) {
    for (int64_t n = 0; n < g.cols; ++n) {
      T sum = 0;
      for (int64_t b = 0; b < g.blocks; ++b) {
        const T* a_block = g.a + (g.a_offsets ? g.a_offsets[b] : 0);
        const T* b_block = g.b + (g.b_offsets ? g.b_offsets[b] : 0);
        for (int64_t k = 0; k < g.depth; ++k) {
          sum += a_block[m * g.a_row + k * g.a_depth + n] * b_block[k * g.b_depth + n];
        }
      }
      SetElement(g, m, n, sum);
    }
  }
}

template <typename T>
void ReluReference(int64_t count, const T* src, T* dst) {
  for (int64_t i = 0; i < count; ++i) dst[i] = Relu(src[i]);
}

template <typename T>
void ReluBackward(int64_t count, const T* dst, const T* diff_dst, T* diff_src) {
  for (int64_t i = 0; i < count; ++i) diff_src[i] = dst[i] > 0 ? diff_dst[i] : T(0);
}

template <typename T>
void Add(int64_t count, const T* a, const T* b, T* dst) {
  for (int64_t i = 0; i < count; ++i) dst[i] = a[i] + b[i];
}

template <typename T>
void AddRelu(int64_t count, const T* a, const T* b, T* dst) {
  for (int64_t i = 0; i < count; ++i) dst[i] = Relu(a[i] + b[i]);
}

template <typename T>
void Accumulate(int64_t count, const T* src, T* dst) {
  for (int64_t i = 0; i < count; ++i) dst[i] += src[i];
}

template <typename T>
void Scale(int64_t count, T factor, const T* src, T* dst) {
  for (int64_t i = 0; i < count; ++i) dst[i] = factor * src[i];
}

template <typename T>
bool AllFinite(int64_t count, const T* src) {
  return std::all_of(src, src + count, [](T x) { return std::isfinite(x); });
}

/// True where `value` takes the place of `best`, which comes before it in row order.
template <typename T>
bool Wins(T value, T best) {
  return !std::isnan(best) && !(value <= best);
}

template <typename T>
void MaxPool(const MaxPoolArgs<T>& args) {
  for (int64_t n = 0; n < args.rows; ++n) {
    for (int64_t oh = 0; oh < args.oh; ++oh) {
      for (int64_t ow = 0; ow < args.ow; ++ow) {
        for (int64_t c = 0; c < args.channels; ++c) {
          bool found = false;
          T best = 0;
          int64_t winner = 0;
          for (int64_t kh = 0; kh < args.kh; ++kh) {
            for (int64_t kw = 0; kw < args.kw; ++kw) {
              const int64_t y = oh * args.sh - args.top + kh;
              const int64_t x = ow * args.sw - args.left + kw;
              if (y < 0 || y >= args.ih || x < 0 || x >= args.iw) continue;
              const T value = args.src[((n * args.ih + y) * args.iw + x) * args.channels + c];
              if (found && !Wins(value, best)) continue;
              found = true;
              best = value;
              winner = kh * args.kw + kw;
            }
          }
          const int64_t out = ((n * args.oh + oh) * args.ow + ow) * args.channels + c;
          args.dst[out] = best;
          args.winner[out] = static_cast<uint8_t>(winner);
        }
      }
    }
  }
}

template <typename T>
void MaxPoolBackward(const MaxPoolBackwardArgs<T>& args) {
  std::fill_n(args.diff_src, args.rows * args.ih * args.iw * args.channels, T(0));
  for (int64_t n = 0; n < args.rows; ++n) {
    for (int64_t oh = 0; oh < args.oh; ++oh) {
      for (int64_t ow = 0; ow < args.ow; ++ow) {
        for (int64_t c = 0; c < args.channels; ++c) {
          const int64_t out = ((n * args.oh + oh) * args.ow + ow) * args.channels + c;
          if (args.dst != nullptr && !(args.dst[out] > 0)) continue;
          const int64_t y = oh * args.sh - args.top + args.winner[out] / args.kw;
          const int64_t x = ow * args.sw - args.left + args.winner[out] % args.kw;
          args.diff_src[((n * args.ih + y) * args.iw + x) * args.channels + c] +=
              args.diff_dst[out];
        }
      }
    }
  }
}

template <typename T>
void Interleave(int64_t rows, int64_t size, const T* src, T* dst) {
  for (int64_t e = 0; e < size; ++e) {
    for (int64_t r = 0; r < kPanel; ++r) dst[e * kPanel + r] = r < rows ? src[r * size + e] : T(0);
  }
}

template <typename T>
void Deinterleave(int64_t rows, int64_t size, const T* src, T* dst) {
  for (int64_t e = 0; e < size; ++e) {
    for (int64_t r = 0; r < rows; ++r) dst[r * size + e] = src[e * kPanel + r];
  }
}

/// Calls function(kh, kw, pixel) for the taps of window (oh, ow) that lie in the image, in order.
template <typename Function>
void ForTaps(const BundleWindow& w, int64_t oh, int64_t ow, Function function) {
  for (int64_t kh = 0; kh < w.kh; ++kh) {
    for (int64_t kw = 0; kw < w.kw; ++kw) {
      const int64_t y = oh * w.sh - w.top + kh * w.dh;
      const int64_t x = ow * w.sw - w.left + kw * w.dw;
      if (y >= 0 && y < w.ih && x >= 0 && x < w.iw) function(kh, kw, y * w.iw + x);
    }
  }
}

template <typename T>
void BundleConv(const BundleConvArgs<T>& args) {
  const BundleWindow& w = args.window;
  for (int64_t oh = 0; oh < w.oh; ++oh) {
    for (int64_t ow = 0; ow < w.ow; ++ow) {
      T* dst = args.dst + oh * args.dst_row + ow * args.dst_col;
      for (int64_t i = 0; i < w.oc * kPanel; ++i) {
        const int64_t oc = i / kPanel;
        T sum = 0;
        ForTaps(w, oh, ow, [&](int64_t kh, int64_t kw, int64_t pixel) {
          for (int64_t ic = 0; ic < w.ic; ++ic) {
            sum += args.weights[((kh * w.kw + kw) * w.ic + ic) * w.oc + oc] *
                   args.src[(pixel * w.ic + ic) * kPanel + i % kPanel];
          }
        });
        if (args.bias) sum += args.bias[oc];
        dst[i] = args.relu ? Relu(sum) : sum;
      }
    }
  }
}

template <typename T>
void BundleConvWeights(const BundleConvWeightsArgs<T>& args) {
  const BundleWindow& w = args.window;
  const T* src = args.src;
  const T* diff_dst = args.diff_dst;
  for (int64_t bundle = 0; bundle < args.bundles; ++bundle) {
    for (int64_t oh = 0; oh < w.oh; ++oh) {
      for (int64_t ow = 0; ow < w.ow; ++ow, diff_dst += w.oc * kPanel) {
        ForTaps(w, oh, ow, [&](int64_t kh, int64_t kw, int64_t pixel) {
          for (int64_t i = 0; i < w.ic * w.oc * kPanel; ++i) {
            const int64_t ic = i / kPanel / w.oc, oc = i / kPanel % w.oc, r = i % kPanel;
            args.diff_weights[((kh * w.kw + kw) * w.ic + ic) * w.oc + oc] +=
                src[(pixel * w.ic + ic) * kPanel + r] * diff_dst[oc * kPanel + r];
          }
        });
        if (!args.diff_bias) continue;
        for (int64_t i = 0; i < w.oc * kPanel; ++i) args.diff_bias[i / kPanel] += diff_dst[i];
      }
    }
    src += w.ih * w.iw * w.ic * kPanel;
  }
}

/// The mean gradient of element i, with weight decay.
template <typename T>
T MeanGradient(const UpdateArgs<T>& args, int64_t i) {
  return T(args.gradient_scale) * args.gradient[i] + T(args.l2) * args.weights[i];
}

template <typename T>
void Sgd(const UpdateArgs<T>& args, double momentum, bool nesterov, T* velocity) {
  for (int64_t i = 0; i < args.count; ++i) {
    const T g = MeanGradient(args, i);
    T direction = g;
    if (velocity) {
      velocity[i] = T(momentum) * velocity[i] + g;
      direction = nesterov ? g + T(momentum) * velocity[i] : velocity[i];
    }
    args.weights[i] -= T(args.learning_rate) * direction;
  }
}

template <typename T>
void Adam(const UpdateArgs<T>& args, double beta1, double beta2, double epsilon, int64_t step,
          T* mean, T* variance) {
  const T rate = T(args.learning_rate / (1 - std::pow(beta1, double(step))));
  const T correction = T(1 / (1 - std::pow(beta2, double(step))));
  for (int64_t i = 0; i < args.count; ++i) {
    const T g = MeanGradient(args, i);
    mean[i] = T(beta1) * mean[i] + T(1 - beta1) * g;
    variance[i] = T(beta2) * variance[i] + T(1 - beta2) * g * g;
    args.weights[i] -= rate * mean[i] / (std::sqrt(variance[i] * correction) + T(epsilon));
  }
}

template <typename T>
void RunningAverage(const UpdateArgs<T>& args, double decay) {
  const T share = T((1 - decay) * args.gradient_scale);
  for (int64_t i = 0; i < args.count; ++i) {
    args.weights[i] = T(decay) * args.weights[i] + share * args.gradient[i];
  }
}

template <typename T>
constexpr Kernels<T> kReference = {
    .target = "reference",
    .panel = kReferencePanel,
    .brgemm = BrgemmReference<T, Precision::kFloat32>,
    .full_brgemm = BrgemmReference<T, Precision::kFloat32>,
    .bfloat16_brgemm = BrgemmReference<T, Precision::kBfloat16>,
    .columnwise_brgemm = ColumnwiseBrgemm<T>,
    .relu = ReluReference<T>,
    .relu_backward = ReluBackward<T>,
    .add = Add<T>,
    .add_relu = AddRelu<T>,
    .accumulate = Accumulate<T>,
    .scale = Scale<T>,
    .all_finite = AllFinite<T>,
    .exp = ExpReference<T>,
    .log = LogReference<T>,
    .tanh = TanhReference<T>,
    .sigmoid = SigmoidReference<T>,
    .normalize_u8 = NormalizeU8<T>,
    .column_sums = ColumnSums<T>,
    .column_moments = ColumnMoments<T>,
    .column_affine = ColumnAffineReference<T>,
    .norm_sums = NormSums<T>,
    .norm_backward = NormBackward<T>,
    .winograd_src = WinogradSrcReference<T>,
    .winograd_dst = WinogradDstReference<T>,
    .winograd_diff_dst = WinogradDiffDstReference<T>,
    .winograd_weights = WinogradWeightsReference<T>,
    .winograd_diff_weights = WinogradDiffWeightsReference<T>,
    .max_pool = MaxPool<T>,
    .max_pool_backward = MaxPoolBackward<T>,
    .lstm_gates = LstmGatesReference<T>,
    .lstm_gates_backward = LstmGatesBackwardReference<T>,
    .interleave = Interleave<T>,
    .deinterleave = Deinterleave<T>,
    .bundle_conv = BundleConv<T>,
    .bundle_conv_weights = BundleConvWeights<T>,
    .sgd = Sgd<T>,
    .adam = Adam<T>,
    .running_average = RunningAverage<T>,
};

}  // namespace

constinit const Kernels<float> kReferenceFloat = kReference<float>;
constinit const Kernels<double> kReferenceDouble = kReference<double>;

}  // namespace fovea
