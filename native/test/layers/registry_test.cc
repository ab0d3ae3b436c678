#include <gtest/gtest.h>

#include "layers/layer_run.h"

namespace fovea {
namespace {

TEST(RegistryTest, listsTheTypesInAlphabeticalOrder) {
  std::vector<std::string_view> names;
  for (const LayerType& type : LayerTypes()) names.push_back(type.name);
  EXPECT_EQ(names, (std::vector<std::string_view>{
                       "Add", "AveragePool2d", "BatchNorm", "Concat", "Conv2d", "ConvTranspose2d",
                       "Dense", "Dropout", "Flatten", "GlobalAveragePool2d", "Input", "Lstm",
                       "MaxPool2d", "Relu", "SoftmaxCrossEntropy", "Target"}));
}

TEST(RegistryTest, findsByName) {
  ASSERT_NE(FindLayerType("Conv2d"), nullptr);
  EXPECT_EQ(FindLayerType("Conv2d")->name, "Conv2d");
  EXPECT_EQ(FindLayerType("conv2d"), nullptr);
  EXPECT_EQ(FindLayerType(""), nullptr);
}

TEST(RegistryTest, commonAttributesComeFirst) {
  EXPECT_EQ(DeclaredAttributes(*FindLayerType("Dropout")), "from= weightsOf= rate=0.5");
  EXPECT_EQ(DeclaredAttributes(*FindLayerType("Dense")),
            "from= weightsOf= frozen=false learningRate=1 l2=0 initializer=He precision=float32 "
            "units bias=true");
}

/// Sources and attributes that suit each type.
struct Example {
  std::string attributes;
  std::vector<Shape> src;
};

Example ExampleOf(std::string_view type) {
  const Shape image = {6, 6, 2};
  if (type == "Add" || type == "Concat") return {"", {image, image}};
  if (type == "Conv2d" || type == "ConvTranspose2d") return {"filters=3 kernel=3", {image}};
  if (type == "Dense") return {"units=3", {image}};
  if (type == "Lstm") return {"units=3", {{4, 2}}};
  if (type == "Input") return {"shape=3", {}};
  if (type == "Target") return {"", {}};
  if (type == "SoftmaxCrossEntropy") return {"", {{3}, {1}}};
  if (type == "MaxPool2d" || type == "AveragePool2d") return {"kernel=2 stride=2", {image}};
  return {"", {image}};
}

TEST(RegistryTest, everyTypeIsMadeInBothPrecisionsAndAgreesWithItself) {
  for (const LayerType& type : LayerTypes()) {
    SCOPED_TRACE(type.name);
    const Example example = ExampleOf(type.name);
    const std::string name(type.name);
    const auto single = MakeLayer<float>(name, example.attributes, example.src);
    const auto twice = MakeLayer<double>(name, example.attributes, example.src);
    EXPECT_EQ(single->OutputShape(), twice->OutputShape());
    EXPECT_EQ(single->Parameters().size(), twice->Parameters().size());
    EXPECT_EQ(single->Parameters().empty(), type.kind != LayerKind::kParametric);
    EXPECT_EQ(single->FieldBytes() > 0, type.kind == LayerKind::kField);
    EXPECT_EQ(single->FieldType().empty(), type.kind != LayerKind::kField);
    EXPECT_EQ(single->FieldBytes() % 4, 0);
    EXPECT_EQ(single->LossWeight().has_value(), name == "SoftmaxCrossEntropy");
    EXPECT_EQ(single->NormalizationRows() > 0, name == "BatchNorm");
    EXPECT_EQ(single->IsView(), name == "Flatten");
  }
}

}  // namespace
}  // namespace fovea
