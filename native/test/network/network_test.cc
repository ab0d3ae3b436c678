#include "network/network.h"

#include <gtest/gtest.h>

#include <cmath>

#include "network_fixture.h"

namespace fovea {
namespace {

/// A branch and a sum, a concatenation, shared weights, batch norm, two losses, every kind of
/// layer.
constexpr std::string_view kBranches =
    "image  Input shape=6,6,2\n"
    "conv1  Conv2d filters=4 kernel=3\n"
    "norm1  BatchNorm normalizationRows=4\n"
    "relu1  Relu\n"
    "conv2  Conv2d filters=4 kernel=3 from=relu1\n"
    "relu2  Relu\n"
    "conv3  Conv2d filters=4 kernel=3 weightsOf=conv2\n"
    "sum1   Add from=conv3,relu1\n"
    "pool1  MaxPool2d kernel=2 stride=2\n"
    "pool2  AveragePool2d kernel=2 stride=2 from=relu1\n"
    "both   Concat from=pool1,pool2\n"
    "flat   Flatten\n"
    "fc     Dense units=5 l2=0.1\n"
    "relu3  Relu\n"
    "logits Dense units=3\n"
    "global GlobalAveragePool2d from=both\n"
    "aux    Dense units=3 learningRate=0.5\n"
    "label  Target\n"
    "auxLoss SoftmaxCrossEntropy from=aux,label weight=0.3\n"
    "loss   SoftmaxCrossEntropy from=logits,label\n";

constexpr std::string_view kChain =
    "image  Input shape=8,8,1\n"
    "conv1  Conv2d filters=6 kernel=3\n"
    "relu1  Relu\n"
    "pool1  MaxPool2d kernel=2 stride=2\n"
    "fc1    Dense units=20\n"
    "relu2  Relu\n"
    "drop   Dropout rate=0.3\n"
    "logits Dense units=4\n"
    "label  Target\n"
    "loss   SoftmaxCrossEntropy from=logits,label\n";

TEST(NetworkTest, TheGradientOfABranchingNetworkIsTheSlopeOfItsLoss) {
  EXPECT_GT(ExpectTheGradientIsTheSlope(kBranches, {Mode::kTrain, {}, 8}, 3), 300);
}

TEST(NetworkTest, LayersThatNobodyAsksForTakeNoMemory) {
  const std::string features = "image Input shape=8,8,1\nconv Conv2d filters=6 kernel=3\n";
  const std::string head = "flat Flatten\nfc Dense units=1000\n";
  const PlanOptions options{.mode = Mode::kPredict, .outputs = {"conv"}, .max_rows = 4};
  EXPECT_EQ(Network<float>(features + head, options).ArenaBytes(),
            Network<float>(features, options).ArenaBytes());
}

TEST(NetworkTest, EverySegmentationGivesTheSameGradient) {
  Network<double> whole(kBranches, {Mode::kTrain, {}, 12, 1, INT64_MAX}, "reference");
  const TestRows rows(whole, 12, 3);
  const auto weights = InitialWeights(whole);
  const auto expected = RunStep(whole, 12, rows.Slice(0, 12), weights);
  EXPECT_EQ(whole.plan().segments.size(), 1U);
  for (const int64_t bucket_bytes : {1, 500, 3000}) {
    SCOPED_TRACE("bucket of " + std::to_string(bucket_bytes) + " bytes");
    Network<double> cut(kBranches, {Mode::kTrain, {}, 12, 2, bucket_bytes}, "reference");
    EXPECT_GT(cut.plan().segments.size(), 1U);
    EXPECT_EQ(RunStep(cut, 12, rows.Slice(0, 12), weights).gradient, expected.gradient);
    const auto lanes = RunStep(cut, 12, rows.Slice(0, 12), weights, 2).gradient;
    for (size_t i = 0; i < lanes.size(); ++i) EXPECT_NEAR(lanes[i], expected.gradient[i], 1e-13);
  }
}

TEST(NetworkTest, BucketsCoverTheWeightsOnceFromTheEndDown) {
  const Network<float> network(kBranches, {Mode::kTrain, {}, 12, 2, 500});
  int64_t end = network.weight_count();
  for (const Segment& segment : network.plan().segments) {
    EXPECT_EQ(segment.bucket_begin + segment.bucket_count, end);
    EXPECT_GT(segment.bucket_count, 0);
    end = segment.bucket_begin;
  }
  EXPECT_EQ(end, 0);
}

TEST(NetworkTest, TheGradientOfABucketIsFinalWhenItsSegmentIsDone) {
  Network<float> network(kBranches, {Mode::kTrain, {}, 4, 1, 500});
  const TestRows rows(network, 4, 3);
  const auto weights = InitialWeights(network);
  const auto whole = RunStep(network, 4, rows.Slice(0, 4), weights);
  std::vector<float> gradient(static_cast<size_t>(network.weight_count()));
  StepSums sums;
  for (int s = 0; s < static_cast<int>(network.plan().segments.size()); ++s) {
    network.AddGradient(network.PartOf(0, s, 0, 4, {42, 3, 0, 0}), rows.Slice(0, 4), weights,
                        gradient, sums);
    const Segment& segment = network.plan().segments[s];
    for (int64_t i = segment.bucket_begin; i < segment.bucket_begin + segment.bucket_count; ++i) {
      EXPECT_EQ(gradient[i], whole.gradient[i]) << "segment " << s << ", weight " << i;
    }
  }
}

TEST(NetworkTest, TwoHalvesMakeTheWhole) {
  Network<float> network(kChain, {Mode::kTrain, {}, 64, 1, INT64_MAX});
  const TestRows rows(network, 64, 4);
  const auto weights = InitialWeights(network);
  const auto whole = RunStep(network, 64, rows.Slice(0, 64), weights);
  const auto first = RunStep(network, 24, rows.Slice(0, 24), weights);
  const auto second = RunStep(network, 40, rows.Slice(24, 64), weights, 1, 24);
  EXPECT_DOUBLE_EQ(whole.sums.weight, 64);
  EXPECT_NEAR(whole.sums.loss, first.sums.loss + second.sums.loss, 1e-4);
  EXPECT_EQ(whole.sums.correct, first.sums.correct + second.sums.correct);
  for (size_t i = 0; i < weights.size(); ++i) {
    EXPECT_NEAR(whole.gradient[i], first.gradient[i] + second.gradient[i], 2e-5);
  }
}

TEST(NetworkTest, AStepTwiceIsBitIdentical) {
  Network<float> network(kChain, {Mode::kTrain, {}, 50, 2, 1000});
  const TestRows rows(network, 50, 4);
  const auto weights = InitialWeights(network);
  EXPECT_EQ(RunStep(network, 50, rows.Slice(0, 50), weights, 2).gradient,
            RunStep(network, 50, rows.Slice(0, 50), weights, 2).gradient);
}

TEST(NetworkTest, ARowOfWeightTwoCountsTwice) {
  Network<double> network(kChain, {Mode::kTrain, {}, 2, 1, INT64_MAX}, "reference");
  TestRows rows(network, 2, 4);
  const auto weights = InitialWeights(network);
  rows.SetWeight(1, 0.0F);
  const auto once = RunStep(network, 2, rows.Slice(0, 2), weights);
  rows.SetWeight(0, 2.0F);
  const auto twice = RunStep(network, 2, rows.Slice(0, 2), weights);
  EXPECT_EQ(once.sums.weight, 1);
  EXPECT_EQ(twice.sums.weight, 2);
  EXPECT_EQ(twice.sums.loss, 2 * once.sums.loss);
  for (size_t i = 0; i < weights.size(); ++i) {
    EXPECT_NEAR(twice.gradient[i], 2 * once.gradient[i], 1e-12);
  }
}

TEST(NetworkTest, EveryTargetAgreesWithTheReference) {
  Network<double> reference(kChain, {Mode::kTrain, {}, 16, 1, INT64_MAX}, "reference");
  const TestRows rows(reference, 16, 4);
  const auto expected =
      RunStep(reference, 16, rows.Slice(0, 16), InitialWeights(reference)).gradient;
  for (const std::string_view target : AvailableTargets()) {
    SCOPED_TRACE(target);
    Network<float> network(kChain, {Mode::kTrain, {}, 16, 1, INT64_MAX}, target);
    const auto actual = RunStep(network, 16, rows.Slice(0, 16), InitialWeights(network)).gradient;
    for (size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(actual[i], expected[i], 2e-4);
  }
}

TEST(NetworkTest, FrozenLayersGetNoGradientAndStopBackward) {
  const std::string frozen =
      "image Input shape=8\nfc1 Dense units=4 frozen=true\nrelu Relu\nfc2 Dense units=3\n"
      "label Target\nloss SoftmaxCrossEntropy from=fc2,label\n";
  Network<float> network(frozen, {Mode::kTrain, {}, 4, 1, INT64_MAX});
  const TestRows rows(network, 4, 3);
  const auto gradient = RunStep(network, 4, rows.Slice(0, 4), InitialWeights(network)).gradient;
  const Node<float>& fc1 = network.graph().nodes()[1];
  const Node<float>& fc2 = network.graph().nodes()[3];
  for (int64_t i = 0; i < fc1.weights_size; ++i) EXPECT_EQ(gradient[fc1.weights_begin + i], 0);
  float largest = 0;
  for (int64_t i = 0; i < fc2.weights_size; ++i) {
    largest = std::max(largest, std::abs(gradient[fc2.weights_begin + i]));
  }
  EXPECT_GT(largest, 1e-3F);
  for (const Operation& operation : network.plan().segments[0].operations) {
    EXPECT_FALSE(operation.kind == Operation::Kind::kBackward && operation.node <= 1);
  }
}

TEST(NetworkTest, AReluAfterAConvolutionIsFused) {
  const Network<float> network(kChain, {Mode::kTrain, {}, 16, 1, INT64_MAX});
  for (const Operation& operation : network.plan().segments[0].operations) {
    EXPECT_NE(network.graph().nodes()[operation.node].line.type->name, "Relu");
  }
}

TEST(NetworkTest, PredictionsDoNotDependOnTheirCompany) {
  Network<float> network(kChain, {Mode::kPredict, {"logits", "pool1"}, 40, 1});
  const Network<float> training(kChain, {Mode::kTrain, {}, 40, 1, INT64_MAX});
  const auto weights = InitialWeights(network);
  EXPECT_EQ(network.record_bytes(), 8 * 8 * 4);
  std::vector<std::byte> pixels(static_cast<size_t>(40 * network.record_bytes()));
  const TestRows rows(training, 40, 4);
  for (int64_t row = 0; row < 40; ++row) {
    std::copy_n(rows.bytes.data() + row * training.record_bytes(), network.record_bytes(),
                pixels.data() + row * network.record_bytes());
  }
  network.Prepare(weights);
  const int64_t size = network.OutputSize();
  EXPECT_EQ(size, 4 + 4 * 4 * 6);
  std::vector<float> all(static_cast<size_t>(40 * size));
  network.Predict(0, 40, pixels, weights, all);
  for (int64_t row = 0; row < 40; row += 7) {
    std::vector<float> one(static_cast<size_t>(size));
    network.Predict(0, 1, std::span(pixels).subspan(row * network.record_bytes()), weights, one);
    EXPECT_TRUE(std::equal(one.begin(), one.end(), all.begin() + row * size)) << "row " << row;
  }
}

TEST(NetworkTest, EvaluationHasNoDropoutAndNoGradient) {
  Network<float> network(kChain, {Mode::kEvaluate, {}, 40, 2});
  const TestRows rows(network, 40, 4);
  const auto weights = InitialWeights(network);
  network.Prepare(weights);
  StepSums once;
  StepSums twice;
  const int64_t chunk = network.plan().chunk_rows;
  for (int64_t part = 0; part * chunk < 40; ++part) {
    network.Evaluate(network.PartOf(0, 0, part, 40, {1, 1, 0, 0}), rows.Slice(0, 40), weights,
                     once);
    network.Evaluate(network.PartOf(1, 0, part, 40, {2, 9, 0, 5}), rows.Slice(0, 40), weights,
                     twice);
  }
  EXPECT_EQ(once.loss, twice.loss);
  EXPECT_EQ(once.weight, 40);
}

TEST(NetworkTest, InferenceMemoryIsThatOfTwoNeighbours) {
  std::string deep = "image Input shape=16,16,8\n";
  for (int i = 0; i < 20; ++i) {
    deep += "conv" + std::to_string(i) + " Conv2d filters=8 kernel=3\nrelu" + std::to_string(i) +
            " Relu\n";
  }
  const Network<float> network(deep, {Mode::kPredict, {"relu19"}, 1, 1});
  const int64_t map = 16 * 16 * 8 * 4;
  EXPECT_LT(network.plan().memory.lane_bytes, 2 * (map + 64) + 18 * 18 * 8 * 4 + 4096);
}

TEST(NetworkTest, ABadLabelNamesLayerAndRow) {
  Network<float> network(kChain, {Mode::kTrain, {}, 4, 1, INT64_MAX});
  TestRows rows(network, 4, 4);
  rows.Set(2, rows.record_bytes / 4 - 2, 7.0F);
  try {
    RunStep(network, 4, rows.Slice(0, 4), InitialWeights(network));
    FAIL() << "expected an Error";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(),
                 "Layer 'loss' (SoftmaxCrossEntropy, line 10): Row 2: expected a label 0 to 3. "
                 "Received: 7.");
  }
}

}  // namespace
}  // namespace fovea
