#include <gtest/gtest.h>

#include "network/network_fixture.h"

namespace fovea {
namespace {

constexpr int64_t kNever = INT64_MAX;
constexpr int64_t kRows = 47;
const std::vector<int64_t> kEnds = {13, 16, 29, 30, 47};  // chunks of 8, 5, 3, 8, 5, 1, 8, 8, 1

/// Batch norm joins 8 rows; fc can run by panels, the convolutions on bundles.
constexpr std::string_view kNetwork =
    "image  Input shape=9,7,2 dtype=float32\n"
    "conv1  Conv2d filters=6 kernel=3\n"
    "norm1  BatchNorm normalizationRows=8\n"
    "relu1  Relu\n"
    "pool   MaxPool2d kernel=2 stride=2\n"
    "conv2  Conv2d filters=7 kernel=3 bias=false\n"
    "norm2  BatchNorm normalizationRows=8\n"
    "relu2  Relu\n"
    "flat   Flatten\n"
    "fc     Dense units=50\n"
    "drop   Dropout rate=0.25\n"
    "norm3  BatchNorm normalizationRows=8\n"
    "logits Dense units=3\n"
    "label  Target\n"
    "loss   SoftmaxCrossEntropy from=logits,label\n";

struct Case {
  int lanes;
  int64_t bucket_bytes;
  int64_t panel_bytes;
  Bundling bundling;
};

PlanOptions Options(const Case& with, int64_t max_stretches) {
  PlanOptions options;
  options.max_rows = kRows;
  options.lanes = with.lanes;
  options.bucket_bytes = with.bucket_bytes;
  options.panel_bytes = with.panel_bytes;
  options.bundling = with.bundling;
  options.max_stretches = max_stretches;
  return options;
}

std::vector<Case> Cases() {
  std::vector<Case> cases;
  for (const int lanes : {1, 3}) {
    for (const int64_t bucket_bytes : {int64_t{1}, kNever}) {
      for (const int64_t panel_bytes : {int64_t{1}, kNever}) {
        for (const Bundling bundling : {Bundling::kNever, Bundling::kWherePossible}) {
          cases.push_back({lanes, bucket_bytes, panel_bytes, bundling});
        }
      }
    }
  }
  return cases;
}

/// Each stretch as a step of its own, one after the other: what a step of them all has to give.
StepResult<double> OneByOne(const TestRows& rows, std::vector<double>* weights) {
  Network<double> network(kNetwork, Options({1, kNever, kNever, Bundling::kNever}, 1), "reference");
  *weights = InitialWeights(network);
  StepResult<double> sum{std::vector<double>(weights->size()), {}};
  int64_t begin = 0;
  for (const int64_t end : kEnds) {
    const auto part = RunStep(network, end - begin, rows.Slice(begin, end), *weights, 1, begin);
    for (size_t i = 0; i < sum.gradient.size(); ++i) sum.gradient[i] += part.gradient[i];
    sum.sums.weight += part.sums.weight;
    sum.sums.loss += part.sums.loss;
    sum.sums.correct += part.sums.correct;
    begin = end;
  }
  return sum;
}

template <typename T>
void ExpectStretchesLikeOneByOne(const char* target, double tolerance) {
  const TestRows rows(Network<T>(kNetwork, Options(Cases()[0], 1), target), kRows, 3);
  std::vector<double> weights;
  const StepResult<double> expected = OneByOne(rows, &weights);
  for (const Case& with : Cases()) {
    SCOPED_TRACE(std::to_string(with.lanes) + " lanes, bucket " +
                 std::to_string(with.bucket_bytes) + ", panel " + std::to_string(with.panel_bytes) +
                 ", bundling " + std::to_string(static_cast<int>(with.bundling)));
    Network<T> network(kNetwork, Options(with, static_cast<int64_t>(kEnds.size())), target);
    const auto actual = RunStretches(network, kEnds, rows.Slice(0, kRows),
                                     std::vector<T>(weights.begin(), weights.end()), with.lanes);
    for (size_t i = 0; i < expected.gradient.size(); ++i) {
      ASSERT_NEAR(static_cast<double>(actual.gradient[i]), expected.gradient[i],
                  tolerance * std::max(1.0, std::abs(expected.gradient[i])))
          << "at weight " << i;
    }
    EXPECT_NEAR(actual.sums.loss, expected.sums.loss, tolerance * expected.sums.loss);
    EXPECT_EQ(actual.sums.correct, expected.sums.correct);
    EXPECT_EQ(actual.sums.weight, expected.sums.weight);
  }
}

TEST(StretchesTest, aStepOfStretchesIsTheSumOfOneStepEach) {
  ExpectStretchesLikeOneByOne<double>("reference", 1e-12);
}

TEST(StretchesTest, theFastKernelsTakeStretchesToo) {
  ExpectStretchesLikeOneByOne<float>("", 1e-3);
}

TEST(StretchesTest, moreChunksThanWereAskedForAreRefused) {
  Network<double> network(kNetwork, Options({1, kNever, kNever, Bundling::kNever}, 2), "reference");
  const TestRows rows(network, kRows, 3);
  const std::vector<double> weights = InitialWeights(network);
  EXPECT_EQ(network.plan().max_chunks, 7);
  EXPECT_THROW(RunStretches(network, kEnds, rows.Slice(0, kRows), weights), std::logic_error);
}

TEST(StretchesTest, theErrorNamesAllThreeNumbers) {
  try {
    const Network<double> network(kNetwork, Options({1, kNever, kNever, Bundling::kNever}, 0),
                                  "reference");
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(),
                 "Network: expected at least one row, one lane and one stretch. Received: 47 rows, "
                 "1 lanes, 0 stretches.");
  }
}

}  // namespace
}  // namespace fovea
