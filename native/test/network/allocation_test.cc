#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>

#include "network_fixture.h"

namespace {

std::atomic<int64_t> allocations{0};

void* AllocateOrNull(std::size_t bytes, std::size_t alignment) {
  ++allocations;
  return std::aligned_alloc(alignment, (bytes + alignment) / alignment * alignment);
}

void* Allocate(std::size_t bytes, std::size_t alignment) {
  void* memory = AllocateOrNull(bytes, alignment);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

/// Not inlined, or the compiler would miss malloc behind new.
[[gnu::noinline]] void Release(void* memory) { std::free(memory); }

}  // namespace

// Every allocation of this test program is counted.
void* operator new(std::size_t bytes) { return Allocate(bytes, __STDCPP_DEFAULT_NEW_ALIGNMENT__); }
void* operator new(std::size_t bytes, std::align_val_t alignment) {
  return Allocate(bytes, static_cast<std::size_t>(alignment));
}
void* operator new(std::size_t bytes, const std::nothrow_t&) noexcept {
  return AllocateOrNull(bytes, __STDCPP_DEFAULT_NEW_ALIGNMENT__);
}
void* operator new(std::size_t bytes, std::align_val_t alignment, const std::nothrow_t&) noexcept {
  return AllocateOrNull(bytes, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory) noexcept { Release(memory); }
void operator delete(void* memory, std::size_t) noexcept { Release(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { Release(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { Release(memory); }

namespace fovea {
namespace {

constexpr std::string_view kNetwork =
    "image  Input shape=8,8,2\n"
    "conv   Conv2d filters=6 kernel=3\n"
    "relu   Relu\n"
    "pool   MaxPool2d kernel=2 stride=2\n"
    "fc     Dense units=40\n"
    "drop   Dropout rate=0.3\n"
    "logits Dense units=4\n"
    "label  Target\n"
    "loss   SoftmaxCrossEntropy from=logits,label\n";

TEST(AllocationTest, aStepAllocatesNothingByRowsOrByPanels) {
  for (const int64_t panel_bytes : {int64_t{1}, INT64_MAX}) {
    Network<float> network(kNetwork, {Mode::kTrain, {}, 20, 2, 500, panel_bytes});
    const TestRows rows(network, 20, 4);
    const auto weights = InitialWeights(network);
    std::vector<float> gradient(weights.size());
    StepSums sums;
    const int64_t before = allocations;
    network.Prepare(weights);
    for (int s = 0; s < static_cast<int>(network.plan().segments.size()); ++s) {
      for (int64_t part = 0; part < network.plan().Parts(network.plan().segments[s], 20); ++part) {
        network.AddGradient(network.PartOf(static_cast<int>(part % 2), s, part, 20, {1, 1, 0, 0}),
                            rows.Slice(0, 20), weights, gradient, sums);
      }
    }
    EXPECT_EQ(allocations, before);
    EXPECT_GT(sums.loss, 0);
  }
}

TEST(AllocationTest, aPredictionAllocatesNothingByRowsOrByPanels) {
  for (const int64_t panel_bytes : {int64_t{1}, INT64_MAX}) {
    Network<float> network(kNetwork, {Mode::kPredict, {"logits"}, 20, 1, INT64_MAX, panel_bytes});
    const auto weights = InitialWeights(network);
    const std::vector<std::byte> records(static_cast<size_t>(20 * network.record_bytes()));
    std::vector<float> outputs(20 * 4);
    const int64_t before = allocations;
    network.Prepare(weights);
    network.Predict(0, 20, records, weights, outputs);
    EXPECT_EQ(allocations, before);
  }
}

TEST(AllocationTest, theCountSeesAnAllocation) {
  const int64_t before = allocations;
  const Arena arena(10);
  EXPECT_EQ(allocations, before + 1);
}

}  // namespace
}  // namespace fovea
