#include <gtest/gtest.h>

#include <cmath>

#include "network/network_fixture.h"

namespace fovea {
namespace {

/// Two layers, the second reads what the first puts out at every time step.
constexpr std::string_view kStack =
    "words  Input shape=5,3\n"
    "lstm1  Lstm units=6 forgetBias=1 initializer=Xavier\n"
    "lstm2  Lstm units=4 sequence=false\n"
    "logits Dense units=3\n"
    "label  Target\n"
    "loss   SoftmaxCrossEntropy from=logits,label\n";

/// Where parameter `name` of a layer starts in the weights.
template <typename T>
int64_t Find(const Network<T>& network, std::string_view layer, std::string_view name) {
  for (const Node<T>& node : network.graph().nodes()) {
    int64_t at = node.weights_begin;
    for (const ParameterSpec& parameter : node.parameters) {
      if (node.line.name == layer && parameter.name == name) return at;
      at += SliceSize(parameter);
    }
  }
  throw std::logic_error("no such parameter");
}

TEST(RecurrentNetworkTest, theGradientIsTheSlopeOfTheLoss) {
  EXPECT_GT(ExpectTheGradientIsTheSlope(kStack, {Mode::kTrain, {}, 7}, 3, 3), 100);
}

TEST(RecurrentNetworkTest, theForgetGateStartsAtItsBias) {
  const Network<float> network(kStack, {Mode::kTrain, {}, 7, 1, INT64_MAX});
  std::vector<float> weights(network.weight_count());
  network.Initialize(3, std::span(weights));
  const int64_t first = Find(network, "lstm1", "bias"), second = Find(network, "lstm2", "bias");
  for (int64_t i = 0; i < 24; ++i) EXPECT_EQ(weights[first + i], i >= 6 && i < 12 ? 1 : 0);
  for (int64_t i = 0; i < 16; ++i) EXPECT_EQ(weights[second + i], 0);
}

TEST(RecurrentNetworkTest, lanesAndSegmentsDoNotChangeTheGradient) {
  Network<float> whole(kStack, {Mode::kTrain, {}, 21, 1, INT64_MAX});
  const TestRows rows(whole, 21, 3);
  const auto weights = InitialWeights(whole);
  const auto expected = RunStep(whole, 21, rows.Slice(0, 21), weights);
  for (const int lanes : {2, 3}) {
    Network<float> split(kStack, {Mode::kTrain, {}, 21, lanes, 100});
    const auto actual = RunStep(split, 21, rows.Slice(0, 21), weights, lanes);
    EXPECT_NEAR(actual.sums.loss, expected.sums.loss, 1e-5);
    for (size_t i = 0; i < weights.size(); ++i) {
      EXPECT_NEAR(actual.gradient[i], expected.gradient[i], 1e-5) << "weight " << i;
    }
  }
}

TEST(RecurrentNetworkTest, evaluationIsTheForwardPassOfTraining) {
  Network<float> train(kStack, {Mode::kTrain, {}, 9, 1, INT64_MAX});
  Network<float> evaluate(kStack, {Mode::kEvaluate, {}, 9, 1, INT64_MAX});
  const TestRows rows(train, 9, 3);
  const auto weights = InitialWeights(train);
  evaluate.Prepare(weights);
  StepSums sums;
  evaluate.Evaluate(evaluate.PartOf(0, 0, 0, 9), rows.Slice(0, 9), weights, sums);
  const auto expected = RunStep(train, 9, rows.Slice(0, 9), weights).sums;
  EXPECT_EQ(sums.loss, expected.loss);
  EXPECT_EQ(sums.correct, expected.correct);
}

TEST(RecurrentNetworkTest, predictionKeepsOneTimeStepOnly) {
  const auto arena_bytes = [](Mode mode, int steps) {
    const std::string text = "words Input shape=" + std::to_string(steps) +
                             ",4\nlstm Lstm units=16 sequence=false\nlogits Dense units=2\n"
                             "label Target\nloss SoftmaxCrossEntropy from=logits,label\n";
    const Network<float> network(text, {mode, {"logits"}, 8, 1, INT64_MAX});
    return network.ArenaBytes();
  };
  // Rows of 4 inputs for each time step, with slack; the workspace does not grow.
  EXPECT_LT(arena_bytes(Mode::kPredict, 100),
            arena_bytes(Mode::kPredict, 10) + 8 * 90 * 4 * 4 + 64);
  // Inputs (20 in 3 lines of 16), gates (64 in 5 lines), the cell and its tanh.
  EXPECT_GE(arena_bytes(Mode::kTrain, 100),
            arena_bytes(Mode::kTrain, 10) + 8 * 90 * (48 + 80 + 2 * 16) * 4);
}

/// The class is whether the first of 10 numbers is 1 or -1; 9 time steps of noise follow.
TEST(RecurrentNetworkTest, learnsToRememberTheFirstNumber) {
  Network<float> network(
      "noise  Input shape=10,1\n"
      "lstm   Lstm units=8 sequence=false forgetBias=1 initializer=Xavier\n"
      "logits Dense units=2\n"
      "label  Target\n"
      "loss   SoftmaxCrossEntropy from=logits,label\n",
      {Mode::kTrain, {}, 200, 1, INT64_MAX});
  TestRows rows(network, 200, 2);
  for (int64_t row = 0; row < 200; ++row) {
    rows.Set(row, 0, row % 3 == 0 ? 1.0F : -1.0F);
    rows.Set(row, 10, row % 3 == 0 ? 1.0F : 0.0F);
  }
  std::vector<float> weights = InitialWeights(network);
  StepSums sums;
  for (int step = 0; step < 200; ++step) {
    const auto result = RunStep(network, 200, rows.Slice(0, 200), weights);
    for (size_t i = 0; i < weights.size(); ++i) weights[i] -= 0.5F * result.gradient[i] / 200;
    sums = result.sums;
  }
  EXPECT_LT(sums.loss / 200, 0.1);
  EXPECT_EQ(sums.correct, 200);
}

}  // namespace
}  // namespace fovea
