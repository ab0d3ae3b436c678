#pragma once

#include <span>
#include <string>

#include "layers/error.h"
#include "layers/shape.h"

namespace fovea {

/// The shape of the one source. Throws Error when there are more or none.
inline const Shape& OnlySource(std::span<const Shape> src) {
  if (src.size() != 1) {
    throw Error("expected 1 source. Received: " + std::to_string(src.size()) + ".");
  }
  return src[0];
}

/// The shape [H, W, C] of the one source. Throws Error when it is another.
inline const Shape& OnlyImage(std::span<const Shape> src) {
  const Shape& shape = OnlySource(src);
  if (shape.size() != 3) {
    throw Error("expected an input [H, W, C]. Received: " + ToString(shape) + ".");
  }
  return shape;
}

/// The shape [T, I] of the one source. Throws Error when it is another.
inline const Shape& OnlySequence(std::span<const Shape> src) {
  const Shape& shape = OnlySource(src);
  if (shape.size() != 2) {
    throw Error("expected an input [T, I]. Received: " + ToString(shape) + ".");
  }
  return shape;
}

/// Throws Error when there is a source: for layers that read a field of the record.
inline void NoSources(std::span<const Shape> src) {
  if (!src.empty()) {
    throw Error("expected no sources. Received: " + std::to_string(src.size()) + ".");
  }
}

/// Throws Error when there are fewer than two sources.
inline void SeveralSources(std::span<const Shape> src) {
  if (src.size() < 2) {
    throw Error("expected 2 or more sources. Received: " + std::to_string(src.size()) +
                ". Name them with from=a,b.");
  }
}

}  // namespace fovea
