#include <gtest/gtest.h>

#include "layers/gradient_check.h"

namespace fovea {
namespace {

TEST(BatchNormTest, makesEachChannelOfTheCallStandard) {
  LayerRun<double> run = MakeRun<double>({"BatchNorm", "epsilon=1e-12", {{3, 4, 2}}, 5});
  for (size_t c = 0; c < 2; ++c) {
    run.weights[run.Start(0) + c] = 1;
    run.weights[run.Start(1) + c] = 0;
  }
  run.Forward();
  for (size_t c = 0; c < 2; ++c) {
    double sum = 0;
    double squares = 0;
    for (size_t i = c; i < run.dst.size(); i += 2) {
      sum += run.dst[i];
      squares += run.dst[i] * run.dst[i];
    }
    EXPECT_NEAR(sum / 60, 0, 1e-12);
    EXPECT_NEAR(squares / 60, 1, 1e-9);
  }
}

TEST(BatchNormTest, keepsTheGradientLaws) {
  for (const bool training : {true, false}) {
    for (const Shape& shape : {Shape{3, 2, 2}, Shape{5}, Shape{2, 17}}) {
      LayerCase layer_case{"BatchNorm", "epsilon=0.001", {shape}, 4};
      layer_case.training = training;
      ExpectGradientsMatch(layer_case);
      ExpectTargetsAgree(layer_case);
      ExpectOnlyWhatIsAsked(layer_case);
    }
  }
}

/// More positions than the kernels take at a time.
TEST(BatchNormTest, keepsTheGradientLawsOverSeveralBlocks) {
  ExpectGradientsMatch({"BatchNorm", "", {{7, 5, 2}}, 4});
  ExpectTargetsAgree({"BatchNorm", "", {{7, 5, 2}}, 4});
  ExpectTargetsAgree({"BatchNorm", "", {{19, 17, 16}}, 4});
}

TEST(BatchNormTest, addsAndReluAreFused) {
  for (const bool training : {true, false}) {
    for (const Shape& shape : {Shape{3, 2, 2}, Shape{5}, Shape{2, 17}, Shape{9, 8, 24}}) {
      LayerCase layer_case{"BatchNorm", "", {shape}, 4};
      layer_case.training = training;
      ExpectReluFuses(layer_case);
      ExpectAddFuses(layer_case);
      ExpectReluIsUndone(layer_case, /*add=*/false);
      ExpectReluIsUndone(layer_case, /*add=*/true);
      ExpectBackwardRunsInPlace(layer_case);
    }
  }
}

/// A frozen layer reduces nothing, and still leaves the gradient of what was added.
TEST(BatchNormTest, aFrozenLayerUndoesTheReluForWhatWasAdded) {
  LayerRun<double> run = MakeAddingRun<double>({"BatchNorm", "", {{3}}, 2}, "reference");
  run.training = false;
  run.wants_diff_weights = false;
  run.wants_diff_src = {false};
  run.relu = true;
  run.Forward();
  std::vector<double> expected = run.diff_dst;
  for (size_t i = 0; i < expected.size(); ++i) {
    if (run.dst[i] <= 0) expected[i] = 0;
  }
  run.Backward();
  EXPECT_EQ(run.diff_dst, expected);
}

TEST(BatchNormTest, rowsAreIndependentOutsideTraining) {
  LayerCase layer_case{"BatchNorm", "", {{3, 2, 5}}, 4};
  layer_case.training = false;
  ExpectRowsAreIndependent(layer_case);
}

TEST(BatchNormTest, addsWeightTimesStatisticsToTheGradient) {
  LayerRun<double> run("BatchNorm", "", {{1}}, 4);
  run.src[0] = {1, 2, 3, 6};
  run.weights[run.Start(0)] = 1;
  run.diff_dst = {1, 1, 1, 1};
  run.Forward();
  run.Backward();
  EXPECT_DOUBLE_EQ(run.diff_weights[run.Start(2)], 4 * 3.0);
  EXPECT_DOUBLE_EQ(run.diff_weights[run.Start(3)], 4 * 14.0 / 3);
  run.row_weights = {1, 0.5f, 0, 1};
  std::fill(run.diff_weights.begin(), run.diff_weights.end(), 1.0);
  run.Forward();
  run.Backward();
  EXPECT_DOUBLE_EQ(run.diff_weights[run.Start(2)], 1 + 2.5 * 3.0);
  EXPECT_DOUBLE_EQ(run.diff_weights[run.Start(3)], 1 + 2.5 * 14.0 / 3);
}

TEST(BatchNormTest, leavesTheStatisticsAloneOutsideTraining) {
  LayerCase layer_case{"BatchNorm", "", {{3}}, 4};
  layer_case.training = false;
  LayerRun<double> run = MakeRun<double>(layer_case);
  run.Forward();
  run.Backward();
  for (int64_t c = 0; c < 3; ++c) {
    EXPECT_NE(run.diff_weights[run.Start(0) + c], 0);
    EXPECT_EQ(run.diff_weights[run.Start(2) + c], 0);
    EXPECT_EQ(run.diff_weights[run.Start(3) + c], 0);
  }
}

TEST(BatchNormTest, oneValueLeavesTheRunningAveragesAsTheyAre) {
  LayerRun<double> run = MakeRun<double>({"BatchNorm", "", {{3}}, 1});
  run.row_weights = {0.5f};
  run.Forward();
  run.Backward();
  for (int64_t c = 0; c < 3; ++c) {
    EXPECT_EQ(run.dst[c], run.weights[run.Start(1) + c]);
    EXPECT_EQ(run.diff_src[0][c], 0);
    EXPECT_EQ(run.diff_weights[run.Start(2) + c], 0.5 * run.weights[run.Start(2) + c]);
    EXPECT_EQ(run.diff_weights[run.Start(3) + c], 0.5 * run.weights[run.Start(3) + c]);
  }
}

/// Sums of raw products would lose every digit here.
TEST(BatchNormTest, standsAMeanFarFromZeroInFloat) {
  for (const std::string_view target : AvailableTargets()) {
    LayerRun<float> run = MakeRun<float>({"BatchNorm", "", {{4, 4, 3}}, 8}, target);
    LayerRun<double> reference = MakeRun<double>({"BatchNorm", "", {{4, 4, 3}}, 8});
    for (size_t i = 0; i < run.src[0].size(); ++i) {
      run.src[0][i] += 1000;
      reference.src[0][i] = run.src[0][i];
    }
    run.Forward();
    run.Backward();
    reference.Forward();
    reference.Backward();
    ExpectClose(run.dst, reference.dst, 1e-3, "dst");
    ExpectClose(run.diff_src[0], reference.diff_src[0], 1e-3, "diff_src");
    ExpectClose(run.diff_weights, reference.diff_weights, 1e-3, "diff_weights");
  }
}

TEST(BatchNormTest, describesItsParameters) {
  const auto layer = MakeLayer<float>("BatchNorm", "momentum=0.25", {{3, 3, 5}});
  const std::vector<ParameterSpec> parameters = layer->Parameters();
  ASSERT_EQ(parameters.size(), 4u);
  const char* names[] = {"gamma", "beta", "mean", "variance"};
  const ParameterKind kinds[] = {ParameterKind::kScale, ParameterKind::kBias,
                                 ParameterKind::kZeroStatistic, ParameterKind::kOneStatistic};
  for (size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(parameters[i].name, names[i]);
    EXPECT_EQ(parameters[i].kind, kinds[i]);
    EXPECT_EQ(parameters[i].shape, (Shape{5}));
    EXPECT_EQ(parameters[i].decay, i < 2 ? 0 : 0.75);
  }
  EXPECT_EQ(layer->NormalizationRows(), 32);
  EXPECT_EQ(MakeLayer<float>("BatchNorm", "normalizationRows=8", {{5}})->NormalizationRows(), 8);
}

TEST(BatchNormTest, refusesWhatItCannotRead) {
  EXPECT_EQ(ErrorOfLayer("BatchNorm", "momentum=1", {{4}}),
            "attribute 'momentum': expected a number >= 0 and < 1. Received: 1.");
  EXPECT_EQ(ErrorOfLayer("BatchNorm", "epsilon=0", {{4}}),
            "attribute 'epsilon': expected a number > 0. Received: 0.");
  EXPECT_EQ(ErrorOfLayer("BatchNorm", "normalizationRows=0", {{4}}),
            "attribute 'normalizationRows': expected an integer > 0. Received: 0.");
  EXPECT_EQ(ErrorOfLayer("BatchNorm", "", {{4}, {4}}), "expected 1 source. Received: 2.");
}

}  // namespace
}  // namespace fovea
