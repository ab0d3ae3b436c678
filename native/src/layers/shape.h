#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace fovea {

/// Sizes of the dimensions of one row, outermost first; images are [H, W, C]. The number of rows is
/// kept apart.
using Shape = std::vector<int>;

/// Elements in a tensor of this shape; 1 for the empty shape.
int64_t Size(const Shape& shape);

/// The shape of `width` rows interleaved: [.., C * width].
Shape Interleaved(Shape shape, int64_t width);

/// The written form, for example `[28, 28, 1]`.
std::string ToString(const Shape& shape);

}  // namespace fovea
