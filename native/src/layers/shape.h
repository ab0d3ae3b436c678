#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace fovea {

/// Sizes of the dimensions of one row, outermost first; images are [H, W, C]. The number of rows is
/// kept apart.
using Shape = std::vector<int>;

/// Of an output for one row, and of a parameter. Far beyond use, and small enough that no sum or
/// product of sizes overflows.
inline constexpr int64_t kMostElements = int64_t{1} << 27;

/// Elements in a tensor of this shape; 1 for the empty shape.
int64_t Size(const Shape& shape);

/// Throws Error unless Size(shape), of any sizes > 0, is at most kMostElements. `what` has the
/// shape: `an output`.
void CheckSize(const std::string& what, const Shape& shape);

/// The shape of `width` rows interleaved: [.., C * width].
Shape Interleaved(Shape shape, int64_t width);

/// The written form, for example `[28, 28, 1]`.
std::string ToString(const Shape& shape);

}  // namespace fovea
