#include "kernels/guarded_array.h"

#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include <cmath>

namespace fovea {
namespace {

TEST(GuardedArrayTest, touchingTheElementAfterTheLastStopsTheTest) {
  GuardedArray<float> array(100);
  volatile float* data = array.data();
  EXPECT_DEATH(data[100] = 1, "");
  EXPECT_DEATH(static_cast<void>(data[100]), "");
}

TEST(GuardedArrayTest, touchingThePageBeforeItStopsTheTest) {
  for (const int64_t size : {0, 100, 1024, 1025}) {  // of floats, 1024 are a page
    GuardedArray<float> array(size);
    volatile float* data = array.data();
    EXPECT_DEATH(data[-1024] = 1, "") << size;
    EXPECT_DEATH(static_cast<void>(data[-1024]), "") << size;
  }
}

TEST(GuardedArrayTest, whatIsReadBeforeTheFirstElementIsNoNumber) {
  GuardedArray<float> array(100);
  const volatile float* data = array.data();
  EXPECT_TRUE(std::isnan(data[-1]));
  EXPECT_TRUE(std::isnan(data[-924]));
  EXPECT_EQ(data[0], 0);
}

TEST(GuardedArrayTest, whatIsWrittenBeforeTheFirstElementFailsTheTest) {
  for (const int64_t at : {-1, -2, -924}) {
    EXPECT_NONFATAL_FAILURE(
        {
          GuardedArray<float> array(100);
          volatile float* data = array.data();
          data[at] = 0;
        },
        std::to_string(-4 * at) + " bytes before an array of 100");
  }
}

}  // namespace
}  // namespace fovea
