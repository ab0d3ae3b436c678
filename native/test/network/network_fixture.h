#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "network/network.h"

namespace fovea {

/// Records of random pixels in [-1, 1] and labels 0..classes-1 for a network whose only fields are
/// one float32 Input and one Target, row weights 1 unless given.
struct TestRows {
  template <typename T>
  TestRows(const Network<T>& network, int64_t rows, int classes, unsigned seed = 7)
      : record_bytes(network.record_bytes()), bytes(static_cast<size_t>(rows * record_bytes)) {
    std::mt19937 random(seed);
    std::uniform_real_distribution<float> pixel(-1.0F, 1.0F);
    std::uniform_int_distribution<int> label(0, classes - 1);
    const int64_t floats = record_bytes / 4;
    for (int64_t row = 0; row < rows; ++row) {
      for (int64_t i = 0; i < floats - 2; ++i) Set(row, i, pixel(random));
      Set(row, floats - 2, static_cast<float>(label(random)));
      Set(row, floats - 1, 1.0F);
    }
  }

  void Set(int64_t row, int64_t index, float value) {
    std::memcpy(bytes.data() + row * record_bytes + index * 4, &value, sizeof(value));
  }
  void SetWeight(int64_t row, float weight) { Set(row, record_bytes / 4 - 1, weight); }

  /// Rows [begin, end) as records of their own.
  std::span<const std::byte> Slice(int64_t begin, int64_t end) const {
    return std::span(bytes).subspan(static_cast<size_t>(begin * record_bytes),
                                    static_cast<size_t>((end - begin) * record_bytes));
  }

  int64_t record_bytes;
  std::vector<std::byte> bytes;
};

template <typename T>
struct StepResult {
  std::vector<T> gradient;
  StepSums sums;
};

/// The parts of a segment for rows in stretches that end at `ends`.
template <typename T>
std::vector<StepPart> PartsOf(const Network<T>& network, int segment,
                              const std::vector<int64_t>& ends, RandomKey random) {
  std::vector<StepPart> parts;
  const int64_t panels = network.plan().segments[segment].panels;
  for (int64_t part = 0; part < panels; ++part) {
    parts.push_back({0, segment, part, 0, ends.back(), random});
  }
  int64_t begin = 0;
  for (size_t i = 0; panels == 0 && i < ends.size(); ++i) {
    for (; begin < ends[i]; begin += parts.back().rows) {
      const int64_t rows = std::min(network.plan().chunk_rows, ends[i] - begin);
      parts.push_back({0, segment, static_cast<int64_t>(parts.size()), begin, rows, random});
    }
  }
  return parts;
}

/// A whole step by one caller, of rows in stretches that end at `ends`: every segment, every part,
/// lanes in turn; then the sum over lanes.
template <typename T>
StepResult<T> RunStretches(Network<T>& network, const std::vector<int64_t>& ends,
                           std::span<const std::byte> records, const std::vector<T>& weights,
                           int lanes = 1, int64_t first_row = 0) {
  const Plan& plan = network.plan();
  StepResult<T> result{std::vector<T>(static_cast<size_t>(network.weight_count())), {}};
  std::vector<std::vector<T>> own(static_cast<size_t>(lanes));  // gradients of lanes but the first
  for (auto& lane : own) lane.resize(static_cast<size_t>(plan.lane_gradient.Count()));
  network.Prepare(weights);
  for (int s = 0; s < static_cast<int>(plan.segments.size()); ++s) {
    const Segment& segment = plan.segments[s];
    for (StepPart& part : PartsOf(network, s, ends, {42, 3, 0, first_row})) {
      part.lane = static_cast<int>(part.part % lanes);
      const bool shared = part.lane == 0 || segment.panels > 0;
      network.AddGradient(part, records, weights, shared ? result.gradient : own[part.lane],
                          result.sums);
    }
  }
  for (int lane = 1; lane < lanes; ++lane) {
    for (const LaneStretch& stretch : plan.lane_gradient.stretches) {
      for (int64_t i = 0; i < stretch.count; ++i) {
        result.gradient[stretch.begin + i] += own[lane][stretch.lane_begin + i];
      }
    }
  }
  return result;
}

template <typename T>
StepResult<T> RunStep(Network<T>& network, int64_t rows, std::span<const std::byte> records,
                      const std::vector<T>& weights, int lanes = 1, int64_t first_row = 0) {
  return RunStretches(network, {rows}, records, weights, lanes, first_row);
}

template <typename T>
std::vector<T> InitialWeights(const Network<T>& network, uint64_t seed = 1) {
  std::vector<T> weights(static_cast<size_t>(network.weight_count()));
  network.Initialize(seed, weights);
  return weights;
}

/// The gradient of a step of options.max_rows rows equals the slope of its loss, in double, for
/// every trained weight, or one in `stride` of each parameter; that of frozen ones is 0. Returns
/// how many were compared, without the frozen ones.
inline int ExpectTheGradientIsTheSlope(std::string_view text, const PlanOptions& options,
                                       int classes, int64_t stride = 1) {
  constexpr double kStep = 1e-6;
  const int64_t rows = options.max_rows;
  Network<double> network(text, options, "reference");
  const TestRows records(network, rows, classes);
  std::vector<double> weights = InitialWeights(network);
  const auto run = [&] {
    return RunStep(network, rows, records.Slice(0, rows), weights, options.lanes);
  };
  const auto result = run();
  EXPECT_GT(result.sums.loss, 1.0);
  int compared = 0;
  for (const Node<double>& node : network.graph().nodes()) {
    int64_t at = node.weights_begin;
    for (const ParameterSpec& parameter : node.parameters) {
      const bool trained = parameter.kind <= ParameterKind::kScale;
      for (int64_t i = at; trained && i < at + Size(parameter.shape); i += stride) {
        const double weight = weights[i];
        weights[i] = weight + kStep;
        const double above = run().sums.loss;
        weights[i] = weight - kStep;
        const double below = run().sums.loss;
        weights[i] = weight;
        const double slope = node.frozen ? 0 : (above - below) / (2 * kStep);
        EXPECT_NEAR(result.gradient[i], slope, 1e-7 * std::max(1.0, std::abs(slope)))
            << node.line.name << "." << parameter.name << " [" << i - at << "]";
        compared += node.frozen ? 0 : 1;
      }
      at += SliceSize(parameter);
    }
  }
  return compared;
}

/// The types of the layers whose Forward the plan calls, one after the other.
template <typename T>
std::string ForwardTypes(const Network<T>& network) {
  std::string types;
  for (const Operation& operation : network.plan().segments[0].operations) {
    if (operation.kind != Operation::Kind::kForward) continue;
    if (operation.move != Operation::Move::kNone) continue;
    if (!types.empty()) types += " ";
    types += network.graph().nodes()[operation.node].line.type->name;
  }
  return types;
}

/// The message of the Error that making this network throws; empty when it throws none.
inline std::string MessageOf(std::string_view text, PlanOptions options = {}) {
  try {
    const Network<float> network(text, std::move(options));
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace fovea
