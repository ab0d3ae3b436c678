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

TEST(MemoryTest, aBufferThatOutlivesItsSegmentHoldsAllRowsOfTheStep) {
  // Two segments, operations 0-1 and 2-3; five rows in three chunks.
  const std::vector<Buffer> buffers = {{{128, 0, 1}, 0, 128},
                                       {{128, 1, 2}, 60, 128},
                                       {{128, 2, 3}, 60, 128},
                                       {{128, 3, 3}, 0, 64, true}};
  const Arenas arenas = PlaceInArenas(buffers, {0, 2}, {5, 3});
  EXPECT_FALSE(arenas.places[0].OfStep());
  EXPECT_EQ(arenas.places[1].row_bytes, 60);
  EXPECT_FALSE(arenas.places[2].OfStep());
  EXPECT_EQ(arenas.places[3].row_bytes, 0);
  EXPECT_EQ(arenas.places[3].slot_bytes, 64);
  EXPECT_EQ(arenas.places[0].offset, arenas.places[2].offset);  // never alive together
  EXPECT_EQ(arenas.lane_bytes, 128);
  EXPECT_EQ(arenas.step_bytes, 384 + 256);  // 5 * 60 and 3 * 64 with slack, in whole lines
}

TEST(MemoryTest, buffersOfTheStepShareNoPlaceWithinASegmentEvenOneAfterTheOther) {
  // Lanes are at different operations of a segment: one may still read what another is done with.
  const std::vector<Buffer> buffers = {{{64, 0, 1}, 0, 64}, {{64, 2, 3}, 0, 64}};
  const Arenas arenas = PlaceInArenas(buffers, {0, 1, 3}, {2, 2});
  EXPECT_NE(arenas.places[0].offset, arenas.places[1].offset);
  EXPECT_EQ(PlaceInArenas(buffers, {0, 1, 2, 3}, {2, 2}).places[1].offset, 0);
}

}  // namespace
}  // namespace fovea
