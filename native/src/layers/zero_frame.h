#pragma once

#include <algorithm>
#include <cstdint>

namespace fovea {

/// What windows read of an image: `outputs` rows of windows, each `tall` rows and `stride` from the
/// one before, over an image of height x width elements with zeros around it. A width is that of a
/// whole row of the memory.
struct FrameShape {
  bool padded;  ///< there are zeros
  int64_t height, width, padded_width;
  int64_t top, left;
  int64_t outputs, stride, tall;
};

/// Images between zeros, a band of some rows of windows at a time, so that the copy stays in a
/// near cache until it is read. Where there are no zeros nothing is copied, and the bands are
/// places in the image itself.
template <typename T>
class ZeroFrame {
 public:
  explicit ZeroFrame(const FrameShape& shape) : shape_(shape) {
    const int64_t rows = kBytes / (shape.padded_width * int64_t{sizeof(T)});
    const int64_t most = std::max<int64_t>((rows - shape.tall) / shape.stride + 1, 1);
    const int64_t bands = (shape.outputs + most - 1) / most;
    band_ = (shape.outputs + bands - 1) / bands;
  }

  /// Rows of windows in a band; in the last there may be fewer.
  int64_t band() const { return band_; }

  int64_t ScratchSize() const { return shape_.padded ? Rows(band_) * shape_.padded_width : 0; }

  void Clear(T* scratch) const { std::fill_n(scratch, ScratchSize(), T(0)); }

  /// Where the first of `count` rows of windows begins, that of output `first`, in a cleared
  /// scratch that held no other frame.
  const T* Place(const T* image, int64_t first, int64_t count, T* scratch) const {
    if (!shape_.padded) return image + first * shape_.stride * shape_.width;
    T* line = scratch + shape_.left;
    for (int64_t row = 0; row < Rows(count); ++row, line += shape_.padded_width) {
      const int64_t y = first * shape_.stride + row - shape_.top;
      if (y >= 0 && y < shape_.height) {
        std::copy_n(image + y * shape_.width, shape_.width, line);
      } else {
        std::fill_n(line, shape_.width, T(0));
      }
    }
    return scratch;
  }

 private:
  /// Beside what is read and written with it, this stays in L2.
  static constexpr int64_t kBytes = 128 * 1024;

  int64_t Rows(int64_t outputs) const { return (outputs - 1) * shape_.stride + shape_.tall; }

  FrameShape shape_;
  int64_t band_;
};

}  // namespace fovea
