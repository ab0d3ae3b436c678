#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "kernels/kernels.h"

namespace fovea {

/// How a step changes the weights: settings only, so one instance serves any number of networks and
/// threads. What it remembers from step to step is the caller's: `Slots()` vectors as long as the
/// weights, zero before the first step.
class Optimizer {
 public:
  virtual ~Optimizer() = default;

  /// Numbers kept for each weight.
  virtual int Slots() const = 0;

  /// Updates args.weights, a run of the flat vector, from args.gradient. `step` counts from 1.
  /// Slot s of the run is state + s * slot_stride; state may be null where Slots() is 0.
  virtual void Step(const UpdateArgs<float>& args, const Kernels<float>& kernels, int64_t step,
                    float* state, int64_t slot_stride) const = 0;
};

using OptimizerPtr = std::unique_ptr<Optimizer>;

class Attributes;

/// An optimizer type as the registry lists it.
struct OptimizerType {
  std::string_view name;
  std::string_view attributes;  ///< what it declares, with defaults
  OptimizerPtr (*create)(const Attributes&);
};

/// Every optimizer type, in alphabetical order.
std::span<const OptimizerType> OptimizerTypes();

/// Makes an optimizer from its text, `Adam beta1=0.9`: a name and attributes. Throws Error, naming
/// the optimizer and the attribute.
OptimizerPtr CreateOptimizer(std::string_view text);

}  // namespace fovea
