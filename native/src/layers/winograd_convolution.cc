/// Winograd's convolution, see kernels/winograd.h: a block of tiles at a time is taken to the
/// points, multiplied there with the weights, one product of matrices [tiles, IC] x [IC, OC] for
/// each point, and taken back.
///
/// diff_src is the convolution of diff_dst with the weights turned by 180 degrees and transposed.
/// diff_weight is the adjoint: at each point the transposed values of src times those of diff_dst,
/// summed over all tiles, then taken back once. Its values are many, so a part of the channels of
/// src at a time.
///
/// Prepared: panels of the weights at the points, then of those for diff_src. Scratch: the values
/// of a block. Cost: 36 / (M * M) multiplications for each result, input and output channel, where
/// direct takes R * R; a little more where M does not divide the sides of the images, see
/// winograd_cover.h.

#include <algorithm>

#include "kernels/pack.h"
#include "layers/convolution.h"
#include "layers/winograd_cover.h"

namespace fovea {
namespace {

/// Added to the distance between the points: at a power of two they would fight for the same places
/// of the caches.
constexpr int64_t kPointGap = 16;
/// Values of a block, in and out: more tiles use the weights more often, fewer stay in nearer
/// caches.
constexpr int64_t kBlockBytes = 1600 * 1024;
constexpr int64_t kMinTiles = 48;
constexpr int64_t kMaxTiles = 96;
/// Values of diff_weight, of the channels of src that are taken at a time.
constexpr int64_t kDiffWeightsBytes = 2400 * 1024;

template <typename T>
class WinogradConvolution final : public Convolution<T> {
 public:
  WinogradConvolution(const Window& window, int64_t filters, const Kernels<T>& kernels)
      : kernels_(kernels), window_(window), ic_(window.channels), oc_(filters), taps_(window.kh) {}

  int64_t ScratchBytes(int64_t rows) const override {
    const int64_t forward = Cover(rows, window_.oh, window_.ow).largest_block();
    const int64_t backward = Cover(rows, window_.ih, window_.iw).largest_block();
    const int64_t values = MatrixPoint(std::max(forward, backward), ic_, oc_);
    return std::max(values, DiffWeightsPoint(forward)) * kWinogradPoints * int64_t{sizeof(T)};
  }

  int64_t PreparedSize() const override {
    return kWinogradPoints * (PanelPoint(ic_, oc_) + PanelPoint(oc_, ic_));
  }

  void Prepare(const T* weight, T* prepared) const override {
    kernels_.winograd_weights(taps_, ic_, oc_, weight, Panels(prepared, ic_, oc_),
                              Panels(BackwardPanels(prepared), oc_, ic_));
  }

  void Forward(const ForwardArgs<T>& args, const T* bias) const override {
    Convolve(Cover(args.rows, window_.oh, window_.ow), Src(), args.src[0],
             Panels(const_cast<T*>(args.prepared), ic_, oc_), Dst(), bias, args.add, args.relu,
             args.dst, reinterpret_cast<T*>(args.scratch));
  }

  void BackwardSrc(const BackwardArgs<T>& args) const override {
    const Image diff_dst{window_.oh, window_.ow, oc_, taps_ - 1 - window_.top,
                         taps_ - 1 - window_.left};
    const Image diff_src{window_.ih, window_.iw, ic_, 0, 0};
    Convolve(Cover(args.rows, window_.ih, window_.iw), diff_dst, args.diff_dst,
             Panels(BackwardPanels(const_cast<T*>(args.prepared)), oc_, ic_), diff_src, nullptr,
             nullptr, false, args.diff_src[0], reinterpret_cast<T*>(args.scratch));
  }

