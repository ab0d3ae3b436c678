#include <gtest/gtest.h>

#include "network_fixture.h"

namespace fovea {
namespace {

constexpr std::string_view kHead =
    "global GlobalAveragePool2d\n"
    "logits Dense units=3\n"
    "label  Target\n"
    "loss   SoftmaxCrossEntropy from=logits,label\n";

std::string WithHead(std::string_view body) {
  return std::string("image Input shape=6,6,2\n").append(body).append(kHead);
}

constexpr std::string_view kStem =
    "conv1 Conv2d filters=4 kernel=3 bias=false\n"
    "norm1 BatchNorm normalizationRows=4\n"
    "relu1 Relu\n";

/// A residual block: what is added is there before, or comes last, through a layer of its own.
std::string Residual(std::string_view norm, std::string_view skip = "relu1",
                     std::string_view skip_lines = "") {
  std::string text(kStem);
  text.append("conv2 Conv2d filters=4 kernel=3 bias=false from=relu1\n");
  text.append("norm2 BatchNorm normalizationRows=4 ").append(norm).append("\n").append(skip_lines);
  text.append("sum Add from=norm2,").append(skip).append("\nrelu2 Relu\n");
  return WithHead(text);
}

const std::string kProjected = Residual("", "norm3",
                                        "conv3 Conv2d filters=4 kernel=1 bias=false from=relu1\n"
                                        "norm3 BatchNorm normalizationRows=4\n");

/// Without bundles, whose borders part what could be fused.
PlanOptions Training(int64_t rows) {
  PlanOptions options;
  options.max_rows = rows;
  options.bundling = Bundling::kNever;
  return options;
}

TEST(FusionTest, AResidualBlockIsItsConvolutionsAndItsNorms) {
  EXPECT_EQ(ForwardTypes(Network<float>(Residual(""), Training(4))),
            "Input Conv2d BatchNorm Conv2d BatchNorm GlobalAveragePool2d Dense Target "
            "SoftmaxCrossEntropy");
  EXPECT_EQ(ForwardTypes(Network<float>(kProjected, Training(4))),
            "Input Conv2d BatchNorm Conv2d BatchNorm Conv2d BatchNorm GlobalAveragePool2d Dense "
            "Target SoftmaxCrossEntropy");
}

TEST(FusionTest, WhatOthersReadIsNotFused) {
  const std::string read_twice = WithHead(std::string(kStem) +
                                          "sum Add from=norm1,relu1\n"
                                          "relu2 Relu\n");
  EXPECT_EQ(ForwardTypes(Network<float>(read_twice, Training(4))),
            "Input Conv2d BatchNorm Relu Add GlobalAveragePool2d Dense Target SoftmaxCrossEntropy");
  const std::string with_itself = WithHead(std::string(kStem) + "sum Add from=relu1,relu1\n");
  EXPECT_EQ(ForwardTypes(Network<float>(with_itself, Training(4))),
            "Input Conv2d BatchNorm Add GlobalAveragePool2d Dense Target SoftmaxCrossEntropy");
}

TEST(FusionTest, TheGradientOfAResidualBlockIsTheSlopeOfItsLoss) {
  const std::string stem(kStem);
  const std::string second = "conv2 Conv2d filters=4 kernel=3 from=relu1\n";
  const std::string norm = "BatchNorm normalizationRows=4";
  for (const std::string& text :
       {Residual(""), Residual("frozen=true"), kProjected,
        // The sum goes on without a relu, to two readers.
        WithHead(stem + second + "norm2 " + norm + "\nsum Add from=relu1,norm2\n" +
                 "conv3 Conv2d filters=4 kernel=1 from=sum\nnorm3 " + norm +
                 "\nsum2 Add from=norm3,sum\nrelu3 Relu\n"),
        // A norm added to what it reads.
        WithHead(stem + "norm2 " + norm + "\nsum Add from=norm2,relu1\nrelu2 Relu\n"),
        // Two sums, one behind the other: the second is an operation of its own.
        WithHead(stem + second + "norm2 " + norm +
                 "\nsum1 Add from=norm2,relu1\nsum2 Add from=sum1,conv1\nrelu2 Relu\n"),
        // Three sources, one twice, which have other readers before and after.
        WithHead(stem + second + "sum Add from=relu1,conv2,relu1\nrelu2 Relu\n" +
                 "sum2 Add from=conv2,relu2\n"),
        // The sum of two views of one tensor.
        WithHead(stem + "sum Add from=conv1,conv1\nnorm2 " + norm + "\n")}) {
    SCOPED_TRACE(text);
    EXPECT_GT(ExpectTheGradientIsTheSlope(text, {Mode::kTrain, {}, 4}, 3), 70);
  }
}

TEST(FusionTest, TheGradientReachesWhatIsAddedToAFrozenBranch) {
  const std::string text = WithHead(
      "conv1 Conv2d filters=4 kernel=3\n"
      "conv2 Conv2d filters=4 kernel=3 from=image frozen=true\n"
      "norm2 BatchNorm normalizationRows=4 frozen=true\n"
      "sum Add from=norm2,conv1\n"
      "relu2 Relu\n");
  EXPECT_EQ(ForwardTypes(Network<float>(text, Training(4))),
            "Input Conv2d Conv2d BatchNorm GlobalAveragePool2d Dense Target SoftmaxCrossEntropy");
  EXPECT_GT(ExpectTheGradientIsTheSlope(text, {Mode::kTrain, {}, 4}, 3), 80);
}

TEST(FusionTest, AResidualBlockIsTheSameOnEveryTarget) {
  Network<double> reference(kProjected, Training(4), "reference");
  const TestRows rows(reference, 4, 3);
  const auto expected = RunStep(reference, 4, rows.Slice(0, 4), InitialWeights(reference)).gradient;
  for (const std::string_view target : AvailableTargets()) {
    SCOPED_TRACE(target);
    Network<float> network(kProjected, Training(4), target);
    const auto actual = RunStep(network, 4, rows.Slice(0, 4), InitialWeights(network)).gradient;
    for (size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(actual[i], expected[i], 2e-4);
  }
}

constexpr std::string_view kPooled =
    "conv1 Conv2d filters=5 kernel=3\n"
    "relu1 Relu\n"
    "pool1 MaxPool2d kernel=3 stride=2 padding=1\n";

/// Backward operations of the layer of that name that undo a relu: their own, that of their source.
std::string Undoes(const Network<float>& network, std::string_view name) {
  std::string undone;
  for (const Operation& operation : network.plan().segments[0].operations) {
    if (operation.kind != Operation::Kind::kBackward ||
        network.graph().nodes()[operation.node].line.name != name) {
      continue;
    }
    if (operation.relu) undone += "own ";
    if (operation.src_relu) undone += "source's ";
  }
  return undone;
}

TEST(FusionTest, AMaxPoolUndoesTheReluBeforeIt) {
  const Network<float> network(WithHead(kPooled), Training(4));
  EXPECT_EQ(Undoes(network, "pool1"), "source's ");
  EXPECT_EQ(Undoes(network, "conv1"), "");
  EXPECT_GT(ExpectTheGradientIsTheSlope(WithHead(kPooled), {Mode::kTrain, {}, 4}, 3), 100);
}

TEST(FusionTest, AMaxPoolLeavesTheReluThatOthersReadToo) {
  const std::string text = WithHead(std::string(kPooled) +
                                    "pool2 MaxPool2d kernel=3 stride=2 padding=1 from=relu1\n"
                                    "sum Add from=pool1,pool2\n");
  const Network<float> network(text, Training(4));
  EXPECT_EQ(Undoes(network, "pool1"), "");
  EXPECT_EQ(Undoes(network, "conv1"), "own ");
  EXPECT_GT(ExpectTheGradientIsTheSlope(text, {Mode::kTrain, {}, 4}, 3), 100);
}

/// Weights with statistics, factors and shifts that change something.
std::vector<float> DrawnWeights(const Network<float>& network) {
  std::vector<float> weights = InitialWeights(network);
  std::mt19937 random(5);
  std::uniform_real_distribution<float> uniform(0.5F, 1.5F);
  for (const Node<float>& node : network.graph().nodes()) {
    int64_t at = node.weights_begin;
    for (const ParameterSpec& parameter : node.parameters) {
      for (int64_t i = at; i < at + Size(parameter.shape); ++i) {
        if (parameter.kind != ParameterKind::kWeight) weights[i] = uniform(random) - 0.25F;
      }
      at += SliceSize(parameter);
    }
  }
  return weights;
}

/// Results of the first of `outputs`, for 6 rows.
std::vector<float> PredictionsOf(const std::string& text, std::vector<std::string> outputs,
                                 std::string* types, std::string_view target = "") {
  Network<float> network(text, {Mode::kPredict, std::move(outputs), 6, 1, INT64_MAX}, target);
  std::vector<float> records(static_cast<size_t>(6 * network.record_bytes() / 4));
  std::mt19937 random(3);
  std::uniform_real_distribution<float> uniform(-1.0F, 1.0F);
  for (float& value : records) value = uniform(random);
  const std::vector<float> weights = DrawnWeights(network);
  network.Prepare(InitialWeights(network));
  network.Prepare(weights);
  std::vector<float> results(static_cast<size_t>(6 * network.OutputSize()));
  network.Predict(0, 6, std::as_bytes(std::span(records)), weights, results);
  const int64_t size = Size(network.graph().nodes()[network.plan().outputs[0]].shape);
  std::vector<float> first;
  for (int64_t row = 0; row < 6; ++row) {
    const auto begin = results.begin() + row * network.OutputSize();
    first.insert(first.end(), begin, begin + size);
  }
  *types = ForwardTypes(network);
  return first;
}

struct FoldCase {
  const char* what;
  std::string text;
  std::string output;
  std::vector<std::string> producers;  ///< as outputs too, they keep their norm from being folded
  std::string folded, unfolded;        ///< types that run
};

const std::string kImage = "image Input shape=6,6,2\n";
const std::string kConv = "conv1 Conv2d filters=20 kernel=3 bias=false\n";

const std::vector<FoldCase> kFolds = {
    {"a convolution",
     kImage + kConv + "norm1 BatchNorm\n",
     "norm1",
     {"conv1"},
     "Input Conv2d",
     "Input Conv2d BatchNorm"},
    {"a convolution of groups with bias, and a relu",
     kImage + "conv1 Conv2d filters=6 kernel=3 groups=2\nnorm1 BatchNorm\nrelu1 Relu\n",
     "relu1",
     {"conv1"},
     "Input Conv2d",
     "Input Conv2d BatchNorm"},
    {"a dense layer",
     kImage + "fc1 Dense units=19\nnorm1 BatchNorm\nrelu1 Relu\n",
     "relu1",
     {"fc1"},
     "Input Dense",
     "Input Dense BatchNorm"},
    {"a dense layer without bias",
     kImage + "fc1 Dense units=7 bias=false\nnorm1 BatchNorm\n",
     "norm1",
     {"fc1"},
     "Input Dense",
     "Input Dense BatchNorm"},
    {"two layers with shared weights and norms of their own",
     kImage + "conv1 Conv2d filters=2 kernel=3 bias=false\nnorm1 BatchNorm\nrelu1 Relu\n" +
         "conv2 Conv2d filters=2 kernel=3 bias=false weightsOf=conv1\nnorm2 BatchNorm\n",
     "norm2",
     {"conv1", "conv2"},
     "Input Conv2d Conv2d",
     "Input Conv2d BatchNorm Conv2d BatchNorm"},
    {"a residual block",
     kImage + kConv + "norm1 BatchNorm\nrelu1 Relu\n" +
         "conv2 Conv2d filters=20 kernel=3 bias=false convolution=direct\nnorm2 BatchNorm\n" +
         "sum Add from=norm2,relu1\nrelu2 Relu\n",
     "relu2",
     {"conv1", "conv2"},
     "Input Conv2d Conv2d",
     "Input Conv2d BatchNorm Conv2d BatchNorm"},
};

TEST(FusionTest, AFoldedNormPredictsWhatItDoesOnItsOwn) {
  for (const FoldCase& fold : kFolds) {
    for (const std::string_view target : AvailableTargets()) {
      SCOPED_TRACE(std::string(fold.what) + " on " + std::string(target));
      std::vector<std::string> outputs = fold.producers;
      outputs.insert(outputs.begin(), fold.output);
      std::string types;
      const auto expected = PredictionsOf(fold.text, outputs, &types, target);
      EXPECT_EQ(types, fold.unfolded);
      const auto actual = PredictionsOf(fold.text, {fold.output}, &types, target);
      EXPECT_EQ(types, fold.folded);
      ASSERT_EQ(actual.size(), expected.size());
      for (size_t i = 0; i < actual.size(); ++i) {
        EXPECT_NEAR(actual[i], expected[i], 1e-5 * std::max(1.0F, std::abs(expected[i])));
      }
    }
  }
}

TEST(FusionTest, ANormThatCannotBeFoldedRuns) {
  std::string types;
  PredictionsOf(kImage + kConv + "relu1 Relu\nnorm1 BatchNorm\n", {"norm1"}, &types);
  EXPECT_EQ(types, "Input Conv2d BatchNorm");
  PredictionsOf(kImage + "norm1 BatchNorm\n", {"norm1"}, &types);
  EXPECT_EQ(types, "Input BatchNorm");
  PredictionsOf(kImage + kConv + "sum Add from=conv1,conv1\nnorm1 BatchNorm\n", {"norm1"}, &types);
  EXPECT_EQ(types, "Input Conv2d Add BatchNorm");
  PredictionsOf(kImage + kConv + "norm1 BatchNorm\nsum Add from=conv1,norm1\n", {"sum"}, &types);
  EXPECT_EQ(types, "Input Conv2d BatchNorm");
  PredictionsOf(kImage + kConv + "flat Flatten\nnorm1 BatchNorm\n", {"norm1"}, &types);
  EXPECT_EQ(types, "Input Conv2d BatchNorm");
}

TEST(FusionTest, EvaluationFoldsAndTrainingDoesNot) {
  const Network<float> evaluating(Residual(""), {Mode::kEvaluate, {}, 4, 1, INT64_MAX});
  EXPECT_EQ(ForwardTypes(evaluating),
            "Input Conv2d Conv2d GlobalAveragePool2d Dense Target SoftmaxCrossEntropy");
  const Network<float> training(Residual("frozen=true"), Training(4));
  EXPECT_EQ(training.plan().folded, std::vector<int>(training.graph().nodes().size(), -1));
}

}  // namespace
}  // namespace fovea
