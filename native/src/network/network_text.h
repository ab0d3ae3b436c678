#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "layers/layer.h"

namespace fovea {

/// One line of network text: `name Type key=value ...`.
struct LayerLine {
  int line = 0;  ///< in the text, from 1
  std::string name;
  const LayerType* type = nullptr;
  std::vector<std::string> from;  ///< names of the sources; empty for fields
  Attributes attributes;

  /// `Layer 'conv1' (Conv2d, line 2): `, the beginning of every message about this line.
  std::string Where() const;
};

/// Parses network text (docs/network-text.md): types, attribute names and the form of the graph are
/// checked, values and shapes are not. A line without `from=` reads the line before it.
/// Throws Error naming the layer and the line.
std::vector<LayerLine> ParseNetworkText(std::string_view text);

}  // namespace fovea
