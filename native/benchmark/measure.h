#pragma once

#include <benchmark/benchmark.h>
#include <time.h>

#include <algorithm>
#include <map>
#include <string_view>

#include "fma_peak.h"
#include "kernels/kernels.h"

namespace fovea {

/// Of this CPU on the target's vectors, in GFLOP/s; measured once.
inline double Peak(const Kernels<float>& kernels) {
  static std::map<std::string_view, double> peaks;
  const auto found = peaks.find(kernels.target);
  if (found != peaks.end()) return found->second;
  return peaks[kernels.target] = FmaPeakGflops(kernels.target);
}

/// CPU time of this thread.
inline double CpuSeconds() {
  timespec time;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

/// Runs and reports, in CPU time: the mean over all calls, and the fastest call, which a busy
/// machine disturbs least.
template <typename Call>
void Measure(benchmark::State& state, const Kernels<float>& kernels, double flops, Call call) {
  using benchmark::Counter;
  double best = 1e9;
  for (auto _ : state) {
    const double start = CpuSeconds();
    call();
    benchmark::ClobberMemory();
    best = std::min(best, CpuSeconds() - start);
  }
  const double gflop = flops / 1e9, all = gflop * static_cast<double>(state.iterations());
  state.counters["GFLOP/s"] = Counter(all, Counter::kIsRate);
  state.counters["ofPeak%"] = Counter(100 * all / Peak(kernels), Counter::kIsRate);
  state.counters["best:GFLOP/s"] = gflop / best;
  state.counters["best:ofPeak%"] = 100 * gflop / best / Peak(kernels);
}

}  // namespace fovea
