#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <type_traits>

#include "kernels/kernels.h"
#include "kernels/kernels_targets.h"
#include "kernels/reference_elementwise.h"

/// The reference products of matrices; part of kernels_reference.cc.
namespace fovea {
namespace {

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

/// Each element of c is the sum of product(a, b, m, n, k), where a and b begin a block.
template <typename T, typename Product>
void SumProducts(const Brgemm<T>& g, Product product) {
  for (int64_t m = 0; m < g.rows; ++m) {
    for (int64_t n = 0; n < g.cols; ++n) {
      T sum = 0;
      for (int64_t block = 0; block < g.blocks; ++block) {
        const T* a = g.a + (g.a_offsets ? g.a_offsets[block] : 0);
        const T* b = g.b + (g.b_offsets ? g.b_offsets[block] : 0);
        for (int64_t k = 0; k < g.depth; ++k) sum += product(a, b, m, n, k);
      }
      T& c = g.c[m * g.c_row + n];
      if (g.accumulate) sum += c;
      if (g.bias) sum += g.bias[n];
      c = g.relu ? Relu(sum) : sum;
    }
  }
}

template <typename T, Precision kPrecision>
void BrgemmReference(const Brgemm<T>& g) {
  constexpr int64_t kPanel = kReferencePanel;
  SumProducts(g, [&](const T* a, const T* b, int64_t m, int64_t n, int64_t k) {
    return Operand<T, kPrecision>(a[m * g.a_row + k * g.a_depth]) *
           Operand<T, kPrecision>(b[n / kPanel * g.b_panel + k * g.b_depth + n % kPanel]);
  });
}

template <typename T>
void ColumnwiseBrgemm(const Brgemm<T>& g) {
  SumProducts(g, [&](const T* a, const T* b, int64_t m, int64_t n, int64_t k) {
    return a[m * g.a_row + k * g.a_depth + n] * b[k * g.b_depth + n];
  });
}

}  // namespace
}  // namespace fovea
