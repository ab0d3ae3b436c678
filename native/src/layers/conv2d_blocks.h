#pragma once

#include <cstdint>
#include <vector>

#include "layers/window.h"

namespace fovea {

/// The blocks of one product (see Brgemm): where each starts in A and in B, and their common depth.
struct BlockList {
  int64_t depth = 0;
  std::vector<int64_t> a;
  std::vector<int64_t> b;

  int64_t size() const { return static_cast<int64_t>(a.size()); }
};

/// The pixels of diff_src that one set of taps reaches: ih = first_ih + SH * j, iw = first_iw + SW
/// * i. A starts, in the padded diff_dst, at pixel (first_oh + j, first_ow + i).
struct BackwardPhase {
  int64_t first_ih, first_iw, height, width;
  int64_t first_oh, first_ow;
  BlockList blocks;
};

/// A convolution as products of matrices over the images themselves: no copy of windows (im2col).
/// Offsets are in elements; those into B are for one group's packed panels. Made once per layer.
///
/// Where the taps of one kernel row lie side by side in memory (one group, dilation 1) they are one
/// block of depth KW * IC, else every tap is a block.
///
/// Depthwise, where every channel is a group of its own with one filter, one product takes all
/// channels, column by column (Kernels::columnwise_brgemm): its panel is as wide as they are, and
/// the k of a block are the taps of a kernel row.
struct Conv2dBlocks {
  Conv2dBlocks(const Window& window, int64_t filters, int64_t groups, int64_t panel);

  Window window;
  int64_t ic, oc;  ///< of all groups
  int64_t taps;    ///< KH * KW

  bool depthwise;
  int64_t products;            ///< that take all channels: one for each group, or one
  int64_t panel;               ///< columns of a packed panel
  int64_t group_ic;            ///< channels of src that one filter reads
  int64_t src_cols, dst_cols;  ///< channels of src and of dst in one product

  /// Every position of src is one of dst: all positions of all rows make one matrix.
  bool pointwise;

  /// dst: A is the padded src from pixel (oh * SH, 0), a row is one ow; B the panels
  /// [dst_cols / panel][tap][group_ic][panel].
  BlockList forward;

  /// diff_src: a list for each phase (ih mod SH, iw mod SW); B the panels
  /// [src_cols / panel][tap_order][filters of a group][panel].
  std::vector<BackwardPhase> phases;
  std::vector<int64_t> tap_order;  ///< kh * KW + kw, phase after phase, so that runs are contiguous
  bool covers;                     ///< every pixel of src is reached by some tap

  /// Zeros around diff_dst for `phases`: before and after its height, then its width.
  int64_t diff_top, diff_bottom, diff_left, diff_right;
  int64_t phase_height;  ///< of the highest phase
  int64_t phase_tall;  ///< rows of the padded diff_dst from row j on that row j of the phases reads
  bool diff_padded() const { return diff_top + diff_bottom + diff_left + diff_right > 0; }
  int64_t padded_ow() const { return diff_left + window.ow + diff_right; }

  /// diff_weight: one product for each start: `weights_rows` rows of A, that is consecutive (kw,
  /// ic), or kw alone where it is column by column; the blocks are the rows oh of one image, of
  /// depth OW.
  int64_t weights_rows;

  /// From one k of a block to the next in A, of `forward` and of `phases`; `forward_step` is also
  /// from one of the weights_rows to the next.
  int64_t forward_step, backward_step;
  std::vector<int64_t> weights_src;  ///< where A starts in the padded src, for group 0 and oh 0
  BlockList weights;

  int64_t group_oc() const { return depthwise ? 1 : dst_cols; }  ///< filters of a group
  int64_t forward_panels() const;                                ///< elements of B of one product
  int64_t backward_panels() const;                               ///< elements of B of one product

 private:
  void PlanForward();
  void PlanBackward();
  void PlanWeights();
};

}  // namespace fovea
