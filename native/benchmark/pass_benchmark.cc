/// Passes over memory that training is made of beside products: batch norm, sums, max pooling, the
/// optimizer. Prints GB/s of what the pass must read and write, each matrix counted once, and its
/// ratio to memcpy of one of the matrices in the same process. Every call takes the next of several
/// copies, so that none lies in L2.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstring>
#include <functional>
#include <string>
#include <vector>

#include "kernels/kernels.h"
#include "measure.h"

namespace fovea {
namespace {

constexpr int64_t kCopies = 6;

struct Size {
  const char* name;
  int64_t rows, cols;
};

/// Maps of ResNet-20 for 32 rows, and a vector of 4 M weights.
constexpr Size kSizes[] = {
    {"32768x16", 32768, 16}, {"8192x32", 8192, 32}, {"2048x64", 2048, 64}, {"65536x64", 65536, 64}};

/// Matrices and rows of settings for one size.
struct Memory {
  explicit Memory(const Size& size)
      : rows(size.rows),
        cols(size.cols),
        count(rows * cols),
        x(size.cols, 0.5f),
        y(x),
        z(x),
        sums(x),
        dots(x) {
    for (std::vector<float>* matrix : {&a, &b, &c, &d}) matrix->assign(kCopies * count, 0.25f);
  }

  NormBackwardArgs<float> Norm(int64_t at) {
    NormBackwardArgs<float> args;
    args.rows = rows;
    args.cols = cols;
    args.src = &a[at];
    args.diff_dst = &b[at];
    args.mean = x.data();
    args.relu_factor = args.diff_factor = args.src_factor = y.data();
    args.relu_shift = args.shift = z.data();
    args.diff_src = &b[at];
    return args;
  }

  int64_t rows, cols, count;
  std::vector<float> a, b, c, d, x, y, z, sums, dots;
};

struct Pass {
  const char* name;
  int matrices;  ///< read or written
  std::function<void(const Kernels<float>&, Memory&, int64_t at)> run;
};

const Pass kMemcpy = {"memcpy", 2, [](const Kernels<float>&, Memory& m, int64_t at) {
                        std::memcpy(&m.c[at], &m.a[at], m.count * sizeof(float));
                      }};

const Pass kPasses[] = {
    {"moments", 1,
     [](const Kernels<float>& k, Memory& m, int64_t at) {
       k.column_moments(m.rows, m.cols, &m.a[at], m.sums.data(), m.dots.data());
     }},
    {"affine_relu", 2,
     [](const Kernels<float>& k, Memory& m, int64_t at) {
       k.column_affine({m.rows, m.cols, &m.a[at], m.y.data(), m.z.data(), nullptr, true, &m.c[at]});
     }},
    {"affine_add_relu", 3,
     [](const Kernels<float>& k, Memory& m, int64_t at) {
       k.column_affine(
           {m.rows, m.cols, &m.a[at], m.y.data(), m.z.data(), &m.b[at], true, &m.c[at]});
     }},
    {"norm_sums", 2,
     [](const Kernels<float>& k, Memory& m, int64_t at) {
       k.norm_sums(m.Norm(at), m.sums.data(), m.dots.data());
     }},
    {"norm_backward_in_place", 3,
     [](const Kernels<float>& k, Memory& m, int64_t at) { k.norm_backward(m.Norm(at)); }},
    {"accumulate", 3,
     [](const Kernels<float>& k, Memory& m, int64_t at) {
       k.accumulate(m.count, &m.a[at], &m.c[at]);
     }},
    {"all_finite", 1,
     [](const Kernels<float>& k, Memory& m, int64_t at) {
       benchmark::DoNotOptimize(k.all_finite(m.count, &m.a[at]));
     }},
    {"sgd_momentum", 5,
     [](const Kernels<float>& k, Memory& m, int64_t at) {
       k.sgd({m.count, 1e-6, 0, 1, &m.b[at], &m.a[at]}, 0.9, false, &m.d[at]);
     }},
};

/// Seconds of the fastest call.
double Fastest(const Kernels<float>& kernels, const Pass& pass, Memory& memory, int64_t calls) {
  double best = 1e9;
  for (int64_t call = 0; call < calls; ++call) {
    const double start = CpuSeconds();
    pass.run(kernels, memory, call % kCopies * memory.count);
    benchmark::ClobberMemory();
    best = std::min(best, CpuSeconds() - start);
  }
  return best;
}

void Measure(benchmark::State& state, const Kernels<float>& kernels, const Pass& pass,
             const Size& size) {
  Memory memory(size);
  const double bytes = static_cast<double>(memory.count * int64_t{sizeof(float)});
  double best = 1e9, best_copy = 1e9;
  for (auto _ : state) {
    best = std::min(best, Fastest(kernels, pass, memory, kCopies));
    state.PauseTiming();
    best_copy = std::min(best_copy, Fastest(kernels, kMemcpy, memory, kCopies));
    state.ResumeTiming();
  }
  const double speed = pass.matrices * bytes / best / 1e9;
  state.counters["best:GB/s"] = speed;
  state.counters["ofMemcpy%"] = 100 * speed / (kMemcpy.matrices * bytes / best_copy / 1e9);
}

[[maybe_unused]] const bool kRegistered = [] {
  for (const std::string_view target : AvailableTargets()) {
    const Kernels<float>& kernels = KernelsFor<float>(target);
    for (const Pass& pass : kPasses) {
      for (const Size& size : kSizes) {
        const std::string name =
            std::string("pass/").append(pass.name).append("/").append(target).append("/").append(
                size.name);
        benchmark::RegisterBenchmark(
            name.c_str(), [&](benchmark::State& state) { Measure(state, kernels, pass, size); });
      }
    }
  }
  return true;
}();

}  // namespace
}  // namespace fovea
