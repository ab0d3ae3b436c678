/// Layers with precision=bfloat16 in a network.

#include "network/network_fixture.h"

namespace fovea {
namespace {

/// Each kind of product: direct and transposed convolution, dense, recurrent.
const char* const kLayers[] = {
    "image  Input shape=6,6,3\nhidden Conv2d filters=40 kernel=3 stride=2 PRECISION\n",
    "image  Input shape=6,6,3\nhidden ConvTranspose2d filters=4 kernel=2 stride=2 PRECISION\n",
    "image  Input shape=40\nhidden Dense units=24 PRECISION\n",
    "image  Input shape=5,7\nhidden Lstm units=6 PRECISION\n",
};

std::string Text(std::string layers, const std::string& precision) {
  const size_t at = layers.find("PRECISION");
  if (at != std::string::npos) layers.replace(at, 9, precision);
  return layers +
         "logits Dense units=3\nlabel Target\nloss SoftmaxCrossEntropy from=logits,label\n";
}

StepResult<float> StepOf(const std::string& text, std::string_view target) {
  PlanOptions options;
  options.max_rows = 8;
  Network<float> network(text, options, target);
  const TestRows rows(network, 8, 3);
  return RunStep(network, 8, rows.bytes, InitialWeights(network));
}

double Largest(const std::vector<float>& values) {
  double largest = 0;
  for (const float value : values) largest = std::max(largest, std::abs(double{value}));
  return largest;
}

double Distance(const std::vector<float>& a, const std::vector<float>& b) {
  std::vector<float> difference(a.size());
  for (size_t i = 0; i < a.size(); ++i) difference[i] = a[i] - b[i];
  return Largest(difference);
}

class PrecisionTest : public testing::TestWithParam<std::string_view> {};
INSTANTIATE_TEST_SUITE_P(Network, PrecisionTest, testing::ValuesIn(AvailableTargets()),
                         [](const auto& info) { return std::string(info.param); });

TEST_P(PrecisionTest, bfloat16RoundsALittleAndFloat32DoesNot) {
  for (const std::string layers : kLayers) {
    SCOPED_TRACE(layers);
    const StepResult<float> full = StepOf(Text(layers, ""), GetParam());
    const StepResult<float> same = StepOf(Text(layers, "precision=float32"), GetParam());
    const StepResult<float> rounded = StepOf(Text(layers, "precision=bfloat16"), GetParam());
    EXPECT_EQ(same.gradient, full.gradient);
    const double distance = Distance(rounded.gradient, full.gradient);
    EXPECT_GT(distance, 0);
    EXPECT_LT(distance, 0.02 * Largest(full.gradient));
    EXPECT_NEAR(rounded.sums.loss, full.sums.loss, 0.01 * full.sums.loss);
  }
}

TEST_P(PrecisionTest, targetsRoundAlike) {
  for (const std::string layers : kLayers) {
    SCOPED_TRACE(layers);
    const std::string text = Text(layers, "precision=bfloat16");
    const StepResult<float> expected = StepOf(text, "reference");
    // A value between two bfloat16 numbers may fall on either side when sums differ in the last
    // bit.
    EXPECT_LT(Distance(StepOf(text, GetParam()).gradient, expected.gradient),
              0.004 * Largest(expected.gradient));
  }
}

TEST_P(PrecisionTest, winogradIsNotRounded) {
  const std::string layers =
      "image Input shape=12,12,16\nhidden Conv2d filters=16 kernel=3 convolution=winograd "
      "PRECISION\n";
  EXPECT_EQ(StepOf(Text(layers, "precision=bfloat16"), GetParam()).gradient,
            StepOf(Text(layers, ""), GetParam()).gradient);
}

TEST(PrecisionOfNetworkTest, gradientsInDoubleAreChecked) {
  const std::string text = Text(kLayers[2], "precision=bfloat16");
  EXPECT_GT(ExpectTheGradientIsTheSlope(text, {Mode::kTrain, {}, 4}, 3), 0);
}

TEST(PrecisionOfNetworkTest, whereBatchNormIsFoldedInTheProductsStillRound) {
  const std::string text =
      "image Input shape=6,6,3\nhidden Conv2d filters=40 kernel=3 stride=2 precision=PRECISION\n"
      "norm BatchNorm\n";
  std::vector<std::vector<float>> outputs;
  for (const char* precision : {"float32", "bfloat16"}) {
    std::string with = text;
    with.replace(with.find("PRECISION"), 9, precision);
    PlanOptions options;
    options.mode = Mode::kPredict;
    options.outputs = {"norm"};
    Network<float> network(with, options);
    ASSERT_GE(network.plan().folded[1], 0);
    const std::vector<float> weights = InitialWeights(network);
    network.Prepare(weights);
    std::vector<float> record(static_cast<size_t>(network.record_bytes()) / 4);
    for (size_t i = 0; i < record.size(); ++i) record[i] = 1.0F / static_cast<float>(i + 3);
    std::vector<float> output(static_cast<size_t>(network.OutputSize()));
    network.Predict(0, 1, std::as_bytes(std::span(record)), weights, output);
    outputs.push_back(output);
  }
  const double distance = Distance(outputs[0], outputs[1]);
  EXPECT_GT(distance, 0);
  EXPECT_LT(distance, 0.02 * Largest(outputs[0]));
}

TEST(PrecisionOfNetworkTest, anUnknownPrecisionIsRefused) {
  try {
    StepOf(Text(kLayers[2], "precision=float16"), "");
    FAIL() << "expected an error";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(),
                 "Layer 'hidden' (Dense, line 2): attribute 'precision': expected one of float32, "
                 "bfloat16. Received: 'float16'.");
  }
}

}  // namespace
}  // namespace fovea
