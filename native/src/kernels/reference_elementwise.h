#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

/// The reference kernels that go element by element; part of kernels_reference.cc.
namespace fovea {
namespace {

template <typename T>
T Relu(T x) {
  return x < 0 ? T(0) : x;  // NaN stays NaN
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

}  // namespace
}  // namespace fovea
