#include "network/memory.h"

#include <algorithm>
#include <numeric>

namespace fovea {
namespace {

constexpr int64_t kAlignment = 64;

bool Overlap(const Lifetime& a, const Lifetime& b) {
  return a.first <= b.last && b.first <= a.last;
}

}  // namespace

MemoryLayout PlaceBuffers(const std::vector<Lifetime>& lifetimes) {
  std::vector<size_t> order(lifetimes.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::ranges::stable_sort(
      order, [&](size_t a, size_t b) { return lifetimes[a].bytes > lifetimes[b].bytes; });

  MemoryLayout layout;
  layout.offsets.resize(lifetimes.size());
  std::vector<size_t> placed;
  for (const size_t buffer : order) {
    const int64_t bytes = (lifetimes[buffer].bytes + kAlignment - 1) / kAlignment * kAlignment;
    std::vector<std::pair<int64_t, int64_t>> taken;  // [begin, end) of those alive with it
    for (const size_t other : placed) {
      if (!Overlap(lifetimes[buffer], lifetimes[other])) continue;
      const int64_t begin = layout.offsets[other];
      taken.emplace_back(
          begin, begin + (lifetimes[other].bytes + kAlignment - 1) / kAlignment * kAlignment);
    }
    std::ranges::sort(taken);
    int64_t offset = 0;
    for (const auto& [begin, end] : taken) {
      if (begin - offset >= bytes) break;
      offset = std::max(offset, end);
    }
    layout.offsets[buffer] = offset;
    layout.bytes = std::max(layout.bytes, offset + bytes);
    placed.push_back(buffer);
  }
  return layout;
}

}  // namespace fovea
