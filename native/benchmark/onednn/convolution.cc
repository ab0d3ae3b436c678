/// Convolutions of the benchmark's networks, and some of other kinds, on one thread: our Conv2d or
/// ConvTranspose2d layer, prepared, over NHWC, against oneDNN's convolution or deconvolution with
/// every tensor in the layout it likes best. Reorders are not
/// timed. Both add a bias; backward is the two halves by themselves.

#include <algorithm>
#include <cstdio>
#include <exception>
#include <memory>
#include <oneapi/dnnl/dnnl.hpp>
#include <sstream>
#include <unordered_map>

#include "contest.h"
#include "floats.h"
#include "layer_run.h"

namespace fovea {
namespace {

using dnnl::memory;

struct Convolution {
  const char* network;
  int64_t rows, size, ic, oc, kernel, stride, pad;
  int64_t dilation = 1, groups = 1;
  bool transposed = false;
};

constexpr Convolution kConvolutions[] = {
    {"vgg", 32, 32, 3, 64, 3, 1, 1},
    {"vgg", 32, 32, 64, 64, 3, 1, 1},
    {"vgg", 32, 16, 64, 128, 3, 1, 1},
    {"vgg", 32, 16, 128, 128, 3, 1, 1},
    {"vgg", 32, 8, 128, 256, 3, 1, 1},
    {"vgg", 32, 8, 256, 256, 3, 1, 1},
    {"resnet", 32, 32, 16, 16, 3, 1, 1},
    {"resnet", 32, 32, 16, 32, 3, 2, 1},
    {"resnet", 32, 32, 16, 32, 1, 2, 0},
    {"resnet", 32, 16, 32, 32, 3, 1, 1},
    {"resnet", 32, 16, 32, 64, 3, 2, 1},
    {"resnet", 32, 8, 64, 64, 3, 1, 1},
    {"alexnet", 8, 224, 3, 64, 11, 4, 2},
    {"alexnet", 8, 27, 64, 192, 5, 1, 2},
    {"alexnet", 8, 13, 192, 384, 3, 1, 1},
    {"alexnet", 8, 13, 384, 256, 3, 1, 1},
    {"alexnet", 8, 13, 256, 256, 3, 1, 1},
    {"lenet", 32, 28, 1, 6, 5, 1, 2},
    {"lenet", 32, 14, 6, 16, 5, 1, 0},
    {"dilated", 32, 16, 64, 64, 3, 1, 2, 2},
    {"grouped", 8, 27, 96, 256, 5, 1, 2, 1, 2},
    {"depthwise", 32, 32, 64, 64, 3, 1, 1, 1, 64},
    {"depthwise", 32, 32, 128, 128, 3, 2, 1, 1, 128},
    {"depthwise", 32, 8, 512, 512, 3, 1, 1, 1, 512},
    {"transposed", 32, 8, 128, 64, 4, 2, 1, 1, 1, true},
};

int64_t OutputSize(const Convolution& s) {
  if (s.transposed) return (s.size - 1) * s.stride - 2 * s.pad + (s.kernel - 1) * s.dilation + 1;
  return (s.size + 2 * s.pad - (s.kernel - 1) * s.dilation - 1) / s.stride + 1;
}

LayerRun Ours(const Convolution& s) {
  const auto size = static_cast<int>(s.size);
  return LayerRun(s.transposed ? "ConvTranspose2d" : "Conv2d",
                  {{"filters", std::to_string(s.oc)},
                   {"kernel", std::to_string(s.kernel)},
                   {"stride", std::to_string(s.stride)},
                   {"padding", std::to_string(s.pad)},
                   {"dilation", std::to_string(s.dilation)},
                   {"groups", std::to_string(s.groups)}},
                  {size, size, static_cast<int>(s.ic)}, s.rows, KernelsFor<float>());
}

/// oneDNN's primitives, and what they do.
struct Direct {
  using Forward = dnnl::convolution_forward;
  using BackwardData = dnnl::convolution_backward_data;
  using BackwardWeights = dnnl::convolution_backward_weights;
  static constexpr auto kAlgorithm = dnnl::algorithm::convolution_direct;
};
struct Transposed {
  using Forward = dnnl::deconvolution_forward;
  using BackwardData = dnnl::deconvolution_backward_data;
  using BackwardWeights = dnnl::deconvolution_backward_weights;
  static constexpr auto kAlgorithm = dnnl::algorithm::deconvolution_direct;
};

/// oneDNN's convolution: descriptions in which every layout is its own choice.
template <class Primitives>
class Theirs {
 public:
  explicit Theirs(const Convolution& s)
      : src_(Any({s.rows, s.ic, s.size, s.size})),
        weights_(s.groups == 1
                     ? Any({s.oc, s.ic, s.kernel, s.kernel})
                     : Any({s.groups, s.oc / s.groups, s.ic / s.groups, s.kernel, s.kernel})),
        bias_({s.oc}, memory::data_type::f32, memory::format_tag::a),
        dst_(Any({s.rows, s.oc, OutputSize(s), OutputSize(s)})),
        strides_{s.stride, s.stride},
        dilates_{s.dilation - 1, s.dilation - 1},
        pads_{s.pad, s.pad},
        stream_(engine_),
        forward_(engine_, dnnl::prop_kind::forward_training, Primitives::kAlgorithm, src_, weights_,
                 bias_, dst_, strides_, dilates_, pads_, pads_) {}