  void BackwardWeights(const BackwardArgs<T>& args) const override {
    const WinogradCover cover = Cover(args.rows, window_.oh, window_.ow);
    const int64_t most = cover.largest_block();
    const int64_t part = DiffWeightsChannels();
    auto* scratch = reinterpret_cast<T*>(args.scratch);
    const WinogradValues<T> diff_dst_values{scratch, PanelPoint(most, oc_), kernels_.panel,
                                            most * kernels_.panel};
    T* src_data = scratch + kWinogradPoints * diff_dst_values.point;
    T* diff_weights_data = src_data + kWinogradPoints * (most * part + kPointGap);
    for (int64_t channel = 0; channel < ic_; channel += part) {
      const int64_t channels = std::min(part, ic_ - channel);
      const WinogradValues<T> src_values = Matrices(src_data, most, channels);
      const WinogradValues<T> diff_weights = Matrices(diff_weights_data, part, oc_);
      for (int64_t index = 0; index < cover.blocks(); ++index) {
        const WinogradBlock block = cover.Block(index);
        ForKinds(block, [&](const WinogradTiles& kind, int64_t first) {
          WinogradTiles src = Placed(kind, Src());
          src.channels = channels;
          kernels_.winograd_diff_dst(Placed(kind, Dst()), args.diff_dst,
                                     From(diff_dst_values, first));
          kernels_.winograd_src(src, args.src[0] + channel, From(src_values, first));
        });
        MultiplyTransposed(block, channels, src_values, diff_dst_values, index > 0, diff_weights);
      }
      kernels_.winograd_diff_weights(taps_, channels, oc_, diff_weights, ic_ * oc_,
                                     args.diff_weights + channel * oc_);
    }
  }

 private:
  /// Images that tiles read or write; tiles without an offset start at (-top, -left).
  struct Image {
    int64_t height, width, channels, top, left;
  };

  Image Src() const { return {window_.ih, window_.iw, ic_, window_.top, window_.left}; }
  Image Dst() const { return {window_.oh, window_.ow, oc_, 0, 0}; }

  static WinogradTiles Placed(WinogradTiles tiles, const Image& image) {
    tiles.height = image.height;
    tiles.width = image.width;
    tiles.channels = tiles.pixel = image.channels;
    tiles.top += image.top;
    tiles.left += image.left;
    return tiles;
  }

  WinogradCover Cover(int64_t rows, int64_t height, int64_t width) const {
    return {rows, height, width, taps_, MostTiles()};
  }

  /// Calls function(kind, first) for the kinds of tiles of a block; `first` is the kind's first
  /// tile in the block.
  template <typename Function>
  static void ForKinds(const WinogradBlock& block, Function function) {
    int64_t first = 0;
    for (const WinogradTiles& kind : block.kinds) {
      if (kind.count > 0) function(kind, first);
      first += kind.count;
    }
  }

  /// The values from a tile on.
  static WinogradValues<T> From(WinogradValues<T> values, int64_t tile) {
    values.data += tile * values.tile;
    return values;
  }

  int64_t MostTiles() const {
    const int64_t tile_bytes = kWinogradPoints * (ic_ + oc_) * int64_t{sizeof(T)};
    return std::clamp(kBlockBytes / tile_bytes, kMinTiles, kMaxTiles);
  }

  /// Channels of src whose diff_weight is computed at a time.
  int64_t DiffWeightsChannels() const {
    const int64_t channel_bytes = kWinogradPoints * oc_ * int64_t{sizeof(T)};
    const int64_t most = std::max<int64_t>(kDiffWeightsBytes / channel_bytes, 24);
    return DivideUp(ic_, DivideUp(ic_, most));
  }

  /// Elements from point to point: in panels, in matrices of src and dst, in those of diff_weight.
  int64_t PanelPoint(int64_t depth, int64_t cols) const {
    return PackedSize(depth, cols, kernels_.panel) + kPointGap;
  }
  static int64_t MatrixPoint(int64_t tiles, int64_t ic, int64_t oc) {
    return tiles * (ic + oc) + 2 * kPointGap;
  }
  int64_t DiffWeightsPoint(int64_t tiles) const {
    const int64_t part = DiffWeightsChannels();
    return PanelPoint(tiles, oc_) + tiles * part + part * oc_ + 2 * kPointGap;
  }

  WinogradValues<T> Panels(T* data, int64_t depth, int64_t cols) const {
    return {data, PanelPoint(depth, cols), kernels_.panel, depth * kernels_.panel};
  }
  WinogradValues<T> Matrices(T* data, int64_t rows, int64_t cols) const {
    return {data, rows * cols + kPointGap, cols, kernels_.panel};
  }
  T* BackwardPanels(T* prepared) const { return prepared + kWinogradPoints * PanelPoint(ic_, oc_); }

