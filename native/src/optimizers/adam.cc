/// Adam: weights -= rate * mean / (sqrt(variance) + epsilon), both corrected for their start at 0.
/// Attributes: beta1, beta2, what is kept of the averages each step, 0 to below 1; epsilon > 0.
/// Slots: the running mean of the gradient, the running mean of its square.
/// Source: Kingma and Ba 2015, "Adam: a method for stochastic optimization", algorithm 1.

#include "layers/attributes.h"
#include "optimizers/optimizer.h"

namespace fovea {
namespace {

class Adam final : public Optimizer {
 public:
  explicit Adam(const Attributes& attributes)
      : beta1_(attributes.NumberIn("beta1", 0, 1)),
        beta2_(attributes.NumberIn("beta2", 0, 1)),
        epsilon_(attributes.NumberFrom("epsilon", 0, /*open=*/true)) {}

  int Slots() const override { return 2; }

  void Step(const UpdateArgs<float>& args, const Kernels<float>& kernels, int64_t step,
            float* state, int64_t slot_stride) const override {
    kernels.adam(args, beta1_, beta2_, epsilon_, step, state, state + slot_stride);
  }

 private:
  double beta1_;
  double beta2_;
  double epsilon_;
};

}  // namespace

OptimizerPtr CreateAdam(const Attributes& attributes) { return std::make_unique<Adam>(attributes); }

}  // namespace fovea
