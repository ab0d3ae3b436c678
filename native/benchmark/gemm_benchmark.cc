/// brgemm on the shapes that networks are made of, for every target of this CPU. Prints GFLOP/s and
/// the share of the FMA peak, which is measured in this process before. Each call packs B, as Dense
/// and Conv2d do once a step, unless the name says `prepacked`.

#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "floats.h"
#include "kernels/kernels.h"
#include "kernels/pack.h"
#include "measure.h"

namespace fovea {
namespace {

struct Shape {
  const char* name;
  int64_t m, n, k;
  bool pack = true;
  bool transposed_a = false;  ///< A is stored [K, M], as for the gradient of weights
  bool in_place_b = false;    ///< B is read as it lies
};

void Gemm(benchmark::State& state, const Kernels<float>& kernels, const Shape& s) {
  const Floats a(s.m * s.k), b(s.k * s.n);
  Floats c(s.m * s.n), packed(PackedSize(s.k, s.n, kernels.panel));
  const auto pack = [&] {
    PackPanels(s.k, s.n, b.data(), s.n, 1, kernels.panel, s.k * kernels.panel, packed.data());
  };
  pack();
  Brgemm<float> args;
  args.rows = s.m;
  args.cols = s.n;
  args.depth = s.k;
  args.a = a.data();
  args.a_row = s.transposed_a ? 1 : s.k;
  args.a_depth = s.transposed_a ? s.m : 1;
  args.b = s.in_place_b ? b.data() : packed.data();
  args.b_panel = s.in_place_b ? kernels.panel : s.k * kernels.panel;
  args.b_depth = s.in_place_b ? s.n : kernels.panel;
  args.b_padded = !s.in_place_b;
  args.c = c.data();
  args.c_row = s.n;
  Measure(state, kernels, 2.0 * static_cast<double>(s.m * s.n * s.k), [&] {
    if (s.pack && !s.in_place_b) pack();
    kernels.brgemm(args);
  });
}

/// A 3x3 convolution of padded images as Conv2d calls it: one brgemm for each row of each image, a
/// block for each tap.
struct Convolution {
  const char* name;
  int64_t images, size, ic, oc;
};

void Conv3x3(benchmark::State& state, const Kernels<float>& kernels, const Convolution& s) {
  const int64_t padded = s.size + 2;
  const Floats src(s.images * padded * padded * s.ic), weights(9 * s.ic * s.oc), bias(s.oc);
  Floats dst(s.images * s.size * s.size * s.oc), packed(PackedSize(9 * s.ic, s.oc, kernels.panel));
  std::vector<int64_t> a_offsets, b_offsets;
  for (int64_t tap = 0; tap < 9; ++tap) {
    a_offsets.push_back((tap / 3 * padded + tap % 3) * s.ic);
    b_offsets.push_back(tap * s.ic * kernels.panel);
  }
  Brgemm<float> args;
  args.rows = s.size;
  args.cols = s.oc;
  args.depth = s.ic;
  args.blocks = 9;
  args.a_row = s.ic;
  args.a_offsets = a_offsets.data();
  args.b = packed.data();
  args.b_panel = 9 * s.ic * kernels.panel;
  args.b_depth = kernels.panel;
  args.b_offsets = b_offsets.data();
  args.c_row = s.oc;
  args.bias = bias.data();
  args.relu = true;
  const double flops = 2.0 * 9 * static_cast<double>(s.images * s.size * s.size * s.ic * s.oc);
  Measure(state, kernels, flops, [&] {
    PackPanels(9 * s.ic, s.oc, weights.data(), s.oc, 1, kernels.panel, args.b_panel, packed.data());
    for (int64_t image = 0; image < s.images; ++image) {
      for (int64_t y = 0; y < s.size; ++y) {
        args.a = src.data() + (image * padded + y) * padded * s.ic;
        args.c = dst.data() + (image * s.size + y) * s.size * s.oc;
        kernels.brgemm(args);
      }
    }
  });
}

constexpr Shape kShapes[] = {
    {"256^3", 256, 256, 256},
    {"512^3", 512, 512, 512},
    {"512^3_prepacked", 512, 512, 512, false},
    {"1024^3", 1024, 1024, 1024},
    {"64x512x4096", 64, 512, 4096},
    {"64x4096x512", 64, 4096, 512},
    {"64x4096x512_prepacked", 64, 4096, 512, false},
    {"64x120x400", 64, 120, 400},
    {"64x10x128", 64, 10, 128},
    {"1x1_conv_12544x64x256", 12544, 64, 256},
    {"weights_gradient_512x512x64", 512, 512, 64, false, true, true},
    {"weights_gradient_144x32x6272", 144, 32, 6272, false, true, true},
};

constexpr Convolution kConvolutions[] = {
    {"16-32@14", 32, 14, 16, 32},
    {"64-64@32", 8, 32, 64, 64},
    {"256-256@8", 8, 8, 256, 256},
};

[[maybe_unused]] const bool kRegistered = [] {
  for (const std::string_view target : AvailableTargets()) {
    const Kernels<float>& kernels = KernelsFor<float>(target);
    for (const Shape& shape : kShapes) {
      const std::string name = "gemm/" + std::string(target).append("/").append(shape.name);
      benchmark::RegisterBenchmark(name.c_str(), [&kernels, &shape](benchmark::State& state) {
        Gemm(state, kernels, shape);
      });
    }
    for (const Convolution& shape : kConvolutions) {
      const std::string name = "conv3x3/" + std::string(target).append("/").append(shape.name);
      benchmark::RegisterBenchmark(name.c_str(), [&kernels, &shape](benchmark::State& state) {
        Conv3x3(state, kernels, shape);
      });
    }
  }
  return true;
}();

}  // namespace
}  // namespace fovea
