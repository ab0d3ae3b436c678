#include "layers/window.h"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <vector>

#include "layers/error.h"

namespace fovea {
namespace {

/// Far beyond use, and small enough that no size overflows an int, and that a table of all taps is
/// nothing to worry about.
constexpr int kMaxKernel = 1024;
constexpr int kMaxStride = 1024;
constexpr int kMaxDilation = 65535;
constexpr int kMaxPadding = 32767;
/// Of the output of a transposed convolution, which is larger than its input.
constexpr int64_t kMaxSide = 65535;

/// The numbers of a written padding: 1, 2 or 4 of them.
std::vector<int> PaddingNumbers(std::string_view text) {
  std::vector<int> numbers;
  const char* next = text.data();
  const char* end = next + text.size();
  while (numbers.size() < 4) {
    const auto read = std::from_chars(next, end, numbers.emplace_back());
    const bool last = read.ptr == end;
    if (read.ec != std::errc() || numbers.back() < 0 || numbers.back() > kMaxPadding) break;
    if (last && numbers.size() != 3) return numbers;
    if (last || *read.ptr != ',') break;
    next = read.ptr + 1;
  }
  throw Error("attribute 'padding': expected same, valid, or 1, 2 or 4 integers from 0 to " +
              std::to_string(kMaxPadding) + ". Received: '" + std::string(text) + "'.");
}

/// What `same` adds along one side, before and after together.
int64_t SamePadding(int64_t in, int64_t window, int64_t stride) {
  const int64_t out = (in + stride - 1) / stride;
  return std::max<int64_t>(0, (out - 1) * stride + window - in);
}

Size2d SizeUpTo(int most, const Attributes& attributes, std::string_view key) {
  const Size2d size = attributes.PositiveSize2d(key);
  if (std::max(size.height, size.width) > most) {
    throw Error("attribute '" + std::string(key) + "': expected at most " + std::to_string(most) +
                ". Received: " + attributes.Text(key) + ".");
  }
  return size;
}

Size2d Dilation(const Attributes& attributes) {
  return SizeUpTo(kMaxDilation, attributes, "dilation");
}

/// Taps, strides and dilation; the rest is 0.
Window Taps(const Attributes& attributes, Size2d dilation) {
  const Size2d kernel = SizeUpTo(kMaxKernel, attributes, "kernel");
  const Size2d stride = SizeUpTo(kMaxStride, attributes, "stride");
  Window window{};
  window.kh = kernel.height;
  window.kw = kernel.width;
  window.sh = stride.height;
  window.sw = stride.width;
  window.dh = dilation.height;
  window.dw = dilation.width;
  return window;
}

/// Pixels from the first tap to the last.
int64_t Height(const Window& window) { return (window.kh - 1) * window.dh + 1; }
int64_t Width(const Window& window) { return (window.kw - 1) * window.dw + 1; }

/// Sets the padding of a window whose image is known.
void Pad(const std::string& padding, Window* window) {
  if (padding == "same") {
    const int64_t vertical = SamePadding(window->ih, Height(*window), window->sh);
    const int64_t horizontal = SamePadding(window->iw, Width(*window), window->sw);
    window->top = vertical / 2;
    window->bottom = vertical - window->top;
    window->left = horizontal / 2;
    window->right = horizontal - window->left;
  } else if (padding != "valid") {
    const std::vector<int> numbers = PaddingNumbers(padding);
    const bool sides = numbers.size() == 4;
    window->top = numbers[0];
    window->bottom = numbers[sides ? 1 : 0];
    window->left = numbers[sides ? 2 : numbers.size() - 1];
    window->right = numbers[sides ? 3 : numbers.size() - 1];
  }
}

void CheckPaddedSize(const std::string& what, const Window& window) {
  CheckSize(what + " with its padding",
            {static_cast<int>(window.padded_ih()), static_cast<int>(window.padded_iw()),
             static_cast<int>(window.channels)});
}

Window MakeWindow(const Attributes& attributes, const Shape& src, Size2d dilation) {
  Window window = Taps(attributes, dilation);
  window.ih = src[0];
  window.iw = src[1];
  window.channels = src[2];
  Pad(attributes.Text("padding"), &window);
  const int64_t height = Height(window);
  const int64_t width = Width(window);
  if (window.padded_ih() < height || window.padded_iw() < width) {
    throw Error(
        "expected an input [H, W, C] with H >= " +
        std::to_string(std::max<int64_t>(1, height - window.top - window.bottom)) +
        " and W >= " + std::to_string(std::max<int64_t>(1, width - window.left - window.right)) +
        ". Received: " + ToString(src) + ".");
  }
  CheckPaddedSize("an input", window);
  window.oh = (window.padded_ih() - height) / window.sh + 1;
  window.ow = (window.padded_iw() - width) / window.sw + 1;
  return window;
}

}  // namespace

Window ConvWindow(const Attributes& attributes, const Shape& src) {
  return MakeWindow(attributes, src, Dilation(attributes));
}

Window TransposedWindow(const Attributes& attributes, const Shape& src, int filters) {
  Window window = Taps(attributes, Dilation(attributes));
  window.channels = filters;
  window.oh = src[0];
  window.ow = src[1];
  const int more = attributes.IntFrom("outputPadding", 0);
  const int64_t limit = std::min(std::max(window.sh, window.dh), std::max(window.sw, window.dw));
  if (more >= limit) {
    throw Error("attribute 'outputPadding': expected less than the stride or the dilation, here " +
                std::to_string(limit) + ". Received: " + std::to_string(more) + ".");
  }
  const std::string padding = attributes.Text("padding");
  if (padding == "same") {
    if (more > 0) {
      throw Error("attribute 'outputPadding': expected 0 with padding=same. Received: " +
                  std::to_string(more) + ".");
    }
    window.ih = window.oh * window.sh;
    window.iw = window.ow * window.sw;
    Pad(padding, &window);
  } else {
    Pad(padding, &window);
    // All that the windows reach; padding is cut off.
    const int64_t height = (window.oh - 1) * window.sh + Height(window) + more;
    const int64_t width = (window.ow - 1) * window.sw + Width(window) + more;
    window.ih = height - window.top - window.bottom;
    window.iw = width - window.left - window.right;
  }
  if (std::min(window.ih, window.iw) < 1 || std::max(window.ih, window.iw) > kMaxSide) {
    throw Error("expected an output [H, W, " + std::to_string(filters) +
                "] with H and W from 1 to " + std::to_string(kMaxSide) + ". Received: [" +
                std::to_string(window.ih) + ", " + std::to_string(window.iw) + ", " +
                std::to_string(filters) + "] from the input " + ToString(src) +
                ". Change stride, padding or outputPadding.");
  }
  CheckPaddedSize("an output", window);
  return window;
}

Window PoolWindow(const Attributes& attributes, const Shape& src) {
  const Window window = MakeWindow(attributes, src, {1, 1});
  if (std::max(window.top, window.bottom) >= window.kh ||
      std::max(window.left, window.right) >= window.kw) {
    throw Error("attribute 'padding': expected less than the kernel (" + std::to_string(window.kh) +
                "," + std::to_string(window.kw) +
                ") on every side. Received: " + attributes.Text("padding") + ".");
  }
  return window;
}

}  // namespace fovea
