#pragma once

#include "kernels/vector.h"

/// Element by element: one pass over memory, which sets the speed. dst may be one of the sources.
namespace fovea {

template <class Target>
void VectorRelu(int64_t count, const float* src, float* dst) {
  Blocks<Target>(count, [=](int64_t i, auto lanes) {
    lanes.Store(dst + i, Relu<Target>(lanes.Load(src + i)));
  });
}

template <class Target>
void VectorReluBackward(int64_t count, const float* dst, const float* diff_dst, float* diff_src) {
  Blocks<Target>(count, [=](int64_t i, auto lanes) {
    const Vector<Target> zero = {};
    lanes.Store(diff_src + i, lanes.Load(dst + i) > zero ? lanes.Load(diff_dst + i) : zero);
  });
}

template <class Target>
void VectorAdd(int64_t count, const float* a, const float* b, float* dst) {
  Blocks<Target>(count, [=](int64_t i, auto lanes) {
    lanes.Store(dst + i, lanes.Load(a + i) + lanes.Load(b + i));
  });
}

template <class Target>
void VectorAddRelu(int64_t count, const float* a, const float* b, float* dst) {
  Blocks<Target>(count, [=](int64_t i, auto lanes) {
    lanes.Store(dst + i, Relu<Target>(lanes.Load(a + i) + lanes.Load(b + i)));
  });
}

template <class Target>
void VectorAccumulate(int64_t count, const float* src, float* dst) {
  VectorAdd<Target>(count, src, dst, dst);
}

template <class Target>
void VectorScale(int64_t count, float factor, const float* src, float* dst) {
  Blocks<Target>(count, [=](int64_t i, auto lanes) {
    lanes.Store(dst + i, Splat<Target>(factor) * lanes.Load(src + i));
  });
}

/// x - x is 0 unless x is infinite or NaN; then it is NaN.
template <class Target>
bool VectorAllFinite(int64_t count, const float* src) {
  Vector<Target> sum = {};
  Blocks<Target>(count, [&](int64_t i, auto lanes) {
    const Vector<Target> x = lanes.Load(src + i);
    sum += x - x;
  });
  float total = 0;
  for (int lane = 0; lane < Target::kWidth; ++lane) total += sum[lane];
  return total == 0;
}

}  // namespace fovea
