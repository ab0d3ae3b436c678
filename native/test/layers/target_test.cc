#include <gtest/gtest.h>

#include "layers/field_run.h"

namespace fovea {
namespace {

TEST(TargetTest, copiesTheField) {
  std::vector<std::byte> records(2 * 12);
  Put<float>(&records, 4, {7});
  Put<float>(&records, 16, {2.5f});
  EXPECT_EQ(Read<float>("Target", "", 2, records, 4).dst, (std::vector<float>{7, 2.5f}));
  EXPECT_EQ(Read<double>("Target", "", 2, records, 4).dst, (std::vector<double>{7, 2.5}));
}

TEST(TargetTest, describesItsField) {
  const auto layer = MakeLayer<float>("Target", "shape=2,3", {});
  EXPECT_EQ(layer->FieldBytes(), 24);
  EXPECT_EQ(layer->FieldType(), "float32");
  EXPECT_EQ(layer->OutputShape(), (Shape{2, 3}));
}

TEST(TargetTest, refusesWhatItCannotRead) {
  EXPECT_EQ(ErrorOfLayer("Target", "shape=0", {}),
            "attribute 'shape': expected integers > 0, separated by commas. Received: 0.");
  EXPECT_EQ(ErrorOfLayer("Target", "", {{4}}), "expected no sources. Received: 1.");
}

}  // namespace
}  // namespace fovea
