#include <gtest/gtest.h>

#include "layers/gradient_check.h"

namespace fovea {
namespace {

TEST(AddTest, addsEverySource) {
  LayerRun<double> run("Add", "", {{2}, {2}, {2}}, 1);
  run.src = {{1, 2}, {10, 20}, {100, 200}};
  run.Forward();
  EXPECT_EQ(run.dst, (std::vector<double>{111, 222}));
}

TEST(AddTest, keepsTheLayerLaws) {
  ExpectLayerLaws({"Add", "", {{3, 2, 3}, {3, 2, 3}}});
  ExpectLayerLaws({"Add", "", {{19}, {19}, {19}, {19}}});
}

TEST(AddTest, reluIsFused) {
  ExpectReluFuses({"Add", "", {{19}, {19}}});
  ExpectReluFuses({"Add", "", {{3, 2, 3}, {3, 2, 3}, {3, 2, 3}}});
}

TEST(AddTest, refusesWhatItCannotRead) {
  EXPECT_EQ(ErrorOfLayer("Add", "", {{4}}),
            "expected 2 or more sources. Received: 1. Name them with from=a,b.");
  EXPECT_EQ(ErrorOfLayer("Add", "", {{4, 4, 8}, {4, 4, 8}, {4, 4, 16}}),
            "expected sources of one shape, [4, 4, 8]. Received: [4, 4, 16].");
}

}  // namespace
}  // namespace fovea
