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
/// of matrices read from the images in place, see conv2d_blocks.h. Where there is padding, a band
/// of an image at a time is copied between zeros.
///
/// Prepared: per product, panels of weight, then of its transpose tap by tap. Scratch: a padded
/// band of src or diff_dst. Cost of each: 2 * N * OH * OW * OC * KH * KW * IC / groups operations.
template <typename T>
class DirectProducts {
 public:
  DirectProducts(const Window& window, int64_t filters, int64_t groups, const Kernels<T>& kernels)
      : blocks_(window, filters, groups, kernels.panel),
        window_(blocks_.window),
        src_frame_(SrcShape()),
        diff_dst_frame_(DiffDstShape()),
        relu_(kernels.relu),
        multiply_(blocks_.depthwise ? kernels.columnwise_brgemm : kernels.brgemm) {}

  int64_t ScratchBytes() const {
    return std::max(src_frame_.ScratchSize(), diff_dst_frame_.ScratchSize()) * int64_t{sizeof(T)};
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

    const auto band = [&](int64_t image, const T* src, int64_t first, int64_t count) {
      T* c = dst + image * DstSize() + first * window_.ow * blocks_.oc;
      if (epilogue.add != nullptr) {  // brgemm adds to what is in dst
        std::copy_n(epilogue.add + (c - dst), count * extent.ow * blocks_.oc, c);
      }
      for (int64_t oh = 0; oh < count; ++oh) {
        for (int64_t part = 0; part < blocks_.products; ++part) {
          product.a =
              src + oh * window_.sh * window_.padded_iw() * blocks_.ic + part * blocks_.src_cols;
          product.b = prepared + part * blocks_.forward_panels();
          product.c = c + oh * window_.ow * blocks_.oc + part * blocks_.dst_cols;
          if (epilogue.bias != nullptr) product.bias = epilogue.bias + part * blocks_.dst_cols;
          multiply_(product);
        }
      }
    };
    ForBands(src_frame_, extent.images, extent.oh, images, SrcSize(), scratch, band);
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

    const auto band = [&](int64_t image, const T* diff_dst, int64_t first, int64_t count) {
      T* image_src = diff_src + image * SrcSize();
      for (const BackwardPhase& phase : blocks_.phases) {
        product.depth = phase.blocks.depth;
        product.blocks = phase.blocks.size();
        product.a_offsets = phase.blocks.a.data();
        product.b_offsets = phase.blocks.b.data();
        product.rows = blocks_.pointwise ? rows * window_.ih * window_.iw : phase.width;
        const int64_t height = blocks_.pointwise ? 1 : phase.height;
        for (int64_t j = first; j < std::min(first + count, height); ++j) {
          const int64_t oh = phase.first_oh + j - first;
          const T* a = diff_dst + (oh * blocks_.padded_ow() + phase.first_ow) * blocks_.oc;
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
    };
    const int64_t heights = blocks_.pointwise ? 1 : blocks_.phase_height;
    ForBands(diff_dst_frame_, ExtentOf(rows).images, heights, diff_images, DstSize(), scratch,
             band);
  }

  /// diff_weights += the transpose of src * diff_dst.
  void DiffWeights(int64_t rows, const T* images, const T* diff_images, std::byte* scratch,
                   T* diff_weights) const {
    const Extent extent = ExtentOf(rows);
    Brgemm<T> product;
    product.rows = blocks_.weights_rows;
    product.cols = blocks_.dst_cols;
    product.depth = extent.ow;
    product.a_row = blocks_.forward_step;
    product.a_depth = window_.sw * blocks_.ic;
    product.a_offsets = blocks_.weights.a.data();
    product.b_panel = blocks_.panel;
    product.b_depth = blocks_.oc;
    product.b_offsets = blocks_.weights.b.data();
    product.b_padded = blocks_.dst_cols % blocks_.panel == 0;
    product.c_row = blocks_.oc;
    product.accumulate = true;

    const auto band = [&](int64_t image, const T* src, int64_t first, int64_t count) {
      const T* diff_dst = diff_images + image * DstSize() + first * window_.ow * blocks_.oc;
      product.blocks = count;
      for (int64_t part = 0; part < blocks_.products; ++part) {
        product.b = diff_dst + part * blocks_.dst_cols;
        product.c = diff_weights + part * blocks_.dst_cols;
        for (const int64_t start : blocks_.weights_src) {
          product.a = src + start + part * blocks_.src_cols;
          multiply_(product);
          product.c += blocks_.weights_rows * blocks_.oc;
        }
      }
    };
    ForBands(src_frame_, extent.images, extent.oh, images, SrcSize(), scratch, band);
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

  /// Calls band(image, begin, first, count) for the bands of all images: `begin` is where the
  /// window of output row `first` begins, the first of `count`.
  template <typename Band>
  void ForBands(const ZeroFrame<T>& frame, int64_t images, int64_t outputs, const T* image,
                int64_t image_size, std::byte* scratch_bytes, Band band) const {
    T* scratch = reinterpret_cast<T*>(scratch_bytes);
    frame.Clear(scratch);
    for (int64_t i = 0; i < images; ++i, image += image_size) {
      for (int64_t first = 0; first < outputs; first += frame.band()) {
        const int64_t count = std::min(frame.band(), outputs - first);
        band(i, frame.Place(image, first, count, scratch), first, count);
      }
    }
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

  int64_t SrcSize() const { return window_.ih * window_.iw * blocks_.ic; }
  int64_t DstSize() const { return window_.oh * window_.ow * blocks_.oc; }
  int64_t BackwardPanels(int64_t part) const {
    return blocks_.products * blocks_.forward_panels() + part * blocks_.backward_panels();
  }

  FrameShape SrcShape() const {
    return {.padded = window_.padded(),
            .height = window_.ih,
            .width = window_.iw * blocks_.ic,
            .padded_width = window_.padded_iw() * blocks_.ic,
            .top = window_.top,
            .left = window_.left * blocks_.ic,
            .outputs = window_.oh,
            .stride = window_.sh,
            .tall = (window_.kh - 1) * window_.dh + 1};
  }

  FrameShape DiffDstShape() const {
    return {.padded = blocks_.diff_padded(),
            .height = window_.oh,
            .width = window_.ow * blocks_.oc,
            .padded_width = blocks_.padded_ow() * blocks_.oc,
            .top = blocks_.diff_top,
            .left = blocks_.diff_left * blocks_.oc,
            .outputs = blocks_.phase_height,
            .stride = 1,
            .tall = blocks_.phase_tall};
  }

  Conv2dBlocks blocks_;
  Window window_;
  ZeroFrame<T> src_frame_, diff_dst_frame_;
  void (*relu_)(int64_t, const T*, T*);
  void (*multiply_)(const Brgemm<T>&);
};

}  // namespace fovea
