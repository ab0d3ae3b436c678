#include "layers/gradient_check.h"

namespace fovea {

namespace {

void DrawSource(Drawing drawing, Draws* draws, std::vector<double>* source) {
  for (double& value : *source) {
    value = draws->Uniform(-1, 1);
    if (drawing == Drawing::kAwayFromZero) value += value < 0 ? -0.125 : 0.125;
  }
  if (drawing != Drawing::kDistinct) return;
  for (size_t i = 0; i < source->size(); ++i) {
    (*source)[i] = (static_cast<double>(i) - static_cast<double>(source->size()) / 2) / 16;
  }
  for (size_t i = source->size(); i > 1; --i) {
    std::swap((*source)[i - 1], (*source)[draws->Index(i)]);
  }
}

}  // namespace

template <typename T>
LayerRun<T> MakeRun(const LayerCase& layer_case, std::string_view target) {
  Draws draws(layer_case.seed);
  LayerRun<T> run(layer_case.type, layer_case.attributes, layer_case.src, layer_case.rows, target);
  run.training = layer_case.training;
  run.row_weights = layer_case.row_weights;
  run.random = {layer_case.seed, 7, 3, 100};
  for (std::vector<T>& source : run.src) {
    std::vector<double> values(source.size());
    DrawSource(layer_case.drawing, &draws, &values);
    std::copy(values.begin(), values.end(), source.begin());
  }
  if (!layer_case.labels.empty()) {
    std::copy(layer_case.labels.begin(), layer_case.labels.end(), run.src.back().begin());
    run.wants_diff_src.back() = false;
  }
  const std::vector<ParameterSpec> parameters = run.layer->Parameters();
  for (size_t p = 0; p < parameters.size(); ++p) {
    const bool variance = parameters[p].kind == ParameterKind::kOneStatistic;
    for (int64_t i = 0; i < Size(parameters[p].shape); ++i) {
      run.weights[run.Start(p) + i] =
          static_cast<T>(variance ? draws.Uniform(0.5, 2) : draws.Uniform(-1, 1));
    }
  }
  for (T& value : run.diff_dst) value = static_cast<T>(draws.Uniform(-1, 1));
  return run;
}

template LayerRun<double> MakeRun<double>(const LayerCase&, std::string_view);
template LayerRun<float> MakeRun<float>(const LayerCase&, std::string_view);

void ExpectGradientsMatch(const LayerCase& layer_case) {
  SCOPED_TRACE(layer_case.Text());
  constexpr double kStep = 1e-5;
  constexpr double kTolerance = 1e-8;
  LayerRun<double> run = MakeRun<double>(layer_case);
  constexpr double kBefore = 0.25;
  std::fill(run.diff_weights.begin(), run.diff_weights.end(), kBefore);
  run.Forward();
  run.Backward();

  const auto loss_at = [&](double* element, double value) {
    const double kept = *element;
    *element = value;
    run.Forward();
    *element = kept;
    double loss = 0;
    for (size_t i = 0; i < run.dst.size(); ++i) loss += run.diff_dst[i] * run.dst[i];
    return loss;
  };
  const auto check = [&](const std::string& what, int64_t i, double* element, double derivative) {
    const double difference =
        (loss_at(element, *element + kStep) - loss_at(element, *element - kStep)) / (2 * kStep);
    EXPECT_LE(RelativeError(derivative, difference), kTolerance)
        << what << "[" << i << "]: Backward " << derivative << ", difference " << difference;
  };
  for (size_t s = 0; s < run.src.size(); ++s) {
    if (!run.wants_diff_src[s]) continue;
    for (size_t i = 0; i < run.src[s].size(); ++i) {
      check("diff_src " + std::to_string(s), i, &run.src[s][i], run.diff_src[s][i]);
    }
  }
  const std::vector<ParameterSpec> parameters = run.layer->Parameters();
  for (size_t p = 0; p < parameters.size(); ++p) {
    if (parameters[p].kind == ParameterKind::kZeroStatistic ||
        parameters[p].kind == ParameterKind::kOneStatistic) {
      continue;
    }
    for (int64_t i = 0; i < Size(parameters[p].shape); ++i) {
      const int64_t at = run.Start(p) + i;
      check("diff_" + parameters[p].name, i, &run.weights[at], run.diff_weights[at] - kBefore);
    }
  }
}

void ExpectTargetsAgree(const LayerCase& layer_case) {
  constexpr double kTolerance = 2e-5;
  LayerRun<double> reference = MakeRun<double>(layer_case);
  reference.Forward();
  reference.Backward();
  for (const std::string_view target : AvailableTargets()) {
    SCOPED_TRACE(layer_case.Text() + " on " + std::string(target));
    LayerRun<float> run = MakeRun<float>(layer_case, target);
    run.Forward();
    run.Backward();
    ExpectClose(run.dst, reference.dst, kTolerance, "dst");
    for (size_t s = 0; s < run.src.size(); ++s) {
      if (!run.wants_diff_src[s]) continue;
      ExpectClose(run.diff_src[s], reference.diff_src[s], kTolerance, "diff_src");
    }
    ExpectClose(run.diff_weights, reference.diff_weights, layer_case.diff_weights_tolerance,
                "diff_weights");
  }
}

namespace {

template <typename T>
void ExpectRowsAreIndependentOn(const LayerCase& layer_case, std::string_view target) {
  SCOPED_TRACE(layer_case.Text() + " on " + std::string(target));
  LayerRun<T> whole = MakeRun<T>(layer_case, target);
  whole.Forward();
  whole.Backward();
  for (int64_t chunk = 1; chunk < layer_case.rows; ++chunk) {
    for (int64_t first = 0; first < layer_case.rows; first += chunk) {
      const int64_t count = std::min(chunk, layer_case.rows - first);
      LayerCase part_case = layer_case;
      part_case.rows = count;
      part_case.labels = {};
      LayerRun<T> part = MakeRun<T>(part_case, target);
      part.weights = whole.weights;
      part.wants_diff_src = whole.wants_diff_src;
      part.diff_dst = RowsOf(whole.diff_dst, whole.rows, first, count);
      part.random.first_row = whole.random.first_row + first;
      for (size_t s = 0; s < whole.src.size(); ++s) {
        part.src[s] = RowsOf(whole.src[s], whole.rows, first, count);
      }
      part.Forward();
      part.Backward();
      ASSERT_EQ(part.dst, RowsOf(whole.dst, whole.rows, first, count));
      for (size_t s = 0; s < whole.src.size(); ++s) {
        if (!whole.wants_diff_src[s]) continue;
        ASSERT_EQ(part.diff_src[s], RowsOf(whole.diff_src[s], whole.rows, first, count));
      }
    }
  }
}

}  // namespace

void ExpectRowsAreIndependent(const LayerCase& layer_case) {
  ExpectRowsAreIndependentOn<double>(layer_case, "reference");
  for (const std::string_view target : AvailableTargets()) {
    ExpectRowsAreIndependentOn<float>(layer_case, target);
  }
}

void ExpectOnlyWhatIsAsked(const LayerCase& layer_case) {
  SCOPED_TRACE(layer_case.Text());
  LayerRun<double> all = MakeRun<double>(layer_case);
  all.Forward();
  all.Backward();
  LayerRun<double> frozen = MakeRun<double>(layer_case);
  frozen.wants_diff_weights = false;
  frozen.Forward();
  frozen.Backward();
  EXPECT_EQ(frozen.diff_weights, std::vector<double>(all.diff_weights.size()));
  for (size_t s = 0; s < all.src.size(); ++s) {
    if (all.wants_diff_src[s]) {
      EXPECT_EQ(frozen.diff_src[s], all.diff_src[s]);
    }
  }
  LayerRun<double> first = MakeRun<double>(layer_case);
  first.wants_diff_src.assign(first.src.size(), false);
  first.Forward();
  first.Backward();
  EXPECT_EQ(first.diff_weights, all.diff_weights);
}

void ExpectLayerLaws(const LayerCase& layer_case) {
  ExpectGradientsMatch(layer_case);
  ExpectTargetsAgree(layer_case);
  ExpectRowsAreIndependent(layer_case);
  ExpectOnlyWhatIsAsked(layer_case);
}

template <typename T>
LayerRun<T> MakeAddingRun(const LayerCase& layer_case, std::string_view target) {
  LayerRun<T> run = MakeRun<T>(layer_case, target);
  Draws draws(layer_case.seed + 1);
  run.added.resize(run.dst.size());
  for (T& value : run.added) value = static_cast<T>(draws.Uniform(-1, 1));
  return run;
}

template LayerRun<double> MakeAddingRun<double>(const LayerCase&, std::string_view);
template LayerRun<float> MakeAddingRun<float>(const LayerCase&, std::string_view);

void ExpectAddFuses(const LayerCase& layer_case) {
  for (const std::string_view target : AvailableTargets()) {
    SCOPED_TRACE(layer_case.Text() + " on " + std::string(target));
    for (const bool relu : {false, true}) {
      LayerRun<float> plain = MakeRun<float>(layer_case, target);
      ASSERT_TRUE(plain.layer->CanFuseAdd());
      plain.Forward();
      LayerRun<float> fused = MakeAddingRun<float>(layer_case, target);
      fused.relu = relu;
      fused.Forward();
      for (size_t i = 0; i < plain.dst.size(); ++i) {
        plain.dst[i] += fused.added[i];
        if (relu) plain.dst[i] = std::max(0.0f, plain.dst[i]);
      }
      EXPECT_EQ(fused.dst, plain.dst);
    }
  }
}

void ExpectReluIsUndone(const LayerCase& layer_case, bool add) {
  for (const std::string_view target : AvailableTargets()) {
    SCOPED_TRACE(layer_case.Text() + " on " + std::string(target));
    LayerRun<float> fused =
        add ? MakeAddingRun<float>(layer_case, target) : MakeRun<float>(layer_case, target);
    ASSERT_TRUE(fused.layer->UndoesRelu());
    fused.relu = true;
    fused.Forward();
    LayerRun<float> plain = MakeRun<float>(layer_case, target);
    plain.Forward();
    for (size_t i = 0; i < plain.dst.size(); ++i) {
      if (!(fused.dst[i] > 0)) plain.diff_dst[i] = 0;
    }
    ASSERT_NE(plain.diff_dst, fused.diff_dst);
    fused.Backward();
    plain.Backward();
    EXPECT_EQ(fused.diff_src, plain.diff_src);
    EXPECT_EQ(fused.diff_weights, plain.diff_weights);
    if (add) {
      EXPECT_EQ(fused.diff_dst, plain.diff_dst);
    }
  }
}

void ExpectBackwardRunsInPlace(const LayerCase& layer_case) {
  for (const std::string_view target : AvailableTargets()) {
    SCOPED_TRACE(layer_case.Text() + " on " + std::string(target));
    LayerRun<float> apart = MakeRun<float>(layer_case, target);
    ASSERT_TRUE(apart.layer->CanPassBackInPlace());
    apart.relu = apart.layer->CanFuseRelu();
    apart.Forward();
    apart.Backward();
    LayerRun<float> in_place = MakeRun<float>(layer_case, target);
    in_place.relu = apart.relu;
    in_place.in_place = true;
    in_place.Forward();
    in_place.Backward();
    EXPECT_EQ(in_place.diff_dst, apart.diff_src[0]);
    EXPECT_EQ(in_place.diff_weights, apart.diff_weights);
  }
}

void ExpectReluFuses(const LayerCase& layer_case) {
  for (const std::string_view target : AvailableTargets()) {
    SCOPED_TRACE(layer_case.Text() + " on " + std::string(target));
    LayerRun<float> plain = MakeRun<float>(layer_case, target);
    ASSERT_TRUE(plain.layer->CanFuseRelu());
    plain.Forward();
    LayerRun<float> fused = MakeRun<float>(layer_case, target);
    fused.relu = true;
    fused.Forward();
    for (float& value : plain.dst) value = std::max(0.0f, value);
    EXPECT_EQ(fused.dst, plain.dst);
  }
}

}  // namespace fovea
