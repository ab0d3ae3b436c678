#include "layers/conv2d_blocks.h"

#include <algorithm>

#include "kernels/pack.h"
#include "layers/phases.h"

namespace fovea {
namespace {

/// Outputs that the phases name before the first and after the last of `outputs`.
void FindPadding(const std::vector<Phase>& phases, int64_t outputs, int64_t* before,
                 int64_t* after) {
  *before = 0;
  *after = 0;
  for (const Phase& phase : phases) {
    if (phase.taps.empty()) continue;
    *before = std::max(*before, -(phase.start + phase.shifts.front()));
    *after = std::max(*after, phase.start + phase.count - 1 + phase.shifts.back() - outputs + 1);
  }
}

/// True where each shift is one more than the shift before.
bool Adjacent(const std::vector<int64_t>& shifts) {
  return shifts.size() < 2 || shifts[1] - shifts[0] == 1;
}

}  // namespace

Conv2dBlocks::Conv2dBlocks(const Window& w, int64_t filters, int64_t group_count, int64_t width)
    : window(w),
      ic(w.channels),
      oc(filters),
      taps(w.kh * w.kw),
      depthwise(group_count > 1 && group_count == ic && group_count == oc),
      products(depthwise ? 1 : group_count),
      panel(depthwise ? ic : width),
      group_ic(ic / group_count),
      src_cols(ic / products),
      dst_cols(oc / products),
      pointwise(taps == 1 && w.sh == 1 && w.sw == 1 && !w.padded()) {
  PlanForward();
  PlanBackward();
  PlanWeights();
}

int64_t Conv2dBlocks::forward_panels() const {
  return PackedSize(taps * group_ic, dst_cols, panel);
}

int64_t Conv2dBlocks::backward_panels() const {
  return PackedSize(taps * group_oc(), src_cols, panel);
}

void Conv2dBlocks::PlanForward() {
  const bool whole_rows = depthwise || (group_ic == ic && window.dw == 1);
  const int64_t joined = whole_rows ? window.kw : 1;
  forward_step = depthwise ? window.dw * ic : 1;
  forward.depth = joined * group_ic;
  for (int64_t kh = 0; kh < window.kh; ++kh) {
    for (int64_t kw = 0; kw < window.kw; kw += joined) {
      forward.a.push_back((kh * window.dh * window.padded_iw() + kw * window.dw) * ic);
      forward.b.push_back((kh * window.kw + kw) * group_ic * panel);
    }
  }
}

void Conv2dBlocks::PlanBackward() {
  const std::vector<Phase> vertical =
      MakePhases(window.ih, window.kh, window.sh, window.dh, window.top);
  const std::vector<Phase> horizontal =
      MakePhases(window.iw, window.kw, window.sw, window.dw, window.left);
  FindPadding(vertical, window.oh, &diff_top, &diff_bottom);
  FindPadding(horizontal, window.ow, &diff_left, &diff_right);
  phase_height = 1;
  phase_tall = 1;
  covers = true;
  backward_step = depthwise ? oc : 1;
  for (const Phase& v : vertical) {
    for (const Phase& h : horizontal) {
      if (v.taps.empty() || h.taps.empty()) {
        covers = false;
        continue;
      }
      phase_height = std::max(phase_height, v.count);
      phase_tall = std::max(phase_tall, v.start + v.shifts.back() + diff_top + 1);
      BackwardPhase phase{v.first, h.first, v.count, h.count, v.start, h.start, {}};
      const auto run = static_cast<int64_t>(h.taps.size());
      const int64_t joined = (depthwise || group_ic == ic) && Adjacent(h.shifts) ? run : 1;
      phase.blocks.depth = joined * group_oc();
      for (size_t i = 0; i < v.taps.size(); ++i) {
        for (size_t j = 0; j < h.taps.size(); ++j) {
          if (static_cast<int64_t>(j) % joined == 0) {
            phase.blocks.a.push_back(
                ((v.shifts[i] + diff_top) * padded_ow() + h.shifts[j] + diff_left) * oc);
            phase.blocks.b.push_back(static_cast<int64_t>(tap_order.size()) * group_oc() * panel);
          }
          tap_order.push_back(v.taps[i] * window.kw + h.taps[j]);
        }
      }
      phases.push_back(std::move(phase));
    }
  }
}

void Conv2dBlocks::PlanWeights() {
  const bool whole_rows = depthwise || (group_ic == ic && window.dw == 1);
  const int64_t joined = whole_rows ? window.kw : 1;
  weights_rows = joined * group_ic;
  for (int64_t kh = 0; kh < window.kh; ++kh) {
    for (int64_t kw = 0; kw < window.kw; kw += joined) {
      weights_src.push_back((kh * window.dh * window.padded_iw() + kw * window.dw) * ic);
    }
  }
  weights.depth = window.ow;
  for (int64_t oh = 0; oh < window.oh; ++oh) {
    weights.a.push_back(oh * window.sh * window.padded_iw() * ic);
    weights.b.push_back(oh * window.ow * oc);
  }
}

}  // namespace fovea
