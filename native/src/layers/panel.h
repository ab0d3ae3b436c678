#pragma once

#include <cstdint>

namespace fovea {

/// One of `count` shares of a layer's weights, for a call that covers all rows of a step: lanes
/// that take different panels stream the weights once in all. A count of 0 means no panels: the
/// call is for some rows and for all weights.
struct Panel {
  int64_t index = 0;
  int64_t count = 0;
};

/// Channels [begin, end).
struct PanelRange {
  int64_t begin;
  int64_t end;
};

/// The channels of a panel out of `size`. They begin on a multiple of 32, the widest panel of a
/// kernel, so that panels share neither a vector nor a cache line; some may be empty.
inline PanelRange RangeOf(const Panel& panel, int64_t size) {
  constexpr int64_t kUnit = 32;
  const int64_t units = (size + kUnit - 1) / kUnit;
  const auto border = [&](int64_t index) {
    const int64_t at = units * index / panel.count * kUnit;
    return at < size ? at : size;
  };
  return {border(panel.index), border(panel.index + 1)};
}

}  // namespace fovea
