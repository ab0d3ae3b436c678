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

Arenas PlaceInArenas(const std::vector<Buffer>& buffers, const std::vector<int>& segment_begin,
                     StepSize size) {
  const auto segment_at = [&](int operation) {
    return static_cast<int>(std::ranges::upper_bound(segment_begin, operation) -
                            segment_begin.begin()) -
           1;
  };
  // A buffer takes no room in the arena that is not its own. In the step's arena time runs in
  // segments: within one, lanes are at different operations.
  std::vector<Lifetime> lane, step;
  Arenas arenas;
  for (const Buffer& buffer : buffers) {
    const int first = segment_at(buffer.lifetime.first);
    const int last = segment_at(buffer.lifetime.last);
    const bool of_step = buffer.of_step || first != last;
    const int64_t all_bytes =
        buffer.row_bytes > 0 ? size.rows * buffer.row_bytes : size.chunks * buffer.slot_bytes;
    lane.push_back(buffer.lifetime);
    if (of_step) lane.back().bytes = 0;
    step.push_back({of_step ? all_bytes + kSlackBytes : 0, first, last});
    arenas.places.push_back(of_step ? Place{0, buffer.row_bytes, buffer.slot_bytes} : Place{});
  }
  const MemoryLayout lane_layout = PlaceBuffers(lane);
  const MemoryLayout step_layout = PlaceBuffers(step);
  arenas.lane_bytes = lane_layout.bytes;
  arenas.step_bytes = step_layout.bytes;
  for (size_t i = 0; i < buffers.size(); ++i) {
    Place& place = arenas.places[i];
    place.offset = (place.OfStep() ? step_layout : lane_layout).offsets[i];
  }
  return arenas;
}

}  // namespace fovea
