#pragma once

#include <functional>
#include <string>

#include "layers/gradient_check.h"

namespace fovea {

/// Settings of Conv2d and of ConvTranspose2d, drawn together, odd sizes included.
struct ConvolutionGrid {
  std::string type;
  uint64_t cases;
  int least_extent;           ///< of the input's height and width, which are up to 3 more
  std::string named_padding;  ///< the word that is not the default
  std::function<std::string(Draws&)> padding;  ///< numbers
  std::string attributes = {};                 ///< of every case
};

inline void ExpectLayerLawsOnAGrid(const ConvolutionGrid& grid) {
  Draws draws(7);
  for (uint64_t i = 0; i < grid.cases; ++i) {
    const int groups = static_cast<int>(1 + draws.Index(3));
    const int ic = groups * static_cast<int>(1 + draws.Index(3));
    const int oc = groups * static_cast<int>(1 + draws.Index(3));
    std::string attributes = grid.attributes + " filters=" + std::to_string(oc);
    attributes += " groups=" + std::to_string(groups);
    attributes += " kernel=" + draws.Pair(1, 3);
    attributes += " stride=" + draws.Pair(1, 3);
    attributes += " dilation=" + draws.Pair(1, 2);
    switch (draws.Index(3)) {
      case 0:
        break;
      case 1:
        attributes += " padding=" + grid.named_padding;
        break;
      default:
        attributes += " padding=" + grid.padding(draws);
    }
    const int ih = grid.least_extent + static_cast<int>(draws.Index(4));
    const int iw = grid.least_extent + static_cast<int>(draws.Index(4));
    LayerCase layer_case{grid.type, attributes, {{ih, iw, ic}}, 2};
    layer_case.seed = i;
    ExpectLayerLaws(layer_case);
  }
}

}  // namespace fovea
