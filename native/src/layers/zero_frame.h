#pragma once

#include <algorithm>
#include <cstdint>

namespace fovea {

/// Images of [height, width] elements placed between zeros, one at a time.
template <typename T>
class ZeroFrame {
 public:
  /// `scratch` takes [padded_height, padded_width]; null: images are used where they are.
  ZeroFrame(T* scratch, int64_t height, int64_t width, int64_t padded_height, int64_t padded_width,
            int64_t top, int64_t left)
      : scratch_(scratch),
        height_(height),
        width_(width),
        padded_width_(padded_width),
        inside_(top * padded_width + left) {
    if (scratch_ != nullptr) std::fill_n(scratch_, padded_height * padded_width, T(0));
  }

  const T* Place(const T* image) {
    if (scratch_ == nullptr) return image;
    for (int64_t y = 0; y < height_; ++y) {
      std::copy_n(image + y * width_, width_, scratch_ + inside_ + y * padded_width_);
    }
    return scratch_;
  }

 private:
  T* scratch_;
  int64_t height_, width_, padded_width_, inside_;
};

}  // namespace fovea
