#pragma once

#include <cstdint>
#include <vector>

namespace fovea {

/// Along one side of an image, the pixels with (pixel + before) mod stride == residue, and the taps
/// of a window that reach them: tap k joins pixel first + stride * j to output start + j +
/// shift[k]. Shifts are evenly spaced.
struct Phase {
  int64_t first, count;
  int64_t start;
  std::vector<int64_t> taps;    ///< descending, so that shifts ascend
  std::vector<int64_t> shifts;  ///< of each tap
};

/// The phases that have pixels, by residue.
std::vector<Phase> MakePhases(int64_t size, int64_t kernel, int64_t stride, int64_t dilation,
                              int64_t before);

}  // namespace fovea
