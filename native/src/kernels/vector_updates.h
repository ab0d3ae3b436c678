#pragma once

#include "kernels/kernels.h"
#include "kernels/vector.h"

/// The optimizers: one pass over weights, gradient and state, limited by memory.
namespace fovea {

/// The mean gradient of a block, with weight decay.
template <class Target, typename Lanes>
FOVEA_INLINE Vector<Target> MeanGradient(const UpdateArgs<float>& args, int64_t i, Lanes lanes,
                                         Vector<Target> weights) {
  return Splat<Target>(static_cast<float>(args.gradient_scale)) * lanes.Load(args.gradient + i) +
         Splat<Target>(static_cast<float>(args.l2)) * weights;
}

template <class Target>
void VectorSgd(const UpdateArgs<float>& args, double momentum, bool nesterov, float* velocity) {
  const Vector<Target> rate = Splat<Target>(static_cast<float>(args.learning_rate));
  const Vector<Target> decay = Splat<Target>(static_cast<float>(momentum));
  Blocks<Target>(args.count, [&](int64_t i, auto lanes) {
    const Vector<Target> weights = lanes.Load(args.weights + i);
    const Vector<Target> g = MeanGradient<Target>(args, i, lanes, weights);
    Vector<Target> direction = g;
    if (velocity) {
      const Vector<Target> v = decay * lanes.Load(velocity + i) + g;
      lanes.Store(velocity + i, v);
      direction = nesterov ? g + decay * v : v;
    }
    lanes.Store(args.weights + i, weights - rate * direction);
  });
}

template <class Target>
void VectorAdam(const UpdateArgs<float>& args, double beta1, double beta2, double epsilon,
                int64_t step, float* mean, float* variance) {
  const double steps = static_cast<double>(step);
  const auto splat = [](double x) { return Splat<Target>(static_cast<float>(x)); };
  const Vector<Target> rate = splat(args.learning_rate / (1 - __builtin_pow(beta1, steps)));
  const Vector<Target> correction = splat(1 / (1 - __builtin_pow(beta2, steps)));
  const Vector<Target> keep1 = splat(beta1), take1 = splat(1 - beta1);
  const Vector<Target> keep2 = splat(beta2), take2 = splat(1 - beta2);
  const Vector<Target> floor = splat(epsilon);
  Blocks<Target>(args.count, [&](int64_t i, auto lanes) {
    const Vector<Target> weights = lanes.Load(args.weights + i);
    const Vector<Target> g = MeanGradient<Target>(args, i, lanes, weights);
    const Vector<Target> m = keep1 * lanes.Load(mean + i) + take1 * g;
    const Vector<Target> v = keep2 * lanes.Load(variance + i) + take2 * g * g;
    lanes.Store(mean + i, m);
    lanes.Store(variance + i, v);
    lanes.Store(args.weights + i, weights - rate * m / (Target::Sqrt(v * correction) + floor));
  });
}

template <class Target>
void VectorRunningAverage(const UpdateArgs<float>& args, double decay) {
  const Vector<Target> keep = Splat<Target>(static_cast<float>(decay));
  const Vector<Target> take = Splat<Target>(static_cast<float>((1 - decay) * args.gradient_scale));
  Blocks<Target>(args.count, [&](int64_t i, auto lanes) {
    lanes.Store(args.weights + i,
                keep * lanes.Load(args.weights + i) + take * lanes.Load(args.gradient + i));
  });
}

}  // namespace fovea
