/// Direct convolution: the products of direct_products.h in their own roles.

#include "layers/convolution.h"
#include "layers/direct_products.h"

namespace fovea {
namespace {

template <typename T>
class DirectConvolution final : public Convolution<T> {
 public:
  DirectConvolution(const Window& window, int64_t filters, int64_t groups,
                    const Kernels<T>& kernels)
      : products_(window, filters, groups, kernels) {}

  int64_t ScratchBytes(int64_t) const override { return products_.ScratchBytes(); }
  int64_t PreparedSize() const override { return products_.PreparedSize(); }
  void Prepare(const T* weight, T* prepared) const override { products_.Prepare(weight, prepared); }

  void Forward(const ForwardArgs<T>& args, const T* bias) const override {
    products_.Dst(args.rows, args.src[0], args.prepared, {args.add, bias, args.relu}, args.scratch,
                  args.dst);
  }

  void BackwardSrc(const BackwardArgs<T>& args) const override {
    products_.DiffSrc(args.rows, args.diff_dst, args.prepared, {}, args.scratch, args.diff_src[0]);
  }

  void BackwardWeights(const BackwardArgs<T>& args) const override {
    products_.DiffWeights(args.rows, args.src[0], args.diff_dst, args.scratch, args.diff_weights);
  }

 private:
  DirectProducts<T> products_;
};

}  // namespace

template <typename T>
ConvolutionPtr<T> MakeDirectConvolution(const Window& window, int64_t filters, int64_t groups,
                                        const Kernels<T>& kernels) {
  return std::make_unique<DirectConvolution<T>>(window, filters, groups, kernels);
}

template ConvolutionPtr<float> MakeDirectConvolution(const Window&, int64_t, int64_t,
                                                     const Kernels<float>&);
template ConvolutionPtr<double> MakeDirectConvolution(const Window&, int64_t, int64_t,
                                                      const Kernels<double>&);

}  // namespace fovea
