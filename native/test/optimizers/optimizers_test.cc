#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "layers/error.h"
#include "optimizers/optimizer.h"

namespace fovea {
namespace {

/// Weights that one optimizer updates with the same gradient sum at each step: the rows weigh 2.
struct Training {
  OptimizerPtr optimizer;
  std::vector<float> weights, state;
  double learning_rate, l2 = 0;

  Training(std::string_view text, std::vector<float> start, double rate)
      : optimizer(CreateOptimizer(text)),
        weights(std::move(start)),
        state(weights.size() * static_cast<size_t>(optimizer->Slots())),
        learning_rate(rate) {}

  void Step(int64_t step, const std::vector<float>& gradient_sum) {
    const auto count = static_cast<int64_t>(weights.size());
    optimizer->Step({.count = count,
                     .learning_rate = learning_rate,
                     .l2 = l2,
                     .gradient_scale = 0.5,
                     .weights = weights.data(),
                     .gradient = gradient_sum.data()},
                    KernelsFor<float>(), step, state.empty() ? nullptr : state.data(), count);
  }
};

std::string MessageFor(std::string_view text) {
  try {
    CreateOptimizer(text);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(Sgd, withoutMomentumKeepsNoState) {
  Training run("Sgd momentum=0", {1, 2}, 0.1);
  EXPECT_EQ(run.optimizer->Slots(), 0);
  run.Step(1, {4, -2});  // mean gradient 2, -1
  EXPECT_FLOAT_EQ(run.weights[0], 0.8f);
  EXPECT_FLOAT_EQ(run.weights[1], 2.1f);
}

TEST(Sgd, momentumGathersVelocity) {
  Training run("Sgd", {1}, 0.1);
  EXPECT_EQ(run.optimizer->Slots(), 1);
  run.Step(1, {2});  // velocity 1
  EXPECT_FLOAT_EQ(run.weights[0], 0.9f);
  run.Step(2, {2});  // velocity 0.9 + 1
  EXPECT_FLOAT_EQ(run.weights[0], 0.71f);
  run.Step(3, {0});  // velocity 0.9 * 1.9
  EXPECT_FLOAT_EQ(run.weights[0], 0.539f);
  EXPECT_FLOAT_EQ(run.state[0], 1.71f);
}

TEST(Sgd, nesterovLooksAhead) {
  Training run("Sgd momentum=0.9 nesterov=true", {1}, 0.1);
  run.Step(1, {2});  // velocity 1, direction 1 + 0.9
  EXPECT_FLOAT_EQ(run.weights[0], 0.81f);
  run.Step(2, {2});  // velocity 1.9, direction 1 + 1.71
  EXPECT_FLOAT_EQ(run.weights[0], 0.539f);
}

TEST(Sgd, l2PullsWeightsToZero) {
  Training run("Sgd momentum=0", {1, -1}, 0.1);
  run.l2 = 0.5;
  run.Step(1, {0, 0});
  EXPECT_FLOAT_EQ(run.weights[0], 0.95f);
  EXPECT_FLOAT_EQ(run.weights[1], -0.95f);
}

TEST(Adam, theFirstStepIsTheLearningRate) {
  Training run("Adam", {1, 1}, 0.001);
  EXPECT_EQ(run.optimizer->Slots(), 2);
  run.Step(1, {200, -0.02f});  // whatever the size of the gradient
  EXPECT_FLOAT_EQ(run.weights[0], 0.999f);
  EXPECT_FLOAT_EQ(run.weights[1], 1.001f);
}

TEST(Adam, equalsAlgorithm1OfThePaper) {
  Training run("Adam beta1=0.8 beta2=0.95 epsilon=1e-03", {0.5f}, 0.01);
  const std::vector<double> gradients = {0.4, -0.1, 0.25, 0.7, -0.6, 0.0};
  double weight = 0.5, mean = 0, variance = 0;
  for (size_t i = 0; i < gradients.size(); ++i) {
    const double step = static_cast<double>(i + 1), g = gradients[i];
    mean = 0.8 * mean + 0.2 * g;
    variance = 0.95 * variance + 0.05 * g * g;
    const double corrected_mean = mean / (1 - std::pow(0.8, step));
    const double corrected_variance = variance / (1 - std::pow(0.95, step));
    weight -= 0.01 * corrected_mean / (std::sqrt(corrected_variance) + 1e-3);
    run.Step(static_cast<int64_t>(i + 1), {static_cast<float>(2 * g)});
    EXPECT_NEAR(run.weights[0], weight, 2e-7) << "step " << step;
  }
  EXPECT_NEAR(run.state[0], mean, 1e-7);
  EXPECT_NEAR(run.state[1], variance, 1e-7);
}

TEST(Adam, slotsAreSlotStrideApart) {
  const OptimizerPtr adam = CreateOptimizer("Adam");
  std::vector<float> weights = {1}, gradient = {3}, state(10, 0.0f);
  adam->Step(
      {.count = 1, .learning_rate = 0.1, .weights = weights.data(), .gradient = gradient.data()},
      KernelsFor<float>(), 1, state.data() + 2, 5);
  std::vector<float> expected(10, 0.0f);
  expected[2] = 0.3f;
  expected[7] = 0.009f;
  for (size_t i = 0; i < 10; ++i) EXPECT_NEAR(state[i], expected[i], 1e-7) << "at " << i;
}

TEST(RunningAverage, keepsItsShareAndTakesTheMean) {
  Training run("RunningAverage decay=0.75", {1, 0}, 123);
  run.l2 = 9;  // neither is read
  EXPECT_EQ(run.optimizer->Slots(), 0);
  run.Step(1, {6, 8});  // means 3 and 4
  EXPECT_FLOAT_EQ(run.weights[0], 1.5f);
  EXPECT_FLOAT_EQ(run.weights[1], 1.0f);
}

TEST(CreateOptimizer, typesAreInAlphabeticalOrderAndCanBeMade) {
  std::vector<std::string> names;
  for (const OptimizerType& type : OptimizerTypes()) names.emplace_back(type.name);
  EXPECT_EQ(names, (std::vector<std::string>{"Adam", "RunningAverage", "Sgd"}));
  EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
  EXPECT_NE(CreateOptimizer("Adam"), nullptr);
  EXPECT_NE(CreateOptimizer("RunningAverage decay=0.9"), nullptr);
  EXPECT_NE(CreateOptimizer("  Sgd   momentum=0.5  nesterov=true "), nullptr);
}

TEST(CreateOptimizer, anUnknownTypeIsRefusedWithTheKnownOnes) {
  EXPECT_EQ(MessageFor("Adma beta1=0.9"),
            "Optimizer: expected one of Adam, RunningAverage, Sgd. Received: 'Adma'.");
  EXPECT_EQ(MessageFor(""), "Optimizer: expected one of Adam, RunningAverage, Sgd. Received: ''.");
}

TEST(CreateOptimizer, wrongAttributesAreRefused) {
  EXPECT_EQ(MessageFor("Sgd momentun=0.9"),
            "Optimizer 'Sgd': attribute 'momentun': expected one of momentum, nesterov. Received: "
            "'momentun'.");
  EXPECT_EQ(MessageFor("Sgd momentum=0.9 momentum=0.8"),
            "Optimizer 'Sgd': attribute 'momentum': expected once. Received: twice.");
  EXPECT_EQ(MessageFor("Sgd momentum"),
            "Optimizer 'Sgd': expected attributes, name=value. Received: 'momentum'.");
  EXPECT_EQ(MessageFor("Sgd =0.9"),
            "Optimizer 'Sgd': expected attributes, name=value. Received: '=0.9'.");
  EXPECT_EQ(MessageFor("RunningAverage"),
            "Optimizer 'RunningAverage': attribute 'decay': expected a value. Received: nothing.");
}

TEST(CreateOptimizer, valuesOutOfRangeAreRefused) {
  EXPECT_EQ(MessageFor("Sgd momentum=1"),
            "Optimizer 'Sgd': attribute 'momentum': expected a number >= 0 and < 1. Received: 1.");
  EXPECT_EQ(MessageFor("Sgd momentum=0 nesterov=true"),
            "Optimizer 'Sgd': attribute 'nesterov': expected false without momentum. Received: "
            "true.");
  EXPECT_EQ(MessageFor("Sgd nesterov=yes"),
            "Optimizer 'Sgd': attribute 'nesterov': expected true or false. Received: 'yes'.");
  EXPECT_EQ(MessageFor("Adam beta1=-0.1"),
            "Optimizer 'Adam': attribute 'beta1': expected a number >= 0 and < 1. Received: -0.1.");
  EXPECT_EQ(MessageFor("Adam beta2=1"),
            "Optimizer 'Adam': attribute 'beta2': expected a number >= 0 and < 1. Received: 1.");
  EXPECT_EQ(MessageFor("Adam epsilon=0"),
            "Optimizer 'Adam': attribute 'epsilon': expected a number > 0. Received: 0.");
  EXPECT_EQ(MessageFor("RunningAverage decay=nan"),
            "Optimizer 'RunningAverage': attribute 'decay': expected a number >= 0 and < 1. "
            "Received: nan.");
}

}  // namespace
}  // namespace fovea
