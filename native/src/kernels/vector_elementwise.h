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
void VectorReluBackward(int64_t count, const float* dst, float* diff) {
  Blocks<Target>(count, [=](int64_t i, auto lanes) {
    const Vector<Target> zero = {};
    lanes.Store(diff + i, lanes.Load(dst + i) > zero ? lanes.Load(diff + i) : zero);
  });
}

template <class Target>
void VectorAdd(int64_t count, const float* a, const float* b, float* dst) {
  Blocks<Target>(count, [=](int64_t i, auto lanes) {
    lanes.Store(dst + i, lanes.Load(a + i) + lanes.Load(b + i));
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

}  // namespace fovea
