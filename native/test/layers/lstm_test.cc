#include <gtest/gtest.h>

#include "layers/gradient_check.h"

namespace fovea {
namespace {

double Sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

/// One unit, one input: columns i, f, o, g.
LayerRun<double> OneUnit(const std::string& attributes, int steps) {
  LayerRun<double> run("Lstm", "units=1 " + attributes, {{steps, 1}}, 1);
  const std::vector<double> weight = {1, 2, 3, 4}, recurrent = {0.5, -0.5, 0.25, 2};
  const std::vector<double> bias = {0.1, 0.2, 0.3, 0.4};
  std::copy(weight.begin(), weight.end(), run.weights.begin());
  std::copy(recurrent.begin(), recurrent.end(), run.weights.begin() + run.Start(1));
  std::copy(bias.begin(), bias.end(), run.weights.begin() + run.Start(2));
  for (int t = 0; t < steps; ++t) run.src[0][t] = 0.5 - t;
  return run;
}

TEST(LstmTest, computesTheFormulas) {
  const double c1 = Sigmoid(0.6) * std::tanh(2.4);
  const double h1 = Sigmoid(1.8) * std::tanh(c1);
  const double i = Sigmoid(-0.5 + 0.5 * h1 + 0.1), f = Sigmoid(-1 - 0.5 * h1 + 0.2);
  const double o = Sigmoid(-1.5 + 0.25 * h1 + 0.3), g = std::tanh(-2 + 2 * h1 + 0.4);
  const double h2 = o * std::tanh(f * c1 + i * g);
  LayerRun<double> run = OneUnit("", 2);
  run.Forward();
  EXPECT_NEAR(run.dst[0], h1, 1e-15);
  EXPECT_NEAR(run.dst[1], h2, 1e-15);
}

TEST(LstmTest, theLastStateIsThatOfTheSequence) {
  LayerRun<double> all = OneUnit("", 5), last = OneUnit("sequence=false", 5);
  all.Forward();
  last.Forward();
  EXPECT_EQ(last.dst, std::vector<double>(1, all.dst.back()));
}

/// Shapes that no vector and no tile divides, and some that they do.
std::vector<LayerCase> Cases() {
  return {
      {"Lstm", "units=3", {{4, 2}}},
      {"Lstm", "units=3 sequence=false", {{4, 2}}},
      {"Lstm", "units=5", {{1, 3}}},
      {"Lstm", "units=5 sequence=false", {{1, 3}}},
      {"Lstm", "units=7 forgetBias=1", {{3, 1}}, 5},
      {"Lstm", "units=9 sequence=false", {{2, 11}}, 1},
      // Slices of the gradient: none padded, the first, the second.
      {"Lstm", "units=16", {{2, 8}}, 4},
      {"Lstm", "units=2", {{3, 1}}, 2},
      {"Lstm", "units=9", {{3, 4}}, 3},
      {"Lstm", "units=1", {{1, 1}}, 1},
  };
}

TEST(LstmTest, keepsTheLayerLaws) {
  for (const LayerCase& layer_case : Cases()) ExpectLayerLaws(layer_case);
}

TEST(LstmTest, keepsTheLayerLawsWhereDepthAndColumnsTakeSeveralRuns) {
  const LayerCase wide{"Lstm", "units=33", {{2, 230}}, 4};
  ExpectTargetsAgree(wide);
  ExpectRowsAreIndependent(wide);
  ExpectOnlyWhatIsAsked(wide);
}

TEST(LstmTest, keepsLongSequencesStable) {
  const LayerCase long_case{"Lstm", "units=8", {{200, 4}}, 2};
  ExpectTargetsAgree(long_case);
}

template <typename T>
void ExpectForwardAlone(const LayerCase& layer_case, std::string_view target) {
  SCOPED_TRACE(layer_case.Text() + " on " + std::string(target));
  LayerRun<T> kept = MakeRun<T>(layer_case, target);
  kept.Forward();
  LayerRun<T> alone = MakeRun<T>(layer_case, target);
  alone.training = alone.backward = false;
  alone.Forward();
  EXPECT_EQ(alone.dst, kept.dst);
}

TEST(LstmTest, keepsOneStepWhereNoBackwardFollows) {
  for (const LayerCase& layer_case : Cases()) {
    ExpectForwardAlone<double>(layer_case, "reference");
    for (const std::string_view target : AvailableTargets()) {
      ExpectForwardAlone<float>(layer_case, target);
    }
  }
  const auto layer = MakeLayer<float>("Lstm", "units=3", {{50, 2}});
  EXPECT_EQ(layer->WorkspaceBytes(4), 50 * layer->ForwardWorkspaceBytes(4));
}

TEST(LstmTest, saturatesWithoutOverflow) {
  for (const std::string_view target : AvailableTargets()) {
    LayerRun<float> run("Lstm", "units=1", {{3, 1}}, 2, target);
    std::fill_n(run.weights.begin(), 4, 1.0f);
    run.src[0] = {1e30f, 1e30f, 1e30f, -1e30f, -1e30f, -1e30f};
    std::fill(run.diff_dst.begin(), run.diff_dst.end(), 1.0f);
    run.Forward();
    run.Backward();
    ExpectClose(run.dst,
                std::vector<float>{std::tanh(1.0f), std::tanh(2.0f), std::tanh(3.0f), 0, 0, 0},
                1e-6, "dst");
    EXPECT_EQ(run.diff_src[0], std::vector<float>(6, 0)) << target;
  }
}

TEST(LstmTest, describesItsParameters) {
  const auto layer = MakeLayer<float>("Lstm", "units=10 forgetBias=1.5", {{7, 6}});
  EXPECT_EQ(layer->OutputShape(), (Shape{7, 10}));
  EXPECT_EQ(MakeLayer<float>("Lstm", "units=10 sequence=false", {{7, 6}})->OutputShape(),
            (Shape{10}));
  const std::vector<ParameterSpec> parameters = layer->Parameters();
  ASSERT_EQ(parameters.size(), 3u);
  EXPECT_EQ(parameters[0].name, "weight");
  EXPECT_EQ(parameters[0].shape, (Shape{6, 40}));
  EXPECT_EQ(parameters[1].name, "recurrent");
  EXPECT_EQ(parameters[1].shape, (Shape{10, 40}));
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(parameters[i].kind, ParameterKind::kWeight);
    EXPECT_EQ(parameters[i].fan_in, 16);
    EXPECT_EQ(parameters[i].fan_out, 40);
  }
  EXPECT_EQ(parameters[2].name, "bias");
  EXPECT_EQ(parameters[2].shape, (Shape{40}));
  EXPECT_EQ(parameters[2].kind, ParameterKind::kBias);
  EXPECT_EQ(parameters[2].start, (std::vector<double>{0, 1.5, 0, 0}));
}

TEST(LstmTest, refusesWhatItCannotRead) {
  EXPECT_EQ(ErrorOfLayer("Lstm", "units=0", {{4, 2}}),
            "attribute 'units': expected an integer > 0. Received: 0.");
  EXPECT_EQ(ErrorOfLayer("Lstm", "units=536870912", {{4, 2}}),
            "attribute 'units': expected an integer > 0, at most 536870911. Received: 536870912.");
  EXPECT_EQ(ErrorOfLayer("Lstm", "units=3 sequence=last", {{4, 2}}),
            "attribute 'sequence': expected true or false. Received: 'last'.");
  EXPECT_EQ(ErrorOfLayer("Lstm", "units=3 forgetBias=-1", {{4, 2}}),
            "attribute 'forgetBias': expected a number >= 0. Received: -1.");
  EXPECT_EQ(ErrorOfLayer("Lstm", "units=3", {{28, 28, 1}}),
            "expected an input [T, I]. Received: [28, 28, 1].");
  EXPECT_EQ(ErrorOfLayer("Lstm", "units=3", {{10}}), "expected an input [T, I]. Received: [10].");
  EXPECT_EQ(ErrorOfLayer("Lstm", "units=3", {{4, 2}, {4, 2}}), "expected 1 source. Received: 2.");
}

}  // namespace
}  // namespace fovea
