/// RunningAverage: weights = decay * weights + (1 - decay) * mean gradient. Not for training: it
/// updates statistics, whose "gradient" is the sum over rows of what is to be averaged.
/// Attributes: decay, 0 to below 1. Slots: none. Neither the learning rate nor l2 is read.

#include "layers/attributes.h"
#include "optimizers/optimizer.h"

namespace fovea {
namespace {

class RunningAverage final : public Optimizer {
 public:
  explicit RunningAverage(const Attributes& attributes)
      : decay_(attributes.NumberIn("decay", 0, 1)) {}

  int Slots() const override { return 0; }

  void Step(const UpdateArgs<float>& args, const Kernels<float>& kernels, int64_t, float*,
            int64_t) const override {
    kernels.running_average(args, decay_);
  }

 private:
  double decay_;
};

}  // namespace

OptimizerPtr CreateRunningAverage(const Attributes& attributes) {
  return std::make_unique<RunningAverage>(attributes);
}

}  // namespace fovea
