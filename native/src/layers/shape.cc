#include "layers/shape.h"

namespace fovea {

int64_t Size(const Shape& shape) {
  int64_t size = 1;
  for (const int extent : shape) size *= extent;
  return size;
}

Shape Interleaved(Shape shape, int64_t width) {
  shape.back() *= static_cast<int>(width);
  return shape;
}

std::string ToString(const Shape& shape) {
  std::string text = "[";
  for (const int extent : shape) {
    if (text.size() > 1) text += ", ";
    text += std::to_string(extent);
  }
  return text + "]";
}

}  // namespace fovea
