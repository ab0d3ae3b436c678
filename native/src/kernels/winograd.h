#pragma once

#include <cstdint>

namespace fovea {

/// Winograd's convolution F(M x M, R x R) with M + R - 1 = 6 (Lavin and Gray 2016): a tile of 6 x 6
/// pixels and a filter of R x R taps are both evaluated at 6 x 6 points, multiplied there, and
/// interpolated to M x M results:
///   dst = A^T [ (G g G^T) * (B^T src B) ] A
/// with the points 0, 1, -1, 2, -2 and infinity along each side. R is 3 (M = 4) or 5 (M = 2). Over
/// channels, the multiplication is a product of matrices for each of the 36 points.
inline constexpr int kWinogradSide = 6;
inline constexpr int kWinogradPoints = kWinogradSide * kWinogradSide;

/// Where tiles lie in images [height, width, channels]. Tile (down, across) of image n covers the
/// pixels from (down * step - top, across * step - left); pixels outside the image are 0 when read
/// and are not written.
struct WinogradTiles {
  int64_t first = 0;   ///< the first tile of the call: tiles are numbered image after image, row
                       ///< after row
  int64_t count = 0;   ///< tiles of the call
  int64_t down = 0;    ///< rows of tiles in an image
  int64_t across = 0;  ///< tiles in such a row
  int64_t step = 0;    ///< M
  int64_t top = 0, left = 0;
  int64_t height = 0, width = 0;
  int64_t channels = 0;  ///< that take part
  int64_t pixel = 0;     ///< distance between pixels, at least channels
};

/// Values of tiles at the points: channel c of tile t (of the call) at point p is
///   data[p * point + (c / panel) * panel_stride + t * tile + c % panel].
/// Matrices of rows of channels have panel_stride = panel and tile = channels; packed panels, as
/// brgemm reads them, have tile = panel. `panel` is Kernels::panel.
template <typename T>
struct WinogradValues {
  T* data = nullptr;
  int64_t point = 0;
  int64_t tile = 0;
  int64_t panel_stride = 0;
};

}  // namespace fovea
