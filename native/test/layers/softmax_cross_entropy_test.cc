#include <gtest/gtest.h>

#include <limits>

#include "layers/gradient_check.h"

namespace fovea {
namespace {

LayerRun<float> TenClasses(std::vector<float> labels) {
  LayerRun<float> run("SoftmaxCrossEntropy", "", {{10}, {1}}, static_cast<int64_t>(labels.size()));
  run.src[1] = std::move(labels);
  return run;
}

TEST(SoftmaxCrossEntropyTest, isMinusTheLogOfTheProbability) {
  LayerRun<double> run("SoftmaxCrossEntropy", "", {{3}, {1}}, 2);
  run.src[0] = {0, 0, 0, std::log(2.0), std::log(3.0), std::log(5.0)};
  run.src[1] = {1, 2};
  run.Forward();
  EXPECT_NEAR(run.dst[0], std::log(3.0), 1e-15);
  EXPECT_NEAR(run.dst[1], std::log(2.0), 1e-15);
}

TEST(SoftmaxCrossEntropyTest, standsLargeLogits) {
  LayerRun<float> run("SoftmaxCrossEntropy", "", {{2}, {1}}, 2);
  run.src[0] = {1e30f, -1e30f, 500, 400};
  run.src[1] = {0, 1};
  run.diff_dst = {1, 1};
  run.Forward();
  run.Backward();
  EXPECT_EQ(run.dst, (std::vector<float>{0, 100}));
  EXPECT_EQ(run.diff_src[0], (std::vector<float>{0, 0, 1, -1}));
}

TEST(SoftmaxCrossEntropyTest, keepsTheLayerLaws) {
  LayerCase layer_case{"SoftmaxCrossEntropy", "", {{5}, {1}}};
  layer_case.labels = {4, 0, 2};
  ExpectGradientsMatch(layer_case);
  ExpectTargetsAgree(layer_case);
  ExpectOnlyWhatIsAsked(layer_case);
  layer_case.labels = {1, 1, 1};
  ExpectRowsAreIndependent(layer_case);
}

TEST(SoftmaxCrossEntropyTest, weighsNothingItself) {
  LayerCase layer_case{"SoftmaxCrossEntropy", "weight=0.3", {{5}, {1}}};
  layer_case.labels = {4, 0, 2};
  LayerRun<double> weighted = MakeRun<double>(layer_case);
  weighted.row_weights = {2, 0, 5};
  weighted.Forward();
  layer_case.attributes = "";
  LayerRun<double> plain = MakeRun<double>(layer_case);
  plain.Forward();
  EXPECT_EQ(weighted.dst, plain.dst);
  EXPECT_EQ(weighted.layer->LossWeight(), 0.3);
  EXPECT_EQ(plain.layer->LossWeight(), 1.0);
}

TEST(SoftmaxCrossEntropyTest, writesZerosWhereTheGradientOfTheLabelIsAskedFor) {
  LayerRun<float> run = TenClasses({3, 4});
  run.diff_dst = {1, 1};
  run.Forward();
  run.Backward();
  EXPECT_EQ(run.diff_src[1], (std::vector<float>{0, 0}));
}

TEST(SoftmaxCrossEntropyTest, countsTheRowsPredictedRight) {
  LayerRun<float> run("SoftmaxCrossEntropy", "", {{3}, {1}}, 4);
  run.src[0] = {1, 2, 0, 5, 5, 5, 0, 7, 7, 3, 2, 1};
  run.src[1] = {1, 0, 2, 0};  // the third: a tie goes to class 1
  run.Forward();
  EXPECT_EQ(run.layer->CountCorrect(run.Args()), 3);
  run.row_weights = {0.5f, 2, 100, 0};
  EXPECT_EQ(run.layer->CountCorrect(run.Args()), 2.5);
}

TEST(SoftmaxCrossEntropyTest, namesTheRowOfABadLabel) {
  const auto error = [](float label) {
    LayerRun<float> run = TenClasses({0, 9, label});
    return ErrorOf([&] { run.Forward(); });
  };
  EXPECT_EQ(error(12), "Row 2: expected a label 0 to 9. Received: 12.");
  EXPECT_EQ(error(10), "Row 2: expected a label 0 to 9. Received: 10.");
  EXPECT_EQ(error(-1), "Row 2: expected a label 0 to 9. Received: -1.");
  EXPECT_EQ(error(1.5f), "Row 2: expected a label 0 to 9. Received: 1.5.");
  EXPECT_EQ(error(std::numeric_limits<float>::quiet_NaN()),
            "Row 2: expected a label 0 to 9. Received: NaN.");
  EXPECT_EQ(error(std::numeric_limits<float>::infinity()),
            "Row 2: expected a label 0 to 9. Received: inf.");
  LayerRun<float> run = TenClasses({77});
  run.random.first_row = 40;
  EXPECT_EQ(ErrorOf([&] { run.Forward(); }), "Row 40: expected a label 0 to 9. Received: 77.");
}

TEST(SoftmaxCrossEntropyTest, refusesWhatItCannotRead) {
  EXPECT_EQ(ErrorOfLayer("SoftmaxCrossEntropy", "", {{10}}),
            "expected 2 sources, logits and label. Received: 1. Name them with from=logits,label.");
  EXPECT_EQ(ErrorOfLayer("SoftmaxCrossEntropy", "", {{1}, {1}}),
            "expected logits [K] with K >= 2. Received: [1].");
  EXPECT_EQ(ErrorOfLayer("SoftmaxCrossEntropy", "", {{4, 4, 2}, {1}}),
            "expected logits [K] with K >= 2. Received: [4, 4, 2].");
  EXPECT_EQ(ErrorOfLayer("SoftmaxCrossEntropy", "", {{10}, {10}}),
            "expected a label [1]. Received: [10].");
  EXPECT_EQ(ErrorOfLayer("SoftmaxCrossEntropy", "weight=0", {{10}, {1}}),
            "attribute 'weight': expected a number > 0. Received: 0.");
}

}  // namespace
}  // namespace fovea
