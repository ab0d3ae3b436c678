#pragma once

#include <gtest/gtest.h>

#include <vector>

#include "layers/layer.h"

namespace fovea {

/// The parameters are a weight of that shape and those fans, and a bias of `units` elements.
inline void ExpectWeightAndBias(const std::vector<ParameterSpec>& parameters, const Shape& weight,
                                int64_t fan_in, int64_t fan_out, int units) {
  ASSERT_EQ(parameters.size(), 2u);
  EXPECT_EQ(parameters[0].name, "weight");
  EXPECT_EQ(parameters[0].shape, weight);
  EXPECT_EQ(parameters[0].kind, ParameterKind::kWeight);
  EXPECT_EQ(parameters[0].fan_in, fan_in);
  EXPECT_EQ(parameters[0].fan_out, fan_out);
  EXPECT_EQ(parameters[1].name, "bias");
  EXPECT_EQ(parameters[1].shape, (Shape{units}));
  EXPECT_EQ(parameters[1].kind, ParameterKind::kBias);
}

}  // namespace fovea
