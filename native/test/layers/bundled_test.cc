/// Layers that have a twin for bundles: the twin does to interleaved rows what the layer does to
/// plain ones.

#include <gtest/gtest.h>

#include "layers/gradient_check.h"

namespace fovea {
namespace {

constexpr int64_t kRows = 32;  // whole bundles on every target

template <typename T>
std::vector<T> ToBundles(const Kernels<T>& kernels, const std::vector<T>& plain) {
  std::vector<T> bundled(plain.size());
  const int64_t size = static_cast<int64_t>(plain.size()) / kRows;
  for (int64_t row = 0; row < kRows; row += kernels.panel) {
    kernels.interleave(kernels.panel, size, plain.data() + row * size, bundled.data() + row * size);
  }
  return bundled;
}

template <typename T>
std::vector<T> ToRows(const Kernels<T>& kernels, const std::vector<T>& bundled) {
  std::vector<T> plain(bundled.size());
  const int64_t size = static_cast<int64_t>(bundled.size()) / kRows;
  for (int64_t row = 0; row < kRows; row += kernels.panel) {
    kernels.deinterleave(kernels.panel, size, bundled.data() + row * size,
                         plain.data() + row * size);
  }
  return plain;
}

template <typename T>
void ExpectTwinAgrees(const LayerCase& layer_case, std::string_view target, bool relu,
                      double tolerance) {
  SCOPED_TRACE(layer_case.Text() + " on " + std::string(target) + (relu ? " with relu" : ""));
  const Kernels<T>& kernels = KernelsFor<T>(target);
  LayerRun<T> plain = MakeRun<T>(layer_case, target);
  LayerRun<T> twin = MakeRun<T>(layer_case, target);
  plain.relu = twin.relu = relu;
  twin.layer = twin.layer->Bundled(kernels.panel);
  ASSERT_NE(twin.layer, nullptr);
  EXPECT_EQ(twin.layer->OutputShape(), Interleaved(plain.layer->OutputShape(), kernels.panel));
  EXPECT_EQ(twin.layer->CanFuseRelu(), plain.layer->CanFuseRelu());
  twin.rows = kRows / kernels.panel;
  for (std::vector<T>& source : twin.src) source = ToBundles(kernels, source);
  twin.diff_dst = ToBundles(kernels, twin.diff_dst);
  plain.Forward();
  plain.Backward();
  twin.Forward();
  twin.Backward();
  ExpectClose(ToRows(kernels, twin.dst), plain.dst, tolerance, "dst");
  for (size_t s = 0; s < plain.src.size(); ++s) {
    ExpectClose(ToRows(kernels, twin.diff_src[s]), plain.diff_src[s], tolerance, "diff_src");
  }
  ExpectClose(twin.diff_weights, plain.diff_weights, tolerance, "diff_weights");
}

void ExpectTwinAgrees(LayerCase layer_case, bool relu = false) {
  layer_case.rows = kRows;
  ExpectTwinAgrees<double>(layer_case, "reference", relu, 1e-12);
  for (const std::string_view target : AvailableTargets()) {
    ExpectTwinAgrees<float>(layer_case, target, relu, 5e-5);
  }
}

TEST(BundledTest, aConvolutionOfBundlesIsThatOfTheirRows) {
  for (const char* attributes : {
           "filters=3 kernel=3",
           "filters=3 kernel=3 bias=false",
           "filters=7 kernel=3 padding=valid",
           "filters=3 kernel=1",
           "filters=2 kernel=1 stride=2",
           "filters=3 kernel=1 stride=3,2 padding=1",
           "filters=3 kernel=3 stride=2",
           "filters=3 kernel=2 stride=3",
           "filters=3 kernel=5,3 stride=3,1 padding=2,1",
           "filters=1 kernel=3,2 padding=0,1,2,3",
           "filters=3 kernel=3 dilation=2",
           "filters=3 kernel=3 dilation=2,1 stride=1,2",
           "filters=3 kernel=3 dilation=3,2 stride=2,3 padding=3",
           "filters=4 kernel=2,3 dilation=4,2 stride=2,4 padding=3",
           "filters=17 kernel=3",
           "filters=3 kernel=6,7 padding=6",
       }) {
    ExpectTwinAgrees({"Conv2d", attributes, {{5, 6, 2}}});
    ExpectTwinAgrees({"Conv2d", attributes, {{7, 5, 1}}}, true);
  }
}

TEST(BundledTest, aConvolutionOfBundlesIsThatOfTheirRowsOnASeededGrid) {
  Draws draws(11);
  for (uint64_t i = 0; i < 40; ++i) {
    std::string attributes = "filters=" + draws.Number(1, 20);
    attributes += " kernel=" + draws.Pair(1, 4);
    attributes += " stride=" + draws.Pair(1, 3);
    attributes += " dilation=" + draws.Pair(1, 2);
    const std::string vertical = draws.Pair(0, 4);
    if (draws.Index(2) == 0) attributes += " padding=" + vertical + "," + draws.Pair(0, 4);
    const int ih = static_cast<int>(7 + draws.Index(4));
    const int iw = static_cast<int>(7 + draws.Index(4));
    LayerCase layer_case{"Conv2d", attributes, {{ih, iw, static_cast<int>(1 + draws.Index(12))}}};
    layer_case.seed = i;
    ExpectTwinAgrees(layer_case, draws.Index(2) == 0);
  }
}

TEST(BundledTest, theOthersDoNotCareWhatAChannelIs) {
  LayerCase relu{"Relu", "", {{3, 5, 2}}};
  relu.drawing = Drawing::kAwayFromZero;
  ExpectTwinAgrees(relu);
  LayerCase pool{"MaxPool2d", "kernel=3 stride=2 padding=1", {{7, 6, 3}}};
  pool.drawing = Drawing::kDistinct;
  ExpectTwinAgrees(pool);
  ExpectTwinAgrees({"AveragePool2d", "kernel=3 stride=2 padding=1", {{7, 6, 3}}});
  ExpectTwinAgrees({"GlobalAveragePool2d", "", {{4, 5, 3}}});
  ExpectTwinAgrees({"Add", "", {{4, 5, 3}, {4, 5, 3}, {4, 5, 3}}});
  ExpectTwinAgrees({"Concat", "", {{4, 5, 3}, {4, 5, 1}, {4, 5, 2}}});
}

TEST(BundledTest, layersThatKnowSingleRowsHaveNoTwin) {
  const auto has_twin = [](const char* type, const char* attributes, std::vector<Shape> src) {
    return MakeLayer<float>(type, attributes, src)->Bundled(16) != nullptr;
  };
  EXPECT_FALSE(has_twin("BatchNorm", "", {{4, 4, 3}}));
  EXPECT_FALSE(has_twin("Dropout", "rate=0.5", {{4, 4, 3}}));
  EXPECT_FALSE(has_twin("SoftmaxCrossEntropy", "", {{4}, {1}}));
  EXPECT_FALSE(has_twin("Input", "shape=4,4,3", {}));
  EXPECT_FALSE(has_twin("Dense", "units=4", {{8}}));
}

TEST(BundledTest, onlyADirectConvolutionOfFewChannelsAndOneGroupHasATwin) {
  const auto has_twin = [](const char* attributes, int channels) {
    return MakeLayer<float>("Conv2d", attributes, {{5, 5, channels}})->Bundled(16) != nullptr;
  };
  EXPECT_TRUE(has_twin("filters=24 kernel=3 convolution=direct", 24));
  EXPECT_FALSE(has_twin("filters=24 kernel=3 convolution=winograd", 24));
  EXPECT_FALSE(has_twin("filters=25 kernel=3", 3));
  EXPECT_FALSE(has_twin("filters=3 kernel=3", 25));
  EXPECT_FALSE(has_twin("filters=4 kernel=3 groups=2", 4));
}

}  // namespace
}  // namespace fovea
