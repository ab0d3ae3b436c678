#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "kernels/pack.h"
#include "layers/conv2d_blocks.h"
#include "layers/layer.h"
#include "layers/zero_frame.h"

namespace fovea {

/// The three products of a convolution of src with weight [KH, KW, IC / groups, OC], over plain
/// memory, so that a transposed convolution can use each in another role: direct sums of products
/// of matrices read from the images in place, see conv2d_blocks.h. Where there is padding, one
/// image at a time is copied between zeros.
///
/// Prepared: per product, panels of weight, then of its transpose tap by tap. Scratch: one padded
/// src or diff_dst. Cost of each: 2 * N * OH * OW * OC * KH * KW * IC / groups operations.
template <typename T>
class DirectProducts {
 public:
  DirectProducts(const Window& window, int64_t filters, int64_t groups, const Kernels<T>& kernels)
      : blocks_(window, filters, groups, kernels.panel),
        window_(blocks_.window),
        relu_(kernels.relu),
        multiply_(blocks_.depthwise ? kernels.columnwise_brgemm : kernels.brgemm) {}

  int64_t ScratchBytes() const {
    const int64_t src = window_.padded() ? PaddedSrc() : 0;
    const int64_t diff_dst = blocks_.diff_padded() ? PaddedDiffDst() : 0;
    return std::max(src, diff_dst) * int64_t{sizeof(T)};
  }

  int64_t PreparedSize() const {
    return blocks_.products * (blocks_.forward_panels() + blocks_.backward_panels());
  }

  void Prepare(const T* weight_begin, T* prepared) const {
    const int64_t panel = blocks_.panel;
    const int64_t ic = blocks_.group_ic;
    const int64_t oc = blocks_.group_oc();
    const int64_t next_ic = blocks_.depthwise ? 1 : blocks_.oc;
    for (int64_t part = 0; part < blocks_.products; ++part) {
      const T* weight = weight_begin + part * blocks_.dst_cols;
      const int64_t depth = blocks_.taps * ic;
      PackPanels(depth, blocks_.dst_cols, weight, blocks_.oc, 1, panel, depth * panel,
                 prepared + part * blocks_.forward_panels());
      T* transposed = prepared + BackwardPanels(part);
      for (const int64_t tap : blocks_.tap_order) {
        PackPanels(oc, blocks_.src_cols, weight + tap * ic * blocks_.oc, 1, next_ic, panel,
                   blocks_.taps * oc * panel, transposed);
        transposed += oc * panel;
      }
    }
  }

  /// What a product adds to itself, as it writes: a tensor, one number a channel, a relu. Null: no.
  struct Epilogue {
    const T* add = nullptr;
    const T* bias = nullptr;
    bool relu = false;
  };

  /// dst = src * weight, and the epilogue.
  void Dst(int64_t rows, const T* images, const T* prepared, const Epilogue& epilogue,
           std::byte* scratch, T* dst) const {
    const Extent extent = ExtentOf(rows);
    Brgemm<T> product;
    product.rows = extent.ow;
    product.cols = blocks_.dst_cols;
    product.depth = blocks_.forward.depth;
    product.blocks = blocks_.forward.size();
    product.a_row = window_.sw * blocks_.ic;
    product.a_depth = blocks_.forward_step;
    product.a_offsets = blocks_.forward.a.data();
    product.b_panel = blocks_.taps * blocks_.group_ic * blocks_.panel;
    product.b_depth = blocks_.panel;
    product.b_offsets = blocks_.forward.b.data();
    product.c_row = blocks_.oc;
    product.relu = epilogue.relu;
    product.accumulate = epilogue.add != nullptr;

    ZeroFrame<T> frame = SrcFrame(scratch);
    for (int64_t image = 0; image < extent.images; ++image) {
      const T* src = frame.Place(images + image * SrcSize());
      if (epilogue.add != nullptr) CopyImage(extent, image, epilogue.add, dst);
      for (int64_t oh = 0; oh < extent.oh; ++oh) {
        for (int64_t part = 0; part < blocks_.products; ++part) {
          product.a =
              src + oh * window_.sh * window_.padded_iw() * blocks_.ic + part * blocks_.src_cols;
          product.b = prepared + part * blocks_.forward_panels();
          product.c =
              dst + image * DstSize() + oh * window_.ow * blocks_.oc + part * blocks_.dst_cols;
          if (epilogue.bias != nullptr) product.bias = epilogue.bias + part * blocks_.dst_cols;
          multiply_(product);
        }
      }
    }
  }

