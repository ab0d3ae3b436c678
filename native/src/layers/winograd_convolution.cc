/// Winograd's convolution, see kernels/winograd.h: a block of tiles at a time is taken to the
/// points, multiplied there with the weights, one product of matrices [tiles, IC] x [IC, OC] for
/// each point, and taken back.
///
/// diff_src is the convolution of diff_dst with the weights turned by 180 degrees and transposed.
/// diff_weight is the adjoint: at each point the transposed values of src times those of diff_dst,
/// summed over all tiles, then taken back once. Its values are many, so a part of the channels of
/// src at a time.
///
/// Prepared: panels of the weights at the points, then of those for diff_src, then space to turn
/// the weights. Scratch: the values of a block. Cost: 36 / (M * M) multiplications for each result,
/// input and output channel, where direct takes R * R.

#include <algorithm>

#include "kernels/pack.h"
#include "layers/convolution.h"

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
/// The rows of brgemm's tiles divide it, or nearly.
constexpr int64_t kTilesMultiple = 12;
/// Values of diff_weight, of the channels of src that are taken at a time.
constexpr int64_t kDiffWeightsBytes = 2400 * 1024;

int64_t DivideUp(int64_t a, int64_t b) { return (a + b - 1) / b; }

template <typename T>
class WinogradConvolution final : public Convolution<T> {
 public:
  WinogradConvolution(const Window& window, int64_t filters, const Kernels<T>& kernels)
      : kernels_(kernels),
        window_(window),
        ic_(window.channels),
        oc_(filters),
        taps_(window.kh),
        size_(kWinogradSide + 1 - window.kh) {}

  int64_t ScratchBytes(int64_t rows) const override {
    const int64_t forward = Tiles(rows, window_.oh, window_.ow).count;
    const int64_t backward = Tiles(rows, window_.ih, window_.iw).count;
    const int64_t values = std::max(MatrixPoint(LargestBlock(forward), ic_, oc_),
                                    MatrixPoint(LargestBlock(backward), ic_, oc_));
    return std::max(values, DiffWeightsPoint(LargestBlock(forward))) * kWinogradPoints *
           int64_t{sizeof(T)};
  }

  int64_t PreparedSize() const override {
    return kWinogradPoints * (PanelPoint(ic_, oc_) + PanelPoint(oc_, ic_)) +
           taps_ * taps_ * ic_ * oc_;
  }

  void Prepare(const T* weight, T* prepared) const override {
    kernels_.winograd_weights(taps_, ic_, oc_, weight, Panels(prepared, ic_, oc_));
    T* backward = BackwardPanels(prepared);
    T* turned = backward + kWinogradPoints * PanelPoint(oc_, ic_);
    const int64_t taps = taps_ * taps_;
    for (int64_t tap = 0; tap < taps; ++tap) {
      Transpose(ic_, oc_, weight + (taps - 1 - tap) * ic_ * oc_, turned + tap * ic_ * oc_);
    }
    kernels_.winograd_weights(taps_, oc_, ic_, turned, Panels(backward, oc_, ic_));
  }

  void Forward(const ForwardArgs<T>& args, const T* bias) const override {
    WinogradTiles src = Tiles(args.rows, window_.oh, window_.ow);
    WinogradTiles dst = src;
    Place(&src, window_.ih, window_.iw, ic_, window_.top, window_.left);
    Place(&dst, window_.oh, window_.ow, oc_, 0, 0);
    Convolve(src, args.src[0], Panels(const_cast<T*>(args.prepared), ic_, oc_), dst, bias, args.add,
             args.relu, args.dst, reinterpret_cast<T*>(args.scratch));
  }

  void BackwardSrc(const BackwardArgs<T>& args) const override {
    WinogradTiles diff_dst = Tiles(args.rows, window_.ih, window_.iw);
    WinogradTiles diff_src = diff_dst;
    Place(&diff_dst, window_.oh, window_.ow, oc_, taps_ - 1 - window_.top,
          taps_ - 1 - window_.left);
    Place(&diff_src, window_.ih, window_.iw, ic_, 0, 0);
    Convolve(diff_dst, args.diff_dst,
             Panels(BackwardPanels(const_cast<T*>(args.prepared)), oc_, ic_), diff_src, nullptr,
             nullptr, false, args.diff_src[0], reinterpret_cast<T*>(args.scratch));
  }

  void BackwardWeights(const BackwardArgs<T>& args) const override {
    const WinogradTiles all = Tiles(args.rows, window_.oh, window_.ow);
    const int64_t block = BlockTiles(all.count);
    const int64_t part = DiffWeightsChannels();
    auto* scratch = reinterpret_cast<T*>(args.scratch);
    WinogradValues<T> diff_dst_values{scratch, PanelPoint(block, oc_), kernels_.panel,
                                      block * kernels_.panel};
    T* src_data = scratch + kWinogradPoints * diff_dst_values.point;
    T* diff_weights_data = src_data + kWinogradPoints * (block * part + kPointGap);
    for (int64_t channel = 0; channel < ic_; channel += part) {
      const int64_t channels = std::min(part, ic_ - channel);
      const WinogradValues<T> src_values = Matrices(src_data, block, channels);
      const WinogradValues<T> diff_weights = Matrices(diff_weights_data, part, oc_);
      for (int64_t first = 0; first < all.count; first += block) {
        WinogradTiles src = all;
        src.first = first;
        src.count = std::min(block, all.count - first);
        WinogradTiles diff_dst = src;
        Place(&src, window_.ih, window_.iw, ic_, window_.top, window_.left);
        src.channels = channels;
        Place(&diff_dst, window_.oh, window_.ow, oc_, 0, 0);
        kernels_.winograd_diff_dst(diff_dst, args.diff_dst, diff_dst_values);
        kernels_.winograd_src(src, args.src[0] + channel, src_values);
        MultiplyTransposed(src, src_values, diff_dst_values, first > 0, diff_weights);
      }
      kernels_.winograd_diff_weights(taps_, channels, oc_, diff_weights, ic_ * oc_,
                                     args.diff_weights + channel * oc_);
    }
  }

