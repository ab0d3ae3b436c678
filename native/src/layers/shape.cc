#include "layers/shape.h"

#include "layers/error.h"

namespace fovea {

int64_t Size(const Shape& shape) {
  int64_t size = 1;
  for (const int extent : shape) size *= extent;
  return size;
}

void CheckSize(const std::string& what, const Shape& shape) {
  int64_t size = 1;
  for (const int extent : shape) {
    size *= extent;  // two factors below 2^31
    if (size > kMostElements) {
      throw Error("expected " + what + " of at most " + std::to_string(kMostElements) +
                  " numbers. Received: " + ToString(shape) + ".");
    }
  }
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
