#pragma once

#include <string_view>

namespace fovea {

/// Measures what one core can do at best, in GFLOP/s: independent multiply-adds in registers, for
/// the vectors of a target. The best of some short runs, about 0.1 s in all.
double FmaPeakGflops(std::string_view target);

}  // namespace fovea
