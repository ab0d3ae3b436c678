#include "contest.h"

#include <time.h>

#include <algorithm>
#include <cstddef>
#include <cstdio>

namespace fovea {
namespace {

constexpr int kRounds = 7;
constexpr double kBlockSeconds = 0.02;

double CpuSeconds() {
  timespec time;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

/// Seconds of one call.
double Block(const std::function<void()>& call) {
  const double start = CpuSeconds();
  double elapsed = 0;
  int calls = 0;
  while (elapsed < kBlockSeconds) {
    call();
    ++calls;
    elapsed = CpuSeconds() - start;
  }
  return elapsed / calls;
}

double Median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace

std::string Run(const Contest& contest, double peak_gflops) {
  std::vector<double> ours;
  std::vector<std::vector<double>> theirs(contest.theirs.size());
  for (int round = -1; round < kRounds; ++round) {  // round -1 warms up
    const double seconds = Block(contest.ours);
    if (round >= 0) ours.push_back(seconds);
    for (size_t i = 0; i < theirs.size(); ++i) {
      const double their_seconds = Block(contest.theirs[i]);
      if (round >= 0) theirs[i].push_back(their_seconds);
    }
  }
  const auto best =
      std::min_element(theirs.begin(), theirs.end(),
                       [](const auto& a, const auto& b) { return Median(a) < Median(b); });
  std::vector<double> ratios;
  for (size_t round = 0; round < ours.size(); ++round) {
    ratios.push_back((*best)[round] / ours[round]);
  }
  char row[256];
  std::snprintf(row, sizeof row, "| %s | %.3f | %.3f | %.2f | %.0f %% |", contest.name.c_str(),
                1e3 * Median(ours), 1e3 * Median(*best), Median(ratios),
                100 * contest.flops / Median(ours) / 1e9 / peak_gflops);
  return row;
}

}  // namespace fovea
