#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "layers/layer.h"

namespace fovea {

/// The names that `initializer=` takes, blank-separated.
inline constexpr std::string_view kInitializers = "He Xavier";

/// Fills one parameter with its starting values. Every value is a pure function of (seed, parameter
/// index, position): the same on any machine.
///   He: normal with deviation sqrt(2 / fan_in) (He et al. 2015, equation 10)
///   Xavier: uniform in +-sqrt(6 / (fan_in + fan_out)) (Glorot and Bengio 2010, equation 16)
template <typename T>
void InitializeParameter(const ParameterSpec& parameter, std::string_view initializer,
                         uint64_t seed, uint64_t index, std::span<T> values);

}  // namespace fovea
