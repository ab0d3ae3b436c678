#pragma once

#include "layers/layer.h"
#include "layers/window.h"

namespace fovea {

/// Conv2d of one group for bundles: Layer::Bundled of conv2d.cc.
template <typename T>
LayerPtr<T> CreateBundledConv2d(const Kernels<T>& kernels, const Window& window, int64_t filters,
                                bool bias);

}  // namespace fovea
