#include <gtest/gtest.h>

#include <cmath>

#include "network_fixture.h"

namespace fovea {
namespace {

/// Dense layers wherever they may stand: behind a view, fused with a relu, before dropout, with one
/// source for two layers, with shared weights, without bias, frozen, first and last.
constexpr std::string_view kDenseEverywhere =
    "image  Input shape=5,5,2\n"
    "conv1  Conv2d filters=3 kernel=3\n"
    "relu1  Relu\n"
    "pool1  MaxPool2d kernel=2 stride=2\n"
    "flat   Flatten\n"
    "fc1    Dense units=70\n"
    "relu2  Relu\n"
    "drop   Dropout rate=0.25\n"
    "fc2    Dense units=70 bias=false l2=0.1\n"
    "fc3    Dense units=70 bias=false weightsOf=fc2\n"
    "relu3  Relu\n"
    "fc4    Dense units=70 frozen=true from=fc2\n"
    "side   Dense units=70 from=image\n"
    "sum    Add from=relu3,fc4,side\n"
    "logits Dense units=3\n"
    "label  Target\n"
    "loss   SoftmaxCrossEntropy from=logits,label\n";

constexpr int64_t kNever = INT64_MAX;

PlanOptions Training(int64_t rows, int lanes, int64_t panel_bytes, int64_t bucket_bytes = kNever) {
  return {Mode::kTrain, {}, rows, lanes, bucket_bytes, panel_bytes};
}

int PanelSegments(const Plan& plan) {
  int count = 0;
  for (const Segment& segment : plan.segments) count += segment.panels > 0 ? 1 : 0;
  return count;
}

template <typename T>
void ExpectClose(const StepResult<T>& actual, const StepResult<T>& expected, double tolerance) {
  ASSERT_EQ(actual.gradient.size(), expected.gradient.size());
  double largest = 0;
  for (size_t i = 0; i < expected.gradient.size(); ++i) {
    const double wanted = static_cast<double>(expected.gradient[i]);
    ASSERT_NEAR(static_cast<double>(actual.gradient[i]), wanted,
                tolerance * std::max(1.0, std::abs(wanted)))
        << "at weight " << i;
    largest = std::max(largest, std::abs(wanted));
  }
  EXPECT_GT(largest, 0.1);
  EXPECT_NEAR(actual.sums.loss, expected.sums.loss, tolerance * expected.sums.loss);
  EXPECT_EQ(actual.sums.correct, expected.sums.correct);
  EXPECT_EQ(actual.sums.weight, expected.sums.weight);
}

TEST(PanelsTest, theGradientIsTheSlopeOfTheLoss) {
  const PlanOptions options = Training(5, 2, 1);
  EXPECT_GT(PanelSegments(Network<double>(kDenseEverywhere, options, "reference").plan()), 10);
  EXPECT_GT(ExpectTheGradientIsTheSlope(kDenseEverywhere, options, 3, 37), 300);
}

TEST(PanelsTest, panelsChangeNothingButRounding) {
  for (const int64_t max_rows : {1, 7, 33}) {
    Network<double> plain(kDenseEverywhere, Training(max_rows, 1, kNever), "reference");
    EXPECT_EQ(PanelSegments(plain.plan()), 0);
    const TestRows rows(plain, max_rows, 3);
    const auto weights = InitialWeights(plain);
    for (const int lanes : {1, 2, 3}) {
      for (const int64_t bucket_bytes : {int64_t{1}, int64_t{20000}, kNever}) {
        SCOPED_TRACE(std::to_string(max_rows) + " rows, " + std::to_string(lanes) +
                     " lanes, buckets of " + std::to_string(bucket_bytes));
        Network<double> panels(kDenseEverywhere, Training(max_rows, lanes, 1, bucket_bytes),
                               "reference");
        for (const int64_t count : {max_rows, (max_rows + 1) / 2}) {
          ExpectClose(RunStep(panels, count, rows.Slice(0, count), weights, lanes),
                      RunStep(plain, count, rows.Slice(0, count), weights), 1e-12);
          if (HasFatalFailure()) return;
        }
      }
    }
  }
}

TEST(PanelsTest, everyTargetAgreesWithTheReference) {
  Network<double> reference(kDenseEverywhere, Training(19, 1, kNever), "reference");
  const TestRows rows(reference, 19, 3);
  const auto expected = RunStep(reference, 19, rows.Slice(0, 19), InitialWeights(reference));
  for (const std::string_view target : AvailableTargets()) {
    SCOPED_TRACE(target);
    Network<float> network(kDenseEverywhere, Training(19, 2, 1), target);
    const auto actual = RunStep(network, 19, rows.Slice(0, 19), InitialWeights(network), 2);
    for (size_t i = 0; i < expected.gradient.size(); ++i) {
      ASSERT_NEAR(actual.gradient[i], expected.gradient[i], 1e-3) << "at weight " << i;
    }
  }
}

TEST(PanelsTest, theGradientOfPanelLayersIsTheSameOnAnyNumberOfLanes) {
  std::vector<float> one;
  for (const int lanes : {1, 2, 3, 5}) {
    Network<float> network(kDenseEverywhere, Training(21, lanes, 1));
    const TestRows rows(network, 21, 3);
    const auto gradient =
        RunStep(network, 21, rows.Slice(0, 21), InitialWeights(network), lanes).gradient;
    if (lanes == 1) one = gradient;
    for (size_t i = 0; i < network.graph().nodes().size(); ++i) {
      if (!network.plan().panels[i]) continue;
      const Node<float>& node = network.graph().nodes()[i];
      EXPECT_TRUE(std::equal(one.begin() + node.weights_begin,
                             one.begin() + node.weights_begin + node.weights_size,
                             gradient.begin() + node.weights_begin))
          << node.line.name << " on " << lanes << " lanes";
    }
  }
}

TEST(PanelsTest, theGradientIsAddedToWhatIsThere) {
  Network<double> network(kDenseEverywhere, Training(6, 1, 1), "reference");
  const TestRows rows(network, 6, 3);
  const auto weights = InitialWeights(network);
  const auto once = RunStep(network, 6, rows.Slice(0, 6), weights).gradient;
  std::vector<double> gradient(once.size(), 1.0);
  StepSums sums;
  for (int s = 0; s < static_cast<int>(network.plan().segments.size()); ++s) {
    for (int64_t part = 0; part < network.plan().Parts(network.plan().segments[s], 6); ++part) {
      network.AddGradient(network.PartOf(0, s, part, 6, {42, 3, 0, 0}), rows.Slice(0, 6), weights,
                          gradient, sums);
    }
  }
  for (size_t i = 0; i < once.size(); ++i) EXPECT_NEAR(gradient[i], 1 + once[i], 1e-12);
}

TEST(PanelsTest, bucketsAreThoseOfThePlainPlanAndFinalWhenTheirSegmentIsDone) {
  const Network<float> plain(kDenseEverywhere, Training(4, 1, kNever, 5000));
  Network<float> panels(kDenseEverywhere, Training(4, 1, 1, 5000));
  std::vector<std::pair<int64_t, int64_t>> expected;
  for (const Segment& segment : plain.plan().segments) {
    if (segment.ends_bucket) expected.emplace_back(segment.bucket_begin, segment.bucket_count);
  }
  EXPECT_GT(expected.size(), 3U);

  const TestRows rows(panels, 4, 3);
  const auto weights = InitialWeights(panels);
  const auto whole = RunStep(panels, 4, rows.Slice(0, 4), weights).gradient;
  std::vector<float> gradient(whole.size());
  std::vector<std::pair<int64_t, int64_t>> buckets;
  StepSums sums;
  for (int s = 0; s < static_cast<int>(panels.plan().segments.size()); ++s) {
    const Segment& segment = panels.plan().segments[s];
    for (int64_t part = 0; part < panels.plan().Parts(segment, 4); ++part) {
      panels.AddGradient(panels.PartOf(0, s, part, 4, {42, 3, 0, 0}), rows.Slice(0, 4), weights,
                         gradient, sums);
    }
    if (!segment.ends_bucket) continue;
    buckets.emplace_back(segment.bucket_begin, segment.bucket_count);
    for (int64_t i = segment.bucket_begin; i < segment.bucket_begin + segment.bucket_count; ++i) {
      ASSERT_EQ(gradient[i], whole[i]) << "segment " << s << ", weight " << i;
    }
  }
  EXPECT_EQ(buckets, expected);
}

TEST(PanelsTest, predictionsAreThoseOfThePlainPlanBitForBit) {
  const std::vector<std::string> outputs = {"logits", "fc1", "pool1"};
  for (const std::string_view target : AvailableTargets()) {
    Network<float> plain(kDenseEverywhere, {Mode::kPredict, outputs, 40, 1, kNever, kNever},
                         target);
    Network<float> panels(kDenseEverywhere, {Mode::kPredict, outputs, 40, 1, kNever, 1}, target);
    EXPECT_GT(PanelSegments(panels.plan()), 4);
    const auto weights = InitialWeights(plain);
    plain.Prepare(weights);
    panels.Prepare(weights);
    std::vector<std::byte> pixels(static_cast<size_t>(40 * plain.record_bytes()));
    for (size_t i = 0; i < pixels.size(); i += 4) {
      const float pixel = std::sin(static_cast<float>(i));
      std::memcpy(pixels.data() + i, &pixel, sizeof(pixel));
    }
    for (const int64_t rows : {1, 2, 17, 40}) {
      std::vector<float> expected(static_cast<size_t>(rows * plain.OutputSize()));
      std::vector<float> actual(expected.size());
      plain.Predict(0, rows, pixels, weights, expected);
      panels.Predict(0, rows, pixels, weights, actual);
      EXPECT_EQ(actual, expected) << rows << " rows on " << target;
    }
  }
}

TEST(PanelsTest, evaluationGivesTheSumsOfThePlainPlan) {
  Network<double> plain(kDenseEverywhere, {Mode::kEvaluate, {}, 23, 1, kNever, kNever},
                        "reference");
  Network<double> panels(kDenseEverywhere, {Mode::kEvaluate, {}, 23, 3, kNever, 1}, "reference");
  TestRows rows(plain, 23, 3);
  rows.SetWeight(3, 2.5F);
  const auto weights = InitialWeights(plain);
  const auto evaluate = [&](Network<double>& network, int lanes) {
    StepSums sums;
    network.Prepare(weights);
    for (int s = 0; s < static_cast<int>(network.plan().segments.size()); ++s) {
      for (int64_t part = 0; part < network.plan().Parts(network.plan().segments[s], 23); ++part) {
        const int lane = static_cast<int>(part % lanes);
        network.Evaluate(network.PartOf(lane, s, part, 23), rows.Slice(0, 23), weights, sums);
      }
    }
    return sums;
  };
  const StepSums expected = evaluate(plain, 1);
  const StepSums sums = evaluate(panels, 3);
  EXPECT_EQ(expected.weight, 24.5);
  EXPECT_EQ(sums.weight, expected.weight);
  EXPECT_NEAR(sums.loss, expected.loss, 1e-12);
  EXPECT_EQ(sums.correct, expected.correct);
}

TEST(PanelsTest, onlyLayersOfThatSizeRunByPanelsAndLanesHoldNoGradientOfTheirs) {
  const Network<float> network(
      "image Input shape=100\nsmall Dense units=20\nlarge Dense units=300\nlogits Dense units=3\n"
      "label Target\nloss SoftmaxCrossEntropy from=logits,label\n",
      Training(8, 2, 4 * 20 * 300));
  const Plan& plan = network.plan();
  EXPECT_EQ(plan.panels, (std::vector<bool>{false, false, true, false, false, false}));
  EXPECT_EQ(PanelSegments(plan), 2);
  const auto& nodes = network.graph().nodes();
  EXPECT_EQ(plan.lane_gradient.Count(), network.weight_count() - nodes[2].weights_size);
  ASSERT_EQ(plan.lane_gradient.stretches.size(), 2U);
  EXPECT_EQ(plan.lane_gradient.stretches[1].begin, nodes[3].weights_begin);
  EXPECT_EQ(plan.lane_gradient.begin[3], nodes[2].weights_begin);
  EXPECT_EQ(network.GradientCount(0, 0), network.weight_count());
  EXPECT_EQ(network.GradientCount(1, 0), plan.lane_gradient.Count());
  EXPECT_EQ(network.GradientCount(1, 1), network.weight_count());
}

TEST(PanelsTest, lanesHoldNoGradientOfFrozenWeights) {
  const Network<float> network(
      "image Input shape=100\nfirst Dense units=20\nfrozen Dense units=30 frozen=true\n"
      "logits Dense units=3\nlabel Target\nloss SoftmaxCrossEntropy from=logits,label\n",
      Training(8, 2, INT64_MAX));
  const LaneGradient& gradient = network.plan().lane_gradient;
  const auto& nodes = network.graph().nodes();
  EXPECT_EQ(gradient.Count(), network.weight_count() - nodes[2].weights_size);
  ASSERT_EQ(gradient.stretches.size(), 2U);
  EXPECT_EQ(gradient.stretches[1].begin, nodes[3].weights_begin);
}

TEST(PanelsTest, largeWeightsAreCutIntoThePanelsOfWholeRounds) {
  const std::string text =
      "image Input shape=2048\nfc Dense units=4096\nlabel Target\n"
      "loss SoftmaxCrossEntropy from=fc,label\n";
  for (const int lanes : {1, 2, 3}) {
    const Network<float> network(text, {Mode::kEvaluate, {}, 1, lanes});
    ASSERT_EQ(network.plan().segments.size(), 3U);
    const std::vector<int64_t> expected = {3, 4, 3};  // of 32 MB and a bias, at most 16 MB each
    EXPECT_EQ(network.plan().segments[1].panels, expected[lanes - 1]) << lanes << " lanes";
  }
}

TEST(PanelsTest, nothingIsPreparedAndMemoryIsThatOfTheActivations) {
  const std::string text =
      "image Input shape=512\nfc1 Dense units=512\nlogits Dense units=3\nlabel Target\n"
      "loss SoftmaxCrossEntropy from=logits,label\n";
  const Network<float> plain(text, Training(16, 2, kNever));
  const Network<float> panels(text, Training(16, 2, 1 << 20));
  EXPECT_GT(plain.ArenaBytes(), 2 * 512 * 512 * 4);
  EXPECT_LT(panels.ArenaBytes(), 1 << 20);
}

TEST(PanelsTest, aGradientOfTheWrongSizeIsRefused) {
  Network<float> network(kDenseEverywhere, Training(4, 2, 1));
  const TestRows rows(network, 4, 3);
  const auto weights = InitialWeights(network);
  std::vector<float> gradient(static_cast<size_t>(network.plan().lane_gradient.Count()));
  StepSums sums;
  EXPECT_THROW(
      network.AddGradient(network.PartOf(0, 0, 0, 4), rows.Slice(0, 4), weights, gradient, sums),
      std::logic_error);
}

}  // namespace
}  // namespace fovea
