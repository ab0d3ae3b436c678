#pragma once

#include <cstdint>

namespace fovea {

/// Winograd's convolution (Lavin and Gray 2016): a tile of pixels and a filter of R x R taps are
/// both evaluated at points, multiplied there, and interpolated to the results of the tile:
///   dst = A^T [ (G g G^T) * (B^T src B) ] A
/// Over channels, the multiplication is a product of matrices for each point.
///
/// The points along a side are infinity, 0, p, -p, q, -q, and M results take the first M + R - 1 of
/// them. With p = 3/4 and q = 3/2 rounding adds a quarter of what it does with 1 and 2, since no
/// power of a point is much larger or smaller than another. R is 3, with M from 1 to 4, or 5, with
/// M 1 or 2; a tile may be lower than it is wide, or narrower. G has the scale that all six points
/// need, and B makes up for it where they are fewer: so tiles of every size are multiplied by the
/// same values of the weights.
inline constexpr int kWinogradSide = 6;
inline constexpr float kNearPoint = 0.75f, kFarPoint = 1.5f;  // p and q
inline constexpr int kWinogradPoints = kWinogradSide * kWinogradSide;

/// Where tiles lie in images [height, width, channels]. Tile (down, across) of image n starts at
/// the pixel (down * tile_height - top, across * tile_width - left), and has tile_height x
/// tile_width pixels of dst or diff_dst, all of them inside, or taps - 1 more of src down and
/// across, of which those outside the image are 0.
struct WinogradTiles {
  int64_t first = 0;   ///< the first tile of the call: tiles are numbered image after image, row
                       ///< after row
  int64_t count = 0;   ///< tiles of the call
  int64_t down = 0;    ///< rows of tiles in an image
  int64_t across = 0;  ///< tiles in such a row
  int64_t taps = 0;    ///< R
  int64_t tile_height = 0, tile_width = 0;  ///< M
  int64_t top = 0, left = 0;
  int64_t height = 0, width = 0;
  int64_t channels = 0;  ///< that take part
  int64_t pixel = 0;     ///< distance between pixels, at least channels
};

/// Values of tiles at the points: channel c of tile t (of the call) at the point (y, x) is
///   data[(6 * y + x) * point + (c / panel) * panel_stride + t * tile + c % panel].
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
