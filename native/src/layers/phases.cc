#include "layers/phases.h"

#include <utility>

namespace fovea {
namespace {

Phase MakePhase(int64_t residue, int64_t size, int64_t kernel, int64_t stride, int64_t dilation,
                int64_t before) {
  Phase phase;
  phase.first = ((residue - before) % stride + stride) % stride;
  phase.count = phase.first < size ? (size - 1 - phase.first) / stride + 1 : 0;
  phase.start = (phase.first + before) / stride;
  for (int64_t k = kernel - 1; k >= 0; --k) {
    if (k * dilation % stride != residue) continue;
    phase.taps.push_back(k);
    phase.shifts.push_back((residue - k * dilation) / stride);
  }
  return phase;
}

}  // namespace

std::vector<Phase> MakePhases(int64_t size, int64_t kernel, int64_t stride, int64_t dilation,
                              int64_t before) {
  std::vector<Phase> phases;
  for (int64_t residue = 0; residue < stride; ++residue) {
    Phase phase = MakePhase(residue, size, kernel, stride, dilation, before);
    if (phase.count > 0) phases.push_back(std::move(phase));
  }
  return phases;
}

}  // namespace fovea
