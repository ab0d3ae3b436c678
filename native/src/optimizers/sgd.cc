/// Sgd: weights -= rate * velocity, velocity = momentum * velocity + gradient.
/// With nesterov: weights -= rate * (gradient + momentum * velocity).
/// Attributes: momentum, 0 to below 1; nesterov, which needs a momentum. Slots: the velocity; none
/// without momentum.
/// Source: Sutskever et al. 2013, "On the importance of initialization and momentum in deep
/// learning", in the form where the velocity does not hold the learning rate.

#include "layers/attributes.h"
#include "layers/error.h"
#include "optimizers/optimizer.h"

namespace fovea {
namespace {

class Sgd final : public Optimizer {
 public:
  explicit Sgd(const Attributes& attributes)
      : momentum_(attributes.NumberIn("momentum", 0, 1)), nesterov_(attributes.Bool("nesterov")) {
    if (nesterov_ && momentum_ == 0) {
      throw Error("attribute 'nesterov': expected false without momentum. Received: true.");
    }
  }

  int Slots() const override { return momentum_ > 0 ? 1 : 0; }

  void Step(const UpdateArgs<float>& args, const Kernels<float>& kernels, int64_t, float* state,
            int64_t) const override {
    kernels.sgd(args, momentum_, nesterov_, momentum_ > 0 ? state : nullptr);
  }

 private:
  double momentum_;
  bool nesterov_;
};

}  // namespace

OptimizerPtr CreateSgd(const Attributes& attributes) { return std::make_unique<Sgd>(attributes); }

}  // namespace fovea
