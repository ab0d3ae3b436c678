#include <gtest/gtest.h>

#include "layers/field_run.h"

namespace fovea {
namespace {

TEST(InputTest, normalisesBytesPerChannelOnEveryTarget) {
  std::vector<std::byte> records(2 * 12);
  Put<uint8_t>(&records, 4, {0, 10, 20, 255, 128, 1});
  Put<uint8_t>(&records, 16, {1, 2, 3, 4, 5, 6});
  for (const std::string_view target : AvailableTargets()) {
    const LayerRun<float> run = Read<float>(
        "Input", "shape=1,2,3 dtype=uint8 mean=0,10,128 std=1,2,4", 2, records, 4, target);
    EXPECT_EQ(run.dst,
              (std::vector<float>{0, 0, -27, 255, 59, -31.75, 1, -4, -31.25, 4, -2.5, -30.5}));
  }
}

TEST(InputTest, bytesOfAnySizeAgreeOnEveryTarget) {
  for (const int channels : {1, 2, 3, 5}) {
    for (const int pixels : {1, 15, 16, 17, 50}) {
      const int size = pixels * channels;
      std::vector<std::byte> records((size + 3) / 4 * 4);
      Draws draws(size);
      for (int i = 0; i < size; ++i) records[i] = static_cast<std::byte>(draws.Index(256));
      const std::string text = "shape=" + std::to_string(pixels) + "," + std::to_string(channels) +
                               " dtype=uint8 mean=127.5 std=63";
      for (const std::string_view target : AvailableTargets()) {
        const LayerRun<float> run = Read<float>("Input", text, 1, records, 0, target);
        for (int i = 0; i < size; ++i) {
          ASSERT_NEAR(run.dst[i], (static_cast<double>(records[i]) - 127.5) / 63, 1e-6);
        }
      }
    }
  }
}

TEST(InputTest, copiesFloatsThatNeedNoNormalising) {
  std::vector<std::byte> records(2 * 12);
  Put<float>(&records, 4, {0.1f, -2});
  Put<float>(&records, 16, {3, 1e-30f});
  EXPECT_EQ(Read<float>("Input", "shape=2", 2, records, 4).dst,
            (std::vector<float>{0.1f, -2, 3, 1e-30f}));
}

TEST(InputTest, normalisesFloats) {
  std::vector<std::byte> records(4 * 40);
  std::vector<float> values(40);
  for (int i = 0; i < 40; ++i) values[i] = static_cast<float>(i);
  Put(&records, 0, values);
  const LayerRun<double> run =
      Read<double>("Input", "shape=20,2 mean=1,2 std=2,0.5", 1, records, 0);
  for (int i = 0; i < 40; ++i) {
    EXPECT_EQ(run.dst[i], i % 2 == 0 ? (i - 1) / 2.0 : (i - 2) * 2.0);
  }
}

TEST(InputTest, describesItsField) {
  const auto bytes = MakeLayer<float>("Input", "shape=3,3,1 dtype=uint8", {});
  EXPECT_EQ(bytes->FieldBytes(), 12);
  EXPECT_EQ(bytes->FieldType(), "uint8");
  EXPECT_EQ(bytes->OutputShape(), (Shape{3, 3, 1}));
  const auto floats = MakeLayer<float>("Input", "shape=3,3,1", {});
  EXPECT_EQ(floats->FieldBytes(), 36);
  EXPECT_EQ(floats->FieldType(), "float32");
}

TEST(InputTest, refusesWhatItCannotRead) {
  EXPECT_EQ(ErrorOfLayer("Input", "shape=28,0,1", {}),
            "attribute 'shape': expected integers > 0, separated by commas. Received: 28,0,1.");
  EXPECT_EQ(ErrorOfLayer("Input", "shape=4 dtype=int8", {}),
            "attribute 'dtype': expected one of float32, uint8. Received: 'int8'.");
  EXPECT_EQ(ErrorOfLayer("Input", "shape=4,4,3 mean=1,2", {}),
            "attribute 'mean': expected 1 number, or 3, one per channel. Received: 1,2.");
  EXPECT_EQ(ErrorOfLayer("Input", "shape=4,4,3 std=1,2,0", {}),
            "attribute 'std': expected numbers > 0. Received: 1,2,0.");
  EXPECT_EQ(ErrorOfLayer("Input", "shape=4", {{4}}), "expected no sources. Received: 1.");
}

}  // namespace
}  // namespace fovea
