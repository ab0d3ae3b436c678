#include "network/bundles.h"

#include <gtest/gtest.h>

#include <cmath>

#include "network/network_fixture.h"
#include "network/random_text.h"

namespace fovea {
namespace {

constexpr std::string_view kLeNet =
    "image  Input shape=28,28,1\n"
    "conv1  Conv2d filters=6 kernel=5\n"
    "relu1  Relu\n"
    "pool1  MaxPool2d kernel=2 stride=2\n"
    "conv2  Conv2d filters=16 kernel=5 padding=valid\n"
    "relu2  Relu\n"
    "pool2  MaxPool2d kernel=2 stride=2\n"
    "flat   Flatten\n"
    "fc1    Dense units=20\n"
    "label  Target\n"
    "loss   SoftmaxCrossEntropy from=fc1,label\n";

PlanOptions Training(Bundling bundling, int64_t rows, int lanes = 1) {
  PlanOptions options;
  options.max_rows = rows;
  options.lanes = lanes;
  options.bundling = bundling;
  return options;
}

template <typename T>
std::string BundledNames(const Network<T>& network) {
  std::string names;
  for (size_t i = 0; i < network.graph().nodes().size(); ++i) {
    if (!network.bundles().Has(static_cast<int>(i))) continue;
    if (!names.empty()) names += " ";
    names += network.graph().nodes()[i].line.name;
  }
  return names;
}

/// What is moved, in order: `+conv1` into bundles, `-conv1` out of them.
template <typename T>
std::string Moves(const Network<T>& network) {
  std::string moves;
  for (const Segment& segment : network.plan().segments) {
    for (const Operation& operation : segment.operations) {
      if (operation.move == Operation::Move::kNone) continue;
      if (!moves.empty()) moves += " ";
      moves += operation.move == Operation::Move::kInterleave ? "+" : "-";
      moves += network.graph().nodes()[operation.node].line.name;
    }
  }
  return moves;
}

TEST(BundlesTest, ANetworkOfFewChannelsIsOneRegionFromItsInputToItsDenseLayers) {
  const Network<float> network(kLeNet, Training(Bundling::kWhereFaster, 64));
  EXPECT_EQ(BundledNames(network), "conv1 relu1 pool1 conv2 relu2 pool2");
  EXPECT_EQ(Moves(network), "+image -pool2 +pool2");  // forward, forward, the gradient of pool2
}

TEST(BundlesTest, FewRowsStayPlain) {
  for (const int64_t rows : {1, 2, 3}) {
    const Network<float> network(kLeNet, Training(Bundling::kWhereFaster, rows));
    EXPECT_EQ(BundledNames(network), "") << rows << " rows";
    EXPECT_EQ(network.plan().chunk_rows, rows);
  }
  const Network<float> lanes(kLeNet, Training(Bundling::kWhereFaster, 64, 32));
  EXPECT_EQ(BundledNames(lanes), "");
}

TEST(BundlesTest, ManyChannelsStayPlain) {
  const Network<float> network(
      "image Input shape=8,8,32\nconv1 Conv2d filters=16 kernel=3\nrelu1 Relu\n"
      "conv2 Conv2d filters=64 kernel=3\nflat Flatten\nfc1 Dense units=3\n"
      "label Target\nloss SoftmaxCrossEntropy from=fc1,label\n",
      Training(Bundling::kWhereFaster, 64));
  EXPECT_EQ(BundledNames(network), "");
}

TEST(BundlesTest, ARegionThatSavesLessThanItsMovesStaysPlain) {
  const std::string pointwise =
      "image Input shape=8,8,16\nconv1 Conv2d filters=16 kernel=1\nflat Flatten\n"
      "fc1 Dense units=3\nlabel Target\nloss SoftmaxCrossEntropy from=fc1,label\n";
  const auto names = [&](Bundling bundling) {
    return BundledNames(Network<float>(pointwise, Training(bundling, 64), "reference"));
  };
  EXPECT_EQ(names(Bundling::kWhereFaster), "");
  EXPECT_EQ(names(Bundling::kWherePossible), "conv1");
}

TEST(BundlesTest, ABundleThatDoesNotFitTheCacheIsNotMade) {
  const std::string large =
      "image Input shape=160,160,3\nconv1 Conv2d filters=6 kernel=5\nrelu1 Relu\n"
      "global GlobalAveragePool2d\nlabel Target\nloss SoftmaxCrossEntropy from=global,label\n";
  EXPECT_EQ(BundledNames(Network<float>(large, Training(Bundling::kWhereFaster, 64))), "");
  EXPECT_EQ(BundledNames(Network<float>(large, Training(Bundling::kWherePossible, 64))),
            "conv1 relu1 global");
}

TEST(BundlesTest, ChunksAreWholeBundles) {
  for (const std::string_view target : AvailableTargets()) {
    for (const auto& [rows, lanes] : {std::pair{64, 1}, {64, 2}, {40, 1}, {33, 2}, {100, 3}}) {
      const Network<float> network(kLeNet, Training(Bundling::kWherePossible, rows, lanes), target);
      EXPECT_EQ(network.plan().chunk_rows % network.bundles().width, 0)
          << rows << " rows, " << lanes << " lanes, " << target;
    }
  }
}

TEST(BundlesTest, NormalizationRowsDecideTheChunkWithBundlesToo) {
  const std::string normalized =
      "image Input shape=9,9,1\nconv1 Conv2d filters=5 kernel=3\n"
      "norm1 BatchNorm normalizationRows=20\nrelu1 Relu\nflat Flatten\nfc1 Dense units=3\n"
      "label Target\nloss SoftmaxCrossEntropy from=fc1,label\n";
  const Network<float> network(normalized, Training(Bundling::kWherePossible, 60));
  EXPECT_EQ(BundledNames(network), "conv1");
  EXPECT_EQ(network.plan().chunk_rows, 20);
}

template <typename T>
void ExpectEqualSteps(const std::string& text, int64_t rows, int lanes, std::string_view target,
                      double tolerance) {
  Network<T> plain(text, Training(Bundling::kNever, rows, lanes), target);
  Network<T> bundled(text, Training(Bundling::kWherePossible, rows, lanes), target);
  EXPECT_TRUE(bundled.bundles().Any());
  const TestRows records(plain, rows, 4);
  const auto weights = InitialWeights(plain);
  const auto expected = RunStep(plain, rows, records.Slice(0, rows), weights, lanes);
  const auto actual = RunStep(bundled, rows, records.Slice(0, rows), weights, lanes);
  EXPECT_NEAR(actual.sums.loss, expected.sums.loss, tolerance * expected.sums.loss);
  EXPECT_EQ(actual.sums.weight, expected.sums.weight);
  for (size_t i = 0; i < weights.size(); ++i) {
    ASSERT_NEAR(actual.gradient[i], expected.gradient[i],
                tolerance * std::max(1.0, std::abs(static_cast<double>(expected.gradient[i]))))
        << "weight " << i;
  }
}

TEST(BundlesTest, GradientsOfRandomNetworksAreThoseOfPlainRows) {
  for (unsigned seed = 1; seed <= 60; ++seed) {
    const std::string text = RandomText(seed).text();
    const int64_t rows = 1 + seed * 7 % 40;
    const int lanes = static_cast<int>(1 + seed % 3);
    SCOPED_TRACE("seed " + std::to_string(seed) + ", " + std::to_string(rows) + " rows, " +
                 std::to_string(lanes) + " lanes:\n" + text);
    ExpectEqualSteps<double>(text, rows, lanes, "reference", 1e-9);
    if (HasFatalFailure() || HasNonfatalFailure()) return;
  }
}

TEST(BundlesTest, GradientsOnEveryTargetAreThoseOfPlainRows) {
  for (const std::string_view target : AvailableTargets()) {
    for (const int64_t rows : {5, 16, 37}) {
      SCOPED_TRACE(std::string(target) + ", " + std::to_string(rows) + " rows");
      ExpectEqualSteps<float>(std::string(kLeNet), rows, 1, target, 2e-4);
      if (HasFatalFailure()) return;
    }
  }
}

/// Branches that leave and enter bundles, tensors that are read by both kinds, two losses.
constexpr std::string_view kBranches =
    "image  Input shape=6,5,2\n"
    "conv1  Conv2d filters=3 kernel=3\n"
    "relu1  Relu\n"
    "drop1  Dropout rate=0.2\n"
    "conv2  Conv2d filters=3 kernel=2 from=relu1\n"
    "conv3  Conv2d filters=3 kernel=2 weightsOf=conv2 from=drop1\n"
    "sum1   Add from=conv3,relu1,conv2\n"
    "pool1  MaxPool2d kernel=2 stride=2\n"
    "pool2  AveragePool2d kernel=2 stride=2 from=drop1\n"
    "both   Concat from=pool1,pool2\n"
    "logits Dense units=3\n"
    "global GlobalAveragePool2d from=pool1\n"
    "aux    Dense units=3\n"
    "label  Target\n"
    "auxLoss SoftmaxCrossEntropy from=aux,label weight=0.3\n"
    "loss   SoftmaxCrossEntropy from=logits,label\n";

TEST(BundlesTest, TheGradientIsTheSlopeOfTheLoss) {
  constexpr int64_t kRows = 19;  // one bundle and a part of another
  const PlanOptions options = Training(Bundling::kWherePossible, kRows);
  const Network<double> network(kBranches, options, "reference");
  EXPECT_EQ(BundledNames(network), "conv1 relu1 conv2 conv3 sum1 pool1 global");
  EXPECT_GT(ExpectTheGradientIsTheSlope(kBranches, options, 3), 100);
}

TEST(BundlesTest, EverySegmentationGivesTheSameGradient) {
  Network<double> whole(kBranches, Training(Bundling::kWherePossible, 40, 2), "reference");
  const TestRows rows(whole, 40, 3);
  const auto weights = InitialWeights(whole);
  const auto expected = RunStep(whole, 40, rows.Slice(0, 40), weights, 2).gradient;
  for (const int64_t bucket_bytes : {1, 300}) {
    PlanOptions options = Training(Bundling::kWherePossible, 40, 2);
    options.bucket_bytes = bucket_bytes;
    Network<double> cut(kBranches, options, "reference");
    EXPECT_GT(cut.plan().segments.size(), 1U);
    EXPECT_EQ(RunStep(cut, 40, rows.Slice(0, 40), weights, 2).gradient, expected);
  }
}

TEST(BundlesTest, LayersThatRunByPanelsReadWhatIsMovedForThem) {
  Network<double> plain(kBranches, Training(Bundling::kNever, 40, 2), "reference");
  const TestRows rows(plain, 40, 3);
  const auto weights = InitialWeights(plain);
  const auto expected = RunStep(plain, 40, rows.Slice(0, 40), weights, 2).gradient;
  PlanOptions options = Training(Bundling::kWherePossible, 40, 2);
  options.panel_bytes = 1;
  Network<double> network(kBranches, options, "reference");
  EXPECT_TRUE(network.bundles().Any());
  EXPECT_TRUE(std::ranges::count(network.plan().panels, true) > 0);
  const auto actual = RunStep(network, 40, rows.Slice(0, 40), weights, 2).gradient;
  for (size_t i = 0; i < weights.size(); ++i) ASSERT_NEAR(actual[i], expected[i], 1e-9);
}

TEST(BundlesTest, AConvolutionThatTakesInANormStaysPlainAtInference) {
  const std::string normalized =
      "image Input shape=9,9,1\nconv1 Conv2d filters=5 kernel=3\n"
      "norm1 BatchNorm\nrelu1 Relu\nconv2 Conv2d filters=5 kernel=3\n";
  const Network<float> network(normalized, {.mode = Mode::kPredict,
                                            .outputs = {"conv2"},
                                            .max_rows = 32,
                                            .bundling = Bundling::kWherePossible});
  EXPECT_EQ(BundledNames(network), "conv2");
  EXPECT_EQ(ForwardTypes(network), "Input Conv2d Conv2d");
}

void ExpectPredictionsDoNotDependOnTheirCompany(const std::vector<std::string>& outputs) {
  Network<float> network(kLeNet, {.mode = Mode::kPredict,
                                  .outputs = outputs,
                                  .max_rows = 40,
                                  .bundling = Bundling::kWherePossible});
  const auto weights = InitialWeights(network);
  network.Prepare(weights);
  std::vector<float> pixels(40 * 28 * 28);
  std::mt19937 random(5);
  for (float& pixel : pixels) pixel = std::uniform_real_distribution<float>(-1, 1)(random);
  const std::span<const std::byte> records = std::as_bytes(std::span(pixels));
  const int64_t size = network.OutputSize();
  std::vector<float> all(static_cast<size_t>(40 * size));
  network.Predict(0, 40, records, weights, all);
  for (int64_t row = 0; row < 40; row += 3) {
    std::vector<float> one(static_cast<size_t>(size));
    network.Predict(0, 1, records.subspan(row * network.record_bytes()), weights, one);
    EXPECT_TRUE(std::equal(one.begin(), one.end(), all.begin() + row * size)) << "row " << row;
  }
  Network<float> plain(
      kLeNet,
      {.mode = Mode::kPredict, .outputs = outputs, .max_rows = 1, .bundling = Bundling::kNever});
  plain.Prepare(weights);
  std::vector<float> expected(static_cast<size_t>(size));
  plain.Predict(0, 1, records, weights, expected);
  for (int64_t i = 0; i < size; ++i) ASSERT_NEAR(all[i], expected[i], 1e-5) << "element " << i;
}

TEST(BundlesTest, PredictionsDoNotDependOnTheirCompany) {
  ExpectPredictionsDoNotDependOnTheirCompany({"fc1", "relu1", "flat"});
}

TEST(BundlesTest, OutputsThatAreMovedOneAfterAnotherAreAllKept) {
  ExpectPredictionsDoNotDependOnTheirCompany({"pool2", "pool1", "relu1"});
}

}  // namespace
}  // namespace fovea
