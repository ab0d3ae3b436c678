/// C = A B on one thread: our brgemm over packed B, against the faster of oneDNN's sgemm and its
/// matmul with B in a layout of its own choice. Packing is not timed, where there is any: a network
/// packs its weights once a step.

#include <cstdio>
#include <memory>
#include <oneapi/dnnl/dnnl.hpp>

#include "contest.h"
#include "floats.h"
#include "kernels/kernels.h"
#include "kernels/pack.h"

namespace fovea {
namespace {

struct Shape {
  int64_t m, n, k;
};

constexpr Shape kShapes[] = {{256, 256, 256},    {512, 512, 512},  {1024, 1024, 1024},
                             {2048, 2048, 2048}, {64, 4096, 9216}, {16384, 64, 576}};

using dnnl::memory;

Contest Gemm(const Shape& s) {
  const auto a = std::make_shared<Floats>(s.m * s.k);
  const auto b = std::make_shared<Floats>(s.k * s.n);
  const auto c = std::make_shared<Floats>(s.m * s.n);
  const auto their_c = std::make_shared<Floats>(s.m * s.n);
  const Kernels<float>& kernels = KernelsFor<float>();
  const auto packed = std::make_shared<Floats>(PackedSize(s.k, s.n, kernels.panel));
  PackPanels(s.k, s.n, b->data(), s.n, 1, kernels.panel, s.k * kernels.panel, packed->data());

  Contest contest;
  contest.name =
      "gemm " + std::to_string(s.m) + " x " + std::to_string(s.n) + " x " + std::to_string(s.k);
  contest.flops = 2.0 * static_cast<double>(s.m * s.n * s.k);
  contest.ours = [=, &kernels] {
    Brgemm<float> args;
    args.rows = s.m;
    args.cols = s.n;
    args.depth = s.k;
    args.a = a->data();
    args.a_row = s.k;
    args.b = packed->data();
    args.b_panel = s.k * kernels.panel;
    args.b_depth = kernels.panel;
    args.c = c->data();
    args.c_row = s.n;
    kernels.brgemm(args);
  };
  contest.theirs.push_back([=] {
    dnnl_sgemm('N', 'N', s.m, s.n, s.k, 1, a->data(), s.k, b->data(), s.n, 0, their_c->data(), s.n);
  });

  const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  dnnl::stream stream(engine);
  const auto plain = [](int64_t rows, int64_t cols) {
    return memory::desc({rows, cols}, memory::data_type::f32, memory::format_tag::ab);
  };
  const memory::desc any({s.k, s.n}, memory::data_type::f32, memory::format_tag::any);
  const dnnl::matmul::primitive_desc description(engine, plain(s.m, s.k), any, plain(s.m, s.n));
  memory weights(description.weights_desc(), engine);
  memory source(plain(s.k, s.n), engine, b->data());
  dnnl::reorder(source, weights).execute(stream, source, weights);
  const memory src(plain(s.m, s.k), engine, a->data());
  const memory dst(plain(s.m, s.n), engine, their_c->data());
  const dnnl::matmul matmul(description);
  contest.theirs.push_back([=]() mutable {
    matmul.execute(stream, {{DNNL_ARG_SRC, src}, {DNNL_ARG_WEIGHTS, weights}, {DNNL_ARG_DST, dst}});
  });
  return contest;
}

}  // namespace

void RunGemms(double peak_gflops) {
  for (const Shape& shape : kShapes) {
    std::puts(Run(Gemm(shape), peak_gflops).c_str());
    std::fflush(stdout);
  }
}

}  // namespace fovea