 private:
  /// All tiles that cover the results [height, width] of `rows` images.
  WinogradTiles Tiles(int64_t rows, int64_t height, int64_t width) const {
    WinogradTiles tiles;
    tiles.down = DivideUp(height, size_);
    tiles.across = DivideUp(width, size_);
    tiles.count = rows * tiles.down * tiles.across;
    tiles.step = size_;
    return tiles;
  }

  static void Place(WinogradTiles* tiles, int64_t height, int64_t width, int64_t channels,
                    int64_t top, int64_t left) {
    tiles->height = height;
    tiles->width = width;
    tiles->channels = channels;
    tiles->pixel = channels;
    tiles->top = top;
    tiles->left = left;
  }

  int64_t MostTiles() const {
    const int64_t tile_bytes = kWinogradPoints * (ic_ + oc_) * int64_t{sizeof(T)};
    return std::clamp(kBlockBytes / tile_bytes, kMinTiles, kMaxTiles);
  }
  static int64_t RoundUp(int64_t tiles) {
    return DivideUp(std::max<int64_t>(tiles, 1), kTilesMultiple) * kTilesMultiple;
  }
  /// Tiles of a block, all of nearly the same size.
  int64_t BlockTiles(int64_t tiles) const {
    return RoundUp(tiles / std::max<int64_t>(DivideUp(tiles, MostTiles()), 1));
  }
  /// At least BlockTiles of so many tiles and of any fewer, whose blocks may be larger.
  int64_t LargestBlock(int64_t tiles) const { return RoundUp(std::min(tiles, MostTiles())); }

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

  static void Transpose(int64_t rows, int64_t cols, const T* src, T* dst) {
    constexpr int64_t kBlock = 16;
    for (int64_t first = 0; first < cols; first += kBlock) {
      const int64_t last = std::min(first + kBlock, cols);
      for (int64_t row = 0; row < rows; ++row) {
        for (int64_t col = first; col < last; ++col) dst[col * rows + row] = src[row * cols + col];
      }
    }
  }

  /// dst = src * weights, in blocks of tiles.
  void Convolve(WinogradTiles src, const T* src_data, const WinogradValues<T>& weights,
                WinogradTiles dst, const T* bias, const T* add, bool relu, T* dst_data,
                T* scratch) const {
    const int64_t all = src.count;
    const int64_t block = BlockTiles(all);
    const WinogradValues<T> src_values = Matrices(scratch, block, src.channels);
    const WinogradValues<T> dst_values =
        Matrices(scratch + kWinogradPoints * src_values.point, block, dst.channels);
    Brgemm<T> product;
    product.cols = dst.channels;
    product.depth = src.channels;
    product.a_row = src_values.tile;
    product.b_panel = weights.panel_stride;
    product.b_depth = weights.tile;
    product.c_row = dst_values.tile;
    for (int64_t first = 0; first < all; first += block) {
      src.first = dst.first = first;
      src.count = dst.count = product.rows = std::min(block, all - first);
      kernels_.winograd_src(src, src_data, src_values);
      for (int64_t point = 0; point < kWinogradPoints; ++point) {
        product.a = src_values.data + point * src_values.point;
        product.b = weights.data + point * weights.point;
        product.c = dst_values.data + point * dst_values.point;
        kernels_.full_brgemm(product);
      }
      kernels_.winograd_dst(dst, dst_values, bias, add, relu, dst_data);
    }
  }

  /// diff_weights (+)= the transpose of src times diff_dst, at each point.
  void MultiplyTransposed(const WinogradTiles& tiles, const WinogradValues<T>& src,
                          const WinogradValues<T>& diff_dst, bool accumulate,
                          const WinogradValues<T>& diff_weights) const {
    Brgemm<T> product;
    product.rows = tiles.channels;
    product.cols = oc_;
    product.depth = tiles.count;
    product.a_row = 1;
    product.a_depth = src.tile;
    product.b_panel = diff_dst.panel_stride;
    product.b_depth = diff_dst.tile;
    product.c_row = diff_weights.tile;
    product.accumulate = accumulate;
    for (int64_t point = 0; point < kWinogradPoints; ++point) {
      product.a = src.data + point * src.point;
      product.b = diff_dst.data + point * diff_dst.point;
      product.c = diff_weights.data + point * diff_weights.point;
      kernels_.full_brgemm(product);
    }
  }

  const Kernels<T>& kernels_;
  Window window_;
  int64_t ic_, oc_;
  int64_t taps_;  ///< R
  int64_t size_;  ///< M
};

}  // namespace

bool CanBeWinograd(const Window& window) {
  return window.kh == window.kw && (window.kh == 3 || window.kh == 5) && window.sh == 1 &&
         window.sw == 1 && window.dh == 1 && window.dw == 1;
}

bool WinogradPays(const Window& window, int64_t filters) {
  const int64_t size = kWinogradSide + 1 - window.kh;
  const int64_t tiles = DivideUp(window.oh, size) * DivideUp(window.ow, size);
  const double direct = static_cast<double>(window.oh * window.ow * window.kh * window.kw);
  const double saved = direct / static_cast<double>(tiles * kWinogradPoints);
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
