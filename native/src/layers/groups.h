#pragma once

#include <string>

#include "layers/attributes.h"
#include "layers/error.h"

namespace fovea {

/// The number of groups of a convolution of an image of `channels`. Throws Error when it does not
/// divide the channels and the filters.
inline int GroupsOf(const Attributes& attributes, int channels) {
  const int groups = attributes.PositiveInt("groups");
  const int filters = attributes.PositiveInt("filters");
  if (channels % groups != 0 || filters % groups != 0) {
    throw Error("attribute 'groups': expected a divisor of the input's channels (" +
                std::to_string(channels) + ") and of filters (" + std::to_string(filters) +
                "). Received: " + std::to_string(groups) + ".");
  }
  return groups;
}

}  // namespace fovea