  /// diff_src = diff_dst * the transpose of weight, and the epilogue, whose bias is [IC]; its `add`
  /// is not taken.
  void DiffSrc(int64_t rows, const T* diff_images, const T* prepared, const Epilogue& epilogue,
               std::byte* scratch, T* diff_src) const {
    if (!blocks_.covers) FillPixels(rows, epilogue, diff_src);
    Brgemm<T> product;
    product.relu = epilogue.relu;
    product.cols = blocks_.src_cols;
    product.a_row = blocks_.oc;
    product.a_depth = blocks_.backward_step;
    product.b_panel = blocks_.taps * blocks_.group_oc() * blocks_.panel;
    product.b_depth = blocks_.panel;
    product.c_row = window_.sw * blocks_.ic;

    ZeroFrame<T> frame = DiffDstFrame(scratch);
    const int64_t images = ExtentOf(rows).images;
    for (int64_t image = 0; image < images; ++image) {
      const T* diff_dst = frame.Place(diff_images + image * DstSize());
      T* image_src = diff_src + image * SrcSize();
      for (const BackwardPhase& phase : blocks_.phases) {
        product.depth = phase.blocks.depth;
        product.blocks = phase.blocks.size();
        product.a_offsets = phase.blocks.a.data();
        product.b_offsets = phase.blocks.b.data();
        product.rows = blocks_.pointwise ? rows * window_.ih * window_.iw : phase.width;
        const int64_t height = blocks_.pointwise ? 1 : phase.height;
        for (int64_t j = 0; j < height; ++j) {
          const T* a =
              diff_dst + ((phase.first_oh + j) * blocks_.padded_ow() + phase.first_ow) * blocks_.oc;
          T* c = image_src +
                 ((phase.first_ih + j * window_.sh) * window_.iw + phase.first_iw) * blocks_.ic;
          for (int64_t part = 0; part < blocks_.products; ++part) {
            product.a = a + part * blocks_.dst_cols;
            product.b = prepared + BackwardPanels(part);
            product.c = c + part * blocks_.src_cols;
            if (epilogue.bias != nullptr) product.bias = epilogue.bias + part * blocks_.src_cols;
            multiply_(product);
          }
        }
      }
    }
  }

  /// diff_weights += the transpose of src * diff_dst.
  void DiffWeights(int64_t rows, const T* images, const T* diff_images, std::byte* scratch,
                   T* diff_weights) const {
    const Extent extent = ExtentOf(rows);
    Brgemm<T> product;
    product.rows = blocks_.weights_rows;
    product.cols = blocks_.dst_cols;
    product.depth = extent.ow;
    product.blocks = extent.oh;
    product.a_row = blocks_.forward_step;
    product.a_depth = window_.sw * blocks_.ic;
    product.a_offsets = blocks_.weights.a.data();
    product.b_panel = blocks_.panel;
    product.b_depth = blocks_.oc;
    product.b_offsets = blocks_.weights.b.data();
    product.b_padded = blocks_.dst_cols % blocks_.panel == 0;
    product.c_row = blocks_.oc;
    product.accumulate = true;

    ZeroFrame<T> frame = SrcFrame(scratch);
    for (int64_t image = 0; image < extent.images; ++image) {
      const T* src = frame.Place(images + image * SrcSize());
      const T* diff_dst = diff_images + image * DstSize();
      for (int64_t part = 0; part < blocks_.products; ++part) {
        product.b = diff_dst + part * blocks_.dst_cols;
        product.c = diff_weights + part * blocks_.dst_cols;
        for (const int64_t start : blocks_.weights_src) {
          product.a = src + start + part * blocks_.src_cols;
          multiply_(product);
          product.c += blocks_.weights_rows * blocks_.oc;
        }
      }
    }
  }

 private:
  /// What the loops run over: for a pointwise convolution one image of one long row.
  struct Extent {
    int64_t images, oh, ow;
  };

  Extent ExtentOf(int64_t rows) const {
    if (blocks_.pointwise) return {1, 1, rows * window_.oh * window_.ow};
    return {rows, window_.oh, window_.ow};
  }

  /// What pixels are that no tap reaches.
  void FillPixels(int64_t rows, const Epilogue& epilogue, T* diff_src) const {
    const int64_t pixels = rows * window_.ih * window_.iw;
    if (epilogue.bias == nullptr) {
      std::fill_n(diff_src, pixels * blocks_.ic, T(0));
      return;
    }
    for (int64_t i = 0; i < pixels; ++i) {
      std::copy_n(epilogue.bias, blocks_.ic, diff_src + i * blocks_.ic);
    }
    if (epilogue.relu) relu_(pixels * blocks_.ic, diff_src, diff_src);
  }

  /// Brgemm adds to what is in dst.
  void CopyImage(const Extent& extent, int64_t image, const T* add, T* dst) const {
    std::copy_n(add + image * DstSize(), extent.oh * extent.ow * blocks_.oc,
                dst + image * DstSize());
  }

  int64_t SrcSize() const { return window_.ih * window_.iw * blocks_.ic; }
  int64_t DstSize() const { return window_.oh * window_.ow * blocks_.oc; }
  int64_t PaddedSrc() const { return window_.padded_ih() * window_.padded_iw() * blocks_.ic; }
  int64_t PaddedDiffDst() const { return blocks_.padded_oh() * blocks_.padded_ow() * blocks_.oc; }
  int64_t BackwardPanels(int64_t part) const {
    return blocks_.products * blocks_.forward_panels() + part * blocks_.backward_panels();
  }

  ZeroFrame<T> SrcFrame(std::byte* scratch) const {
    return {window_.padded() ? reinterpret_cast<T*>(scratch) : nullptr,
            window_.ih,
            window_.iw * blocks_.ic,
            window_.padded_ih(),
            window_.padded_iw() * blocks_.ic,
            window_.top,
            window_.left * blocks_.ic};
  }

  ZeroFrame<T> DiffDstFrame(std::byte* scratch) const {
    return {blocks_.diff_padded() ? reinterpret_cast<T*>(scratch) : nullptr,
            window_.oh,
            window_.ow * blocks_.oc,
            blocks_.padded_oh(),
            blocks_.padded_ow() * blocks_.oc,
            blocks_.diff_top,
            blocks_.diff_left * blocks_.oc};
  }

  Conv2dBlocks blocks_;
  Window window_;
  void (*relu_)(int64_t, const T*, T*);
  void (*multiply_)(const Brgemm<T>&);
};

}  // namespace fovea
