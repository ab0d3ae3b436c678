#pragma once

#include <cmath>
#include <cstdint>

#include "kernels/kernels.h"

/// The reference kernels of the optimizers; part of kernels_reference.cc.
namespace fovea {
namespace {

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

}  // namespace
}  // namespace fovea
