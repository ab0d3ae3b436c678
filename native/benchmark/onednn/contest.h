#pragma once

#include <functional>
#include <string>
#include <vector>

namespace fovea {

/// The same work, ours and oneDNN's, each as a call on memory of its own.
struct Contest {
  std::string name;
  double flops = 0;  ///< of one call, by the definition of the operation
  std::function<void()> ours;
  /// Several: the fastest counts.
  std::vector<std::function<void()>> theirs;
};

/// Runs everyone in turn, in blocks of at least a few milliseconds, and returns a row of a markdown
/// table: name, ms of ours, ms of theirs, theirs / ours, ours in percent of the peak. CPU time of
/// this thread; medians over the rounds.
std::string Run(const Contest& contest, double peak_gflops);

/// A row of that table for each shape; a line on standard error where oneDNN refuses one.
void RunGemms(double peak_gflops);
void RunConvolutions(double peak_gflops);

}  // namespace fovea
