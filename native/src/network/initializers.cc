#include "network/initializers.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "layers/random.h"

namespace fovea {
namespace {

/// Two uniform numbers in (0, 1) for position `i` of parameter `index`.
std::array<double, 2> Uniforms(uint64_t seed, uint64_t index, uint64_t i) {
  const auto words = Philox4x32({static_cast<uint32_t>(i), static_cast<uint32_t>(i >> 32),
                                 static_cast<uint32_t>(index), static_cast<uint32_t>(index >> 32)},
                                {static_cast<uint32_t>(seed), static_cast<uint32_t>(seed >> 32)});
  const auto uniform = [](uint64_t high, uint64_t low) {
    return (static_cast<double>((high << 21) ^ (low >> 11)) + 0.5) * 0x1.0p-53;
  };
  return {uniform(words[0], words[1]), uniform(words[2], words[3])};
}

/// Box and Muller 1958.
double Normal(const std::array<double, 2>& uniforms) {
  return std::sqrt(-2 * std::log(uniforms[0])) * std::cos(2 * std::numbers::pi * uniforms[1]);
}

}  // namespace

template <typename T>
void InitializeParameter(const ParameterSpec& parameter, std::string_view initializer,
                         uint64_t seed, uint64_t index, std::span<T> values) {
  switch (parameter.kind) {
    case ParameterKind::kBias:
      for (size_t i = 0; i < values.size(); ++i) {
        const std::vector<double>& start = parameter.start;
        values[i] = start.empty() ? T(0) : static_cast<T>(start[i * start.size() / values.size()]);
      }
      return;
    case ParameterKind::kZeroStatistic:
      std::ranges::fill(values, T(0));
      return;
    case ParameterKind::kScale:
    case ParameterKind::kOneStatistic:
      std::ranges::fill(values, T(1));
      return;
    case ParameterKind::kWeight:
      break;
  }
  const auto fan_in = static_cast<double>(parameter.fan_in);
  const auto fan_out = static_cast<double>(parameter.fan_out);
  const bool he = initializer == "He";
  const double width = he ? std::sqrt(2 / fan_in) : std::sqrt(6 / (fan_in + fan_out));
  for (size_t i = 0; i < values.size(); ++i) {
    const auto uniforms = Uniforms(seed, index, i);
    values[i] = static_cast<T>(width * (he ? Normal(uniforms) : 2 * uniforms[0] - 1));
  }
}

template void InitializeParameter(const ParameterSpec&, std::string_view, uint64_t, uint64_t,
                                  std::span<float>);
template void InitializeParameter(const ParameterSpec&, std::string_view, uint64_t, uint64_t,
                                  std::span<double>);

}  // namespace fovea
