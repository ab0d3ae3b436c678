#pragma once

#include <cstddef>
#include <cstdint>

namespace fovea {

/// What an Lstm keeps of its time steps. Where no Backward follows, all share the memory of one.
template <typename T>
struct LstmSteps {
  T* inputs;  ///< [T, rows, input_row]: x_t, the h before it, 1
  T* gates;   ///< [T, rows, gates_row]
  T* cell;    ///< [T, rows, U], as the next
  T* cell_tanh;
  int64_t input_row, gates_row;                ///< elements from one row to the next
  int64_t inputs_step, gates_step, cell_step;  ///< from one time step to the next

  T* Inputs(int64_t t) const { return inputs + t * inputs_step; }
  T* Gates(int64_t t) const { return gates + t * gates_step; }
  T* Cell(int64_t t) const { return cell + t * cell_step; }
  T* CellTanh(int64_t t) const { return cell_tanh + t * cell_step; }
};

/// Where the workspace of an Lstm of I inputs and U units has what.
template <typename T>
class LstmWorkspace {
 public:
  LstmWorkspace(int64_t inputs, int64_t units)
      : units_(units), input_row_(OddLines(inputs + units + 1)), gates_row_(OddLines(4 * units)) {}

  /// Of one time step.
  int64_t StepBytes(int64_t rows) const {
    return rows * (input_row_ + gates_row_ + 2 * units_) * int64_t{sizeof(T)};
  }

  LstmSteps<T> Place(int64_t rows, int64_t steps, bool backward, std::byte* workspace) const {
    const int64_t kept_rows = backward ? steps * rows : rows;
    LstmSteps<T> kept;
    kept.inputs = reinterpret_cast<T*>(workspace);
    kept.gates = kept.inputs + kept_rows * input_row_;
    kept.cell = kept.gates + kept_rows * gates_row_;
    kept.cell_tanh = kept.cell + kept_rows * units_;
    kept.input_row = input_row_;
    kept.gates_row = gates_row_;
    kept.inputs_step = backward ? rows * input_row_ : 0;
    kept.gates_step = backward ? rows * gates_row_ : 0;
    kept.cell_step = backward ? rows * units_ : 0;
    return kept;
  }

 private:
  /// `count` elements up to an odd number of 16: rows of floats that far apart take turns in all
  /// places of the cache, where those a power of two apart would fight for a few.
  static int64_t OddLines(int64_t count) { return ((count + 15) / 16 | 1) * 16; }

  int64_t units_, input_row_, gates_row_;
};

}  // namespace fovea
