/// Convolutions of few channels, one bundle after the other: forward, the gradient of src (the same
/// kernel with filters and channels changed places) and of the weights. Multiplications by padding,
/// which the kernels leave out, are not counted.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <string>

#include "floats.h"
#include "kernels/kernels.h"
#include "measure.h"

namespace fovea {
namespace {

struct Convolution {
  const char* name;
  int64_t size, ic, oc, kernel, pad;
};

constexpr int64_t kBundles = 2;

struct Buffers {
  BundleWindow window;
  int64_t src_size, dst_size, taps;
  Floats src, weights, bias, dst;
  double flops = 0;

  Buffers(const Convolution& c, int64_t panel)
      : window{c.size,
               c.size,
               c.ic,
               c.size + 2 * c.pad - c.kernel + 1,
               c.size + 2 * c.pad - c.kernel + 1,
               c.oc,
               c.kernel,
               c.kernel,
               1,
               1,
               1,
               1,
               c.pad,
               c.pad},
        src_size(c.size * c.size * c.ic * panel),
        dst_size(window.oh * window.ow * c.oc * panel),
        taps(c.kernel * c.kernel * c.ic * c.oc),
        src(kBundles * src_size),
        weights(taps),
        bias(c.oc),
        dst(kBundles * dst_size) {
    int64_t side = 0;  // pairs of a tap and a pixel along one side
    for (int64_t o = 0; o < window.oh; ++o) {
      for (int64_t k = 0; k < c.kernel; ++k) {
        side += o - c.pad + k >= 0 && o - c.pad + k < c.size;
      }
    }
    flops = 2.0 * static_cast<double>(kBundles * panel * side * side * c.ic * c.oc);
  }
};

void Forward(benchmark::State& state, const Kernels<float>& kernels, const Convolution& c) {
  Buffers buffers(c, kernels.panel);
  const BundleWindow& w = buffers.window;
  Measure(state, kernels, buffers.flops, [&] {
    for (int64_t i = 0; i < kBundles; ++i) {
      kernels.bundle_conv({w, buffers.src.data() + i * buffers.src_size, buffers.weights.data(),
                           buffers.bias.data(), true, buffers.dst.data() + i * buffers.dst_size,
                           w.ow * w.oc * kernels.panel, w.oc * kernels.panel});
    }
  });
}

void BackwardSrc(benchmark::State& state, const Kernels<float>& kernels, const Convolution& c) {
  Buffers buffers(c, kernels.panel);
  const BundleWindow& w = buffers.window;
  const BundleWindow back = {w.oh,
                             w.ow,
                             w.oc,
                             w.ih,
                             w.iw,
                             w.ic,
                             w.kh,
                             w.kw,
                             1,
                             1,
                             1,
                             1,
                             w.kh - 1 - w.top,
                             w.kw - 1 - w.left};
  Measure(state, kernels, buffers.flops, [&] {
    for (int64_t i = 0; i < kBundles; ++i) {
      kernels.bundle_conv({back, buffers.dst.data() + i * buffers.dst_size, buffers.weights.data(),
                           nullptr, false, buffers.src.data() + i * buffers.src_size,
                           w.iw * w.ic * kernels.panel, w.ic * kernels.panel});
    }
  });
}

void BackwardWeights(benchmark::State& state, const Kernels<float>& kernels, const Convolution& c) {
  Buffers buffers(c, kernels.panel);
  Floats sums((buffers.taps + c.oc) * kernels.panel);
  Measure(state, kernels, buffers.flops, [&] {
    kernels.bundle_conv_weights({buffers.window, kBundles, buffers.src.data(), buffers.dst.data(),
                                 sums.data(), buffers.weights.data(), buffers.bias.data()});
  });
}

constexpr Convolution kConvolutions[] = {
    {"1-6_5x5@28_same", 28, 1, 6, 5, 2},   {"6-16_5x5@14", 14, 6, 16, 5, 0},
    {"3-16_3x3@32_same", 32, 3, 16, 3, 1}, {"8-8_3x3@16_same", 16, 8, 8, 3, 1},
    {"4-12_1x1@20", 20, 4, 12, 1, 0},
};

[[maybe_unused]] const bool kRegistered = [] {
  for (const std::string_view target : AvailableTargets()) {
    const Kernels<float>& kernels = KernelsFor<float>(target);
    for (const Convolution& shape : kConvolutions) {
      const auto add = [&](const char* what, auto run) {
        const std::string name = std::string("bundle_conv/")
                                     .append(target)
                                     .append("/")
                                     .append(shape.name)
                                     .append("/")
                                     .append(what);
        benchmark::RegisterBenchmark(
            name.c_str(),
            [&kernels, &shape, run](benchmark::State& state) { run(state, kernels, shape); });
      };
      add("forward", Forward);
      add("backward_src", BackwardSrc);
      add("backward_weights", BackwardWeights);
    }
  }
  return true;
}();

}  // namespace
}  // namespace fovea