  /// dst = src * weights, in blocks of tiles.
  void Convolve(const WinogradCover& cover, const Image& src, const T* src_data,
                const WinogradValues<T>& weights, const Image& dst, const T* bias, const T* add,
                bool relu, T* dst_data, T* scratch) const {
    const int64_t most = cover.largest_block();
    const WinogradValues<T> src_values = Matrices(scratch, most, src.channels);
    const WinogradValues<T> dst_values =
        Matrices(scratch + kWinogradPoints * src_values.point, most, dst.channels);
    Brgemm<T> product;
    product.cols = dst.channels;
    product.depth = src.channels;
    product.a_row = src_values.tile;
    product.b_panel = weights.panel_stride;
    product.b_depth = weights.tile;
    product.c_row = dst_values.tile;
    for (int64_t index = 0; index < cover.blocks(); ++index) {
      const WinogradBlock block = cover.Block(index);
      ForKinds(block, [&](const WinogradTiles& kind, int64_t first) {
        kernels_.winograd_src(Placed(kind, src), src_data, From(src_values, first));
      });
      for (int64_t point = 0; point < kWinogradPoints; ++point) {
        const WinogradBlock::Run tiles = block.At(point);
        product.rows = tiles.count;
        product.a = From(src_values, tiles.first).data + point * src_values.point;
        product.b = weights.data + point * weights.point;
        product.c = From(dst_values, tiles.first).data + point * dst_values.point;
        kernels_.full_brgemm(product);
      }
      ForKinds(block, [&](const WinogradTiles& kind, int64_t first) {
        kernels_.winograd_dst(Placed(kind, dst), From(dst_values, first), bias, add, relu,
                              dst_data);
      });
    }
  }

  /// diff_weights (+)= the transpose of src times diff_dst, at each point.
  void MultiplyTransposed(const WinogradBlock& block, int64_t channels,
                          const WinogradValues<T>& src, const WinogradValues<T>& diff_dst,
                          bool accumulate, const WinogradValues<T>& diff_weights) const {
    Brgemm<T> product;
    product.rows = channels;
    product.cols = oc_;
    product.a_row = 1;
    product.a_depth = src.tile;
    product.b_panel = diff_dst.panel_stride;
    product.b_depth = diff_dst.tile;
    product.c_row = diff_weights.tile;
    product.accumulate = accumulate;
    for (int64_t point = 0; point < kWinogradPoints; ++point) {
      const WinogradBlock::Run tiles = block.At(point);
      product.depth = tiles.count;
      product.a = From(src, tiles.first).data + point * src.point;
      product.b = From(diff_dst, tiles.first).data + point * diff_dst.point;
      product.c = diff_weights.data + point * diff_weights.point;
      kernels_.full_brgemm(product);
    }
  }

  const Kernels<T>& kernels_;
  Window window_;
  int64_t ic_, oc_;
  int64_t taps_;  ///< R
};

}  // namespace

bool CanBeWinograd(const Window& window) {
  return window.kh == window.kw && (window.kh == 3 || window.kh == 5) && window.sh == 1 &&
         window.sw == 1 && window.dh == 1 && window.dw == 1;
}

bool WinogradPays(const Window& window, int64_t filters) {
  const int64_t points =
      WinogradCover::Points(window.oh, window.kh) * WinogradCover::Points(window.ow, window.kw);
  const double direct = static_cast<double>(window.oh * window.ow * window.kh * window.kw);
  const double saved = direct / static_cast<double>(points);
  return window.channels >= 16 && filters >= 16 && saved >= 1.5;
}

template <typename T>
ConvolutionPtr<T> MakeWinogradConvolution(const Window& window, int64_t filters,
                                          const Kernels<T>& kernels) {
  return std::make_unique<WinogradConvolution<T>>(window, filters, kernels);
}

template ConvolutionPtr<float> MakeWinogradConvolution(const Window&, int64_t,
                                                       const Kernels<float>&);
template ConvolutionPtr<double> MakeWinogradConvolution(const Window&, int64_t,
                                                        const Kernels<double>&);

}  // namespace fovea
