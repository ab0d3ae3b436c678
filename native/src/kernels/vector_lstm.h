#pragma once

#include "kernels/kernels.h"
#include "kernels/vector_math.h"

/// One time step of an LSTM between two products of matrices, unit by unit; see LstmGatesArgs.
namespace fovea {

template <class Target>
void VectorLstmGates(const LstmGatesArgs<float>& args) {
  const int64_t units = args.units;
  for (int64_t r = 0; r < args.rows; ++r) {
    float* gates = args.gates + r * args.gates_row;
    const float* before = args.cell_before ? args.cell_before + r * units : nullptr;
    float* cell = args.cell + r * units;
    float* cell_tanh = args.cell_tanh + r * units;
    float* state = args.state ? args.state + r * args.state_row : nullptr;
    float* next = args.next ? args.next + r * args.next_row : nullptr;
    Blocks<Target>(units, [=](int64_t u, auto lanes) {
      const Vector<Target> i = Sigmoid<Target>(lanes.Load(gates + u));
      const Vector<Target> f = Sigmoid<Target>(lanes.Load(gates + units + u));
      const Vector<Target> o = Sigmoid<Target>(lanes.Load(gates + 2 * units + u));
      const Vector<Target> g = Tanh<Target>(lanes.Load(gates + 3 * units + u));
      Vector<Target> c = i * g;
      if (before) c += f * lanes.Load(before + u);
      const Vector<Target> c_tanh = Tanh<Target>(c);
      const Vector<Target> h = o * c_tanh;
      lanes.Store(gates + u, i);
      lanes.Store(gates + units + u, f);
      lanes.Store(gates + 2 * units + u, o);
      lanes.Store(gates + 3 * units + u, g);
      lanes.Store(cell + u, c);
      lanes.Store(cell_tanh + u, c_tanh);
      if (state) lanes.Store(state + u, h);
      if (next) lanes.Store(next + u, h);
    });
  }
}

template <class Target>
void VectorLstmGatesBackward(const LstmGatesBackwardArgs<float>& args) {
  const int64_t units = args.units;
  for (int64_t r = 0; r < args.rows; ++r) {
    float* gates = args.gates + r * args.gates_row;
    const float* before = args.cell_before ? args.cell_before + r * units : nullptr;
    const float* cell_tanh = args.cell_tanh + r * units;
    const float* diff_state = args.diff_state ? args.diff_state + r * args.diff_state_row : nullptr;
    const float* diff_next = args.diff_next ? args.diff_next + r * units : nullptr;
    float* diff_cell = args.diff_cell + r * units;
    Blocks<Target>(units, [=](int64_t u, auto lanes) {
      const Vector<Target> zero = {}, one = Splat<Target>(1);
      const Vector<Target> i = lanes.Load(gates + u);
      const Vector<Target> f = lanes.Load(gates + units + u);
      const Vector<Target> o = lanes.Load(gates + 2 * units + u);
      const Vector<Target> g = lanes.Load(gates + 3 * units + u);
      const Vector<Target> c = before ? lanes.Load(before + u) : zero;
      const Vector<Target> c_tanh = lanes.Load(cell_tanh + u);
      Vector<Target> diff_h = diff_state ? lanes.Load(diff_state + u) : zero;
      if (diff_next) diff_h += lanes.Load(diff_next + u);
      const Vector<Target> diff_c =
          lanes.Load(diff_cell + u) + diff_h * o * (one - c_tanh * c_tanh);
      lanes.Store(diff_cell + u, diff_c * f);
      lanes.Store(gates + u, diff_c * g * (i * (one - i)));
      lanes.Store(gates + units + u, diff_c * c * (f * (one - f)));
      lanes.Store(gates + 2 * units + u, diff_h * c_tanh * (o * (one - o)));
      lanes.Store(gates + 3 * units + u, diff_c * i * (one - g * g));
    });
  }
}

}  // namespace fovea