  std::function<void()> Forward() {
    return Call(typename Primitives::Forward(forward_),
                {{DNNL_ARG_SRC, Make(forward_.src_desc())},
                 {DNNL_ARG_WEIGHTS, Make(forward_.weights_desc())},
                 {DNNL_ARG_BIAS, Make(bias_)},
                 {DNNL_ARG_DST, Make(forward_.dst_desc())}});
  }

  std::function<void()> BackwardData() {
    const typename Primitives::BackwardData::primitive_desc description(
        engine_, Primitives::kAlgorithm, src_, weights_, dst_, strides_, dilates_, pads_, pads_,
        forward_);
    return Call(typename Primitives::BackwardData(description),
                {{DNNL_ARG_DIFF_DST, Make(description.diff_dst_desc())},
                 {DNNL_ARG_WEIGHTS, Make(description.weights_desc())},
                 {DNNL_ARG_DIFF_SRC, Make(description.diff_src_desc())}});
  }

  std::function<void()> BackwardWeights() {
    const typename Primitives::BackwardWeights::primitive_desc description(
        engine_, Primitives::kAlgorithm, src_, weights_, bias_, dst_, strides_, dilates_, pads_,
        pads_, forward_);
    return Call(typename Primitives::BackwardWeights(description),
                {{DNNL_ARG_SRC, Make(description.src_desc())},
                 {DNNL_ARG_DIFF_DST, Make(description.diff_dst_desc())},
                 {DNNL_ARG_DIFF_WEIGHTS, Make(description.diff_weights_desc())},
                 {DNNL_ARG_DIFF_BIAS, Make(bias_)}});
  }

 private:
  using Memories = std::unordered_map<int, memory>;

  static memory::desc Any(const memory::dims& sizes) {
    return {sizes, memory::data_type::f32, memory::format_tag::any};
  }

  /// Memory in the layout that was chosen, full of numbers: zeros would be no fairer, only other.
  memory Make(const memory::desc& layout) const {
    memory made(layout, engine_);
    const Floats floats(static_cast<int64_t>(layout.get_size() / sizeof(float)));
    std::copy_n(floats.data(), layout.get_size() / sizeof(float),
                static_cast<float*>(made.get_data_handle()));
    return made;
  }

  std::function<void()> Call(const dnnl::primitive& primitive, const Memories& memories) const {
    dnnl::stream stream = stream_;
    return [=]() mutable { primitive.execute(stream, memories); };
  }

  dnnl::engine engine_{dnnl::engine::kind::cpu, 0};
  memory::desc src_, weights_, bias_, dst_;
  memory::dims strides_, dilates_, pads_;
  dnnl::stream stream_;
  typename Primitives::Forward::primitive_desc forward_;
};

template <class Primitives>
void RunOne(const Convolution& s, double peak_gflops) {
  const auto ours = std::make_shared<LayerRun>(Ours(s));
  Theirs<Primitives> theirs(s);
  std::ostringstream name;
  name << s.network << " " << s.ic << "-" << s.oc << " " << s.kernel << "x" << s.kernel << " @"
       << s.size << (s.stride > 1 ? " stride " + std::to_string(s.stride) : "");
  if (s.dilation > 1) name << " dilation " << s.dilation;
  if (s.groups > 1) name << " groups " << s.groups;
  const int64_t side = s.transposed ? s.size : OutputSize(s);  // each of its pixels meets all taps
  const double flops = 2.0 * static_cast<double>(s.rows * side * side * s.oc * s.ic / s.groups *
                                                 s.kernel * s.kernel);
  const auto run = [&](const char* what, auto call, const std::function<void()>& their_call) {
    std::puts(Run({name.str() + " " + what, flops, call, {their_call}}, peak_gflops).c_str());
    std::fflush(stdout);
  };
  run(
      "forward", [=] { ours->Forward(); }, theirs.Forward());
  run(
      "weights", [=] { ours->BackwardWeights(); }, theirs.BackwardWeights());
  if (s.ic <= 3) return;  // a first layer is not asked for the gradient of its input
  run(
      "data", [=] { ours->BackwardSrc(); }, theirs.BackwardData());
}

}  // namespace

void RunConvolutions(double peak_gflops) {
  for (const Convolution& convolution : kConvolutions) {
    try {
      convolution.transposed ? RunOne<Transposed>(convolution, peak_gflops)
                             : RunOne<Direct>(convolution, peak_gflops);
    } catch (const std::exception& e) {
      std::fprintf(stderr, "onednn_benchmark: %s: %s\n", convolution.network, e.what());
    }
  }
}

}  // namespace fovea
