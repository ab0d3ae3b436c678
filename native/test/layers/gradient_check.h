#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <sstream>
#include <string>
#include <vector>

#include "layers/layer_run.h"

namespace fovea {

/// How sources are drawn, so that no step of a difference crosses a kink or a tie.
enum class Drawing {
  kUniform,       ///< from -1 to 1
  kAwayFromZero,  ///< 0.1 to 1 in size
  kDistinct,      ///< multiples of 1/16, no two equal
};

/// A layer, its sources and its mode: what the laws below are tested on.
struct LayerCase {
  std::string type;
  std::string attributes;
  std::vector<Shape> src;
  int64_t rows = 3;
  bool training = true;
  Drawing drawing = Drawing::kUniform;
  std::vector<double> labels = {};      ///< not empty: the last source, which has no gradient
  std::vector<float> row_weights = {};  ///< empty: null
  uint64_t seed = 42;
  double diff_weights_tolerance = 2e-5;  ///< of float against double

  std::string Text() const {
    std::ostringstream text;
    text << type << " " << attributes << " src";
    for (const Shape& shape : src) text << " " << ToString(shape);
    text << " rows " << rows << (training ? " training" : " predicting") << " seed " << seed;
    return text.str();
  }
};

/// The run of a case, all drawn: equal numbers in float and in double.
template <typename T>
LayerRun<T> MakeRun(const LayerCase& layer_case, std::string_view target = "reference");
extern template LayerRun<double> MakeRun<double>(const LayerCase&, std::string_view);
extern template LayerRun<float> MakeRun<float>(const LayerCase&, std::string_view);

/// The same with something to add.
template <typename T>
LayerRun<T> MakeAddingRun(const LayerCase& layer_case, std::string_view target);
extern template LayerRun<double> MakeAddingRun<double>(const LayerCase&, std::string_view);
extern template LayerRun<float> MakeAddingRun<float>(const LayerCase&, std::string_view);

/// |a - b| relative to max(1, |a|, |b|), as Caffe's checker has it.
inline double RelativeError(double a, double b) {
  return std::abs(a - b) / std::max({1.0, std::abs(a), std::abs(b)});
}

template <typename A, typename B>
void ExpectClose(const std::vector<A>& actual, const std::vector<B>& expected, double tolerance,
                 const std::string& what) {
  ASSERT_EQ(actual.size(), expected.size()) << what;
  for (size_t i = 0; i < actual.size(); ++i) {
    // Not <=: a NaN must fail.
    if (!(RelativeError(actual[i], expected[i]) <= tolerance)) {
      FAIL() << what << "[" << i << "]: expected " << expected[i] << ". Received: " << actual[i]
             << " (tolerance " << tolerance << ").";
    }
  }
}

/// Backward equals central differences of a random linear function of dst, in double on the
/// reference kernels, for every element of every source and trained parameter; and it adds to
/// diff_weights.
void ExpectGradientsMatch(const LayerCase& layer_case);

/// Float layers on every target that this CPU has equal the double reference.
void ExpectTargetsAgree(const LayerCase& layer_case);

template <typename T>
std::vector<T> RowsOf(const std::vector<T>& all, int64_t rows, int64_t first, int64_t count) {
  const int64_t size = static_cast<int64_t>(all.size()) / rows;
  return {all.begin() + first * size, all.begin() + (first + count) * size};
}

/// A row's result is bit-equal whatever rows share its call.
void ExpectRowsAreIndependent(const LayerCase& layer_case);

/// Gradients that nobody asks for are not written, and do not change the others.
void ExpectOnlyWhatIsAsked(const LayerCase& layer_case);

/// Every law that holds for every layer that does not couple rows.
void ExpectLayerLaws(const LayerCase& layer_case);

/// Forward with something to add, and a relu perhaps, equals Forward without, then the sum of
/// both, then the relu.
void ExpectAddFuses(const LayerCase& layer_case);

/// A layer that undoes its relu: Backward equals that without the relu on a diff_dst that has it
/// undone, which is also what is left in diff_dst where something was added.
void ExpectReluIsUndone(const LayerCase& layer_case, bool add);

/// Backward that overwrites diff_dst with diff_src gives the same gradients.
void ExpectBackwardRunsInPlace(const LayerCase& layer_case);

/// Forward with relu equals max(0, .) of Forward without.
void ExpectReluFuses(const LayerCase& layer_case);

}  // namespace fovea
