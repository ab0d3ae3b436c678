#include "network/memory.h"

#include <gtest/gtest.h>

#include <random>

namespace fovea {
namespace {

TEST(MemoryTest, BuffersThatLiveTogetherDoNotOverlap) {
  for (unsigned seed = 0; seed < 50; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 random(seed);
    std::vector<Lifetime> lifetimes;
    for (int i = 0; i < 30; ++i) {
      const int first = static_cast<int>(random() % 40);
      lifetimes.push_back(
          {static_cast<int64_t>(random() % 5000), first, first + static_cast<int>(random() % 10)});
    }
    const MemoryLayout layout = PlaceBuffers(lifetimes);
    for (size_t a = 0; a < lifetimes.size(); ++a) {
      EXPECT_EQ(layout.offsets[a] % 64, 0);
      EXPECT_LE(layout.offsets[a] + lifetimes[a].bytes, layout.bytes);
      for (size_t b = 0; b < a; ++b) {
        const bool together =
            lifetimes[a].first <= lifetimes[b].last && lifetimes[b].first <= lifetimes[a].last;
        const bool apart = layout.offsets[a] + lifetimes[a].bytes <= layout.offsets[b] ||
                           layout.offsets[b] + lifetimes[b].bytes <= layout.offsets[a];
        EXPECT_TRUE(!together || apart) << "buffers " << a << " and " << b;
      }
    }
  }
}

TEST(MemoryTest, AChainNeedsTwoBuffersAtATime) {
  std::vector<Lifetime> chain;
  for (int i = 0; i < 10; ++i) chain.push_back({1024, i, i + 1});
  EXPECT_EQ(PlaceBuffers(chain).bytes, 2 * 1024);
}

}  // namespace
}  // namespace fovea
