#pragma once

#include <cstdint>

#include "layers/layer.h"

namespace fovea {

/// Sums over rows, each row counted with its weight.
struct StepSums {
  double weight = 0;   ///< of the rows themselves
  double loss = 0;     ///< weighted sum of the network's loss layers
  double correct = 0;  ///< rows that the last loss layer calls right
};

/// Which part of which segment a lane is to run.
struct StepPart {
  int lane = 0;
  int segment = 0;
  int64_t part = 0;   ///< a chunk or a panel, counted from 0: see Segment
  int64_t begin = 0;  ///< first of the part's rows among those of the call; 0 of a panel
  int64_t rows = 0;   ///< of the part: at most a chunk's, or in a panel all rows of the call
  RandomKey random;   ///< first_row: where the call's rows begin among those of the step
};

}  // namespace fovea
