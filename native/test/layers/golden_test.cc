/// Layers against values computed elsewhere: see golden/make_golden.py.

#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include "layers/gradient_check.h"

namespace fovea {
namespace {

/// Each array as its numbers, blank-separated.
using Arrays = std::vector<std::string>;

std::vector<double> Numbers(const std::string& text) {
  std::istringstream words(text);
  std::vector<double> numbers;
  for (std::string word; words >> word;) numbers.push_back(std::stod(word));
  return numbers;
}

/// A layer with all that goes in and all that must come out, array by array.
struct Golden {
  std::string type;
  std::string attributes;
  std::vector<Shape> src_shapes;
  int64_t rows;
  bool training;
  Arrays src;
  Arrays parameters;
  Arrays dst;       ///< one
  Arrays diff_dst;  ///< one
  Arrays diff_src;
  Arrays diff_parameters;
};

const std::vector<Golden>& Conv2dGolden() {
  static const std::vector<Golden> golden = {
#include "layers/golden/conv2d.inc"
  };
  return golden;
}

const std::vector<Golden>& PoolsGolden() {
  static const std::vector<Golden> golden = {
#include "layers/golden/pools.inc"
  };
  return golden;
}

const std::vector<Golden>& BatchNormGolden() {
  static const std::vector<Golden> golden = {
#include "layers/golden/batch_norm.inc"
  };
  return golden;
}

const std::vector<Golden>& SoftmaxCrossEntropyGolden() {
  static const std::vector<Golden> golden = {
#include "layers/golden/softmax_cross_entropy.inc"
  };
  return golden;
}

const std::vector<Golden>& LstmGolden() {
  static const std::vector<Golden> golden = {
#include "layers/golden/lstm.inc"
  };
  return golden;
}

const std::vector<Golden>& ConvTranspose2dGolden() {
  static const std::vector<Golden> golden = {
#include "layers/golden/conv_transpose2d.inc"
  };
  return golden;
}

template <typename T>
void Fill(const std::string& text, std::vector<T>* values, int64_t start) {
  const std::vector<double> numbers = Numbers(text);
  ASSERT_LE(start + numbers.size(), values->size());
  std::copy(numbers.begin(), numbers.end(), values->begin() + start);
}

template <typename T>
void ExpectGolden(const Golden& golden, std::string_view target, double tolerance) {
  SCOPED_TRACE(golden.type + " " + golden.attributes + " on " + std::string(target));
  LayerRun<T> run(golden.type, golden.attributes, golden.src_shapes, golden.rows, target);
  run.training = golden.training;
  for (size_t s = 0; s < golden.src.size(); ++s) Fill(golden.src[s], &run.src[s], 0);
  ASSERT_EQ(run.layer->Parameters().size(), golden.parameters.size());
  for (size_t p = 0; p < golden.parameters.size(); ++p) {
    Fill(golden.parameters[p], &run.weights, run.Start(p));
  }
  Fill(golden.diff_dst[0], &run.diff_dst, 0);
  run.Forward();
  run.Backward();
  ExpectClose(run.dst, Numbers(golden.dst[0]), tolerance, "dst");
  for (size_t s = 0; s < golden.src.size(); ++s) {
    ExpectClose(run.diff_src[s], Numbers(golden.diff_src[s]), tolerance, "diff_src");
  }
  for (size_t p = 0; p < golden.parameters.size(); ++p) {
    const auto first = run.diff_weights.begin() + run.Start(p);
    const std::vector<T> diff(first, first + Size(run.layer->Parameters()[p].shape));
    ExpectClose(diff, Numbers(golden.diff_parameters[p]), tolerance,
                "diff_parameter " + std::to_string(p));
  }
}

void ExpectAllGolden(const std::vector<Golden>& all) {
  for (const Golden& golden : all) {
    ExpectGolden<double>(golden, "reference", 1e-13);
    for (const std::string_view target : AvailableTargets()) {
      ExpectGolden<float>(golden, target, 1e-5);
    }
  }
}

TEST(Conv2dGoldenTest, equalsScipy) { ExpectAllGolden(Conv2dGolden()); }
TEST(PoolsGoldenTest, equalNumpy) { ExpectAllGolden(PoolsGolden()); }
TEST(BatchNormGoldenTest, equalsNumpy) { ExpectAllGolden(BatchNormGolden()); }
TEST(SoftmaxCrossEntropyGoldenTest, equalsScipy) { ExpectAllGolden(SoftmaxCrossEntropyGolden()); }
TEST(LstmGoldenTest, equalsPyTorch) { ExpectAllGolden(LstmGolden()); }
TEST(ConvTranspose2dGoldenTest, equalsPyTorch) { ExpectAllGolden(ConvTranspose2dGolden()); }

}  // namespace
}  // namespace fovea
