#pragma once

#include <algorithm>
#include <cstdint>

#include "kernels/kernels.h"
#include "kernels/reference_elementwise.h"

/// The reference kernels over matrices of rows of channels; part of kernels_reference.cc.
namespace fovea {
namespace {

template <typename T>
void NormalizeU8(int64_t rows, int64_t cols, const uint8_t* src, const T* mean, const T* factor,
                 T* dst) {
  for (int64_t r = 0; r < rows; ++r) {
    for (int64_t c = 0; c < cols; ++c) {
      dst[r * cols + c] = (T(src[r * cols + c]) - mean[c]) * factor[c];
    }
  }
}

template <typename T>
void ColumnSums(int64_t rows, int64_t cols, const T* src, T* sums) {
  for (int64_t r = 0; r < rows; ++r) {
    for (int64_t c = 0; c < cols; ++c) sums[c] += src[r * cols + c];
  }
}

template <typename T>
void ColumnMoments(int64_t rows, int64_t cols, const T* src, T* mean, T* squares) {
  std::fill_n(mean, cols, T(0));
  std::fill_n(squares, cols, T(0));
  ColumnSums(rows, cols, src, mean);
  for (int64_t c = 0; c < cols && rows > 0; ++c) mean[c] /= T(rows);
  for (int64_t r = 0; r < rows; ++r) {
    for (int64_t c = 0; c < cols; ++c) {
      const T distance = src[r * cols + c] - mean[c];
      squares[c] += distance * distance;
    }
  }
}

template <typename T>
void ColumnAffineReference(const ColumnAffine<T>& args) {
  for (int64_t r = 0; r < args.rows; ++r) {
    for (int64_t c = 0; c < args.cols; ++c) {
      const int64_t i = r * args.cols + c;
      T value = args.src[i] * args.factor[c] + args.shift[c];
      if (args.add != nullptr) value += args.add[i];
      args.dst[i] = args.relu ? Relu(value) : value;
    }
  }
}

/// The gradient behind the relu of element i, in column c.
template <typename T>
T BehindRelu(const NormBackwardArgs<T>& args, int64_t i, int64_t c) {
  if (args.dst != nullptr && !(args.dst[i] > 0)) return T(0);
  if (args.relu_factor == nullptr) return args.diff_dst[i];
  return args.src[i] * args.relu_factor[c] + args.relu_shift[c] > 0 ? args.diff_dst[i] : T(0);
}

template <typename T>
void NormSums(const NormBackwardArgs<T>& args, T* sums, T* dots) {
  for (int64_t r = 0; r < args.rows; ++r) {
    for (int64_t c = 0; c < args.cols; ++c) {
      const int64_t i = r * args.cols + c;
      const T g = BehindRelu(args, i, c);
      if (args.dst != nullptr) args.diff_dst[i] = g;
      sums[c] += g;
      dots[c] += g * (args.src[i] - args.mean[c]);
    }
  }
}

template <typename T>
void NormBackward(const NormBackwardArgs<T>& args) {
  for (int64_t r = 0; r < args.rows; ++r) {
    for (int64_t c = 0; c < args.cols; ++c) {
      const int64_t i = r * args.cols + c;
      const T shifted = (args.src[i] - args.mean[c]) * args.src_factor[c] + args.shift[c];
      args.diff_src[i] = BehindRelu(args, i, c) * args.diff_factor[c] + shifted;
    }
  }
}

}  // namespace
}  // namespace fovea
