#pragma once

#include <cmath>
#include <cstdint>

#include "kernels/kernels.h"

/// The reference kernels of vector_math.h and vector_lstm.h. For files without target flags only.
namespace fovea {

template <typename T>
void ExpReference(int64_t count, const T* src, T* dst) {
  for (int64_t i = 0; i < count; ++i) dst[i] = std::exp(src[i]);
}

template <typename T>
void LogReference(int64_t count, const T* src, T* dst) {
  for (int64_t i = 0; i < count; ++i) dst[i] = std::log(src[i]);
}

template <typename T>
void TanhReference(int64_t count, const T* src, T* dst) {
  for (int64_t i = 0; i < count; ++i) dst[i] = std::tanh(src[i]);
}

template <typename T>
T SigmoidOf(T x) {
  return T(1) / (T(1) + std::exp(-x));
}

template <typename T>
void SigmoidReference(int64_t count, const T* src, T* dst) {
  for (int64_t i = 0; i < count; ++i) dst[i] = SigmoidOf(src[i]);
}

template <typename T>
void LstmGatesReference(const LstmGatesArgs<T>& args) {
  for (int64_t r = 0; r < args.rows; ++r) {
    for (int64_t u = 0; u < args.units; ++u) {
      T* gate = args.gates + r * args.gates_row + u;
      T& i = gate[0];
      T& f = gate[args.units];
      T& o = gate[2 * args.units];
      T& g = gate[3 * args.units];
      i = SigmoidOf(i);
      f = SigmoidOf(f);
      o = SigmoidOf(o);
      g = std::tanh(g);
      const int64_t at = r * args.units + u;
      const T c = i * g + (args.cell_before ? f * args.cell_before[at] : T(0));
      const T c_tanh = std::tanh(c);
      args.cell[at] = c;
      args.cell_tanh[at] = c_tanh;
      if (args.state) args.state[r * args.state_row + u] = o * c_tanh;
      if (args.next) args.next[r * args.next_row + u] = o * c_tanh;
    }
  }
}

template <typename T>
void LstmGatesBackwardReference(const LstmGatesBackwardArgs<T>& args) {
  for (int64_t r = 0; r < args.rows; ++r) {
    for (int64_t u = 0; u < args.units; ++u) {
      T* gate = args.gates + r * args.gates_row + u;
      const T i = gate[0], f = gate[args.units];
      const T o = gate[2 * args.units], g = gate[3 * args.units];
      const int64_t at = r * args.units + u;
      const T c_before = args.cell_before ? args.cell_before[at] : T(0);
      const T c_tanh = args.cell_tanh[at];
      T diff_h = args.diff_state ? args.diff_state[r * args.diff_state_row + u] : T(0);
      if (args.diff_next) diff_h += args.diff_next[at];
      const T diff_c = args.diff_cell[at] + diff_h * o * (1 - c_tanh * c_tanh);
      args.diff_cell[at] = diff_c * f;
      gate[0] = diff_c * g * i * (1 - i);
      gate[args.units] = diff_c * c_before * f * (1 - f);
      gate[2 * args.units] = diff_h * c_tanh * o * (1 - o);
      gate[3 * args.units] = diff_c * i * (1 - g * g);
    }
  }
}

}  // namespace fovea
