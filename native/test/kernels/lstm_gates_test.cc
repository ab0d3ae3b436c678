#include <gtest/gtest.h>

#include <cmath>

#include "kernels/kernel_cases.h"

namespace fovea {
namespace {

/// A step with all its memory; every array ends where its last element ends.
template <typename T>
struct Step {
  int64_t rows, units, gates_row, state_row, next_row;
  bool has_before, has_state, has_next;
  GuardedArray<T> gates, before, cell, cell_tanh, state, next, diff_next, diff_cell;

  Step(Draw& draw, int64_t row_count, int64_t unit_count)
      : rows(row_count),
        units(unit_count),
        gates_row(4 * units + draw.Int(0, 9)),
        state_row(units + draw.Int(0, 9)),
        next_row(units + draw.Int(0, 9)),
        has_before(!draw.OneIn(3)),
        has_state(!draw.OneIn(3)),
        has_next(!draw.OneIn(3)),
        gates(draw.Floats((rows - 1) * gates_row + 4 * units)),
        before(draw.Floats(rows * units)),
        cell(draw.Floats(rows * units)),
        cell_tanh(draw.Floats(rows * units)),
        state(draw.Floats((rows - 1) * state_row + units)),
        next(draw.Floats((rows - 1) * next_row + units)),
        diff_next(draw.Floats(rows * units)),
        diff_cell(draw.Floats(rows * units)) {}

  template <typename From>
  explicit Step(const Step<From>& from)
      : rows(from.rows),
        units(from.units),
        gates_row(from.gates_row),
        state_row(from.state_row),
        next_row(from.next_row),
        has_before(from.has_before),
        has_state(from.has_state),
        has_next(from.has_next),
        gates(Converted<T>(from.gates)),
        before(Converted<T>(from.before)),
        cell(Converted<T>(from.cell)),
        cell_tanh(Converted<T>(from.cell_tanh)),
        state(Converted<T>(from.state)),
        next(Converted<T>(from.next)),
        diff_next(Converted<T>(from.diff_next)),
        diff_cell(Converted<T>(from.diff_cell)) {}

  LstmGatesArgs<T> Args() {
    LstmGatesArgs<T> args;
    args.rows = rows;
    args.units = units;
    args.gates = gates.data();
    args.gates_row = gates_row;
    args.cell_before = has_before ? before.data() : nullptr;
    args.cell = cell.data();
    args.cell_tanh = cell_tanh.data();
    args.state = has_state ? state.data() : nullptr;
    args.state_row = state_row;
    args.next = has_next ? next.data() : nullptr;
    args.next_row = next_row;
    return args;
  }

  LstmGatesBackwardArgs<T> BackwardArgs() {
    LstmGatesBackwardArgs<T> args;
    args.rows = rows;
    args.units = units;
    args.gates = gates.data();
    args.gates_row = gates_row;
    args.cell_before = has_before ? before.data() : nullptr;
    args.cell_tanh = cell_tanh.data();
    args.diff_state = has_state ? state.data() : nullptr;
    args.diff_state_row = state_row;
    args.diff_next = has_next ? diff_next.data() : nullptr;
    args.diff_cell = diff_cell.data();
    return args;
  }
};

/// All memory is compared, so that what lies between the rows must be as it was.
template <typename A, typename B>
void ExpectSameMemory(const Step<A>& actual, const Step<B>& expected) {
  constexpr double kTolerance = 1e-6;
  ExpectNear(actual.gates, expected.gates, kTolerance);
  ExpectNear(actual.before, expected.before, 0);
  ExpectNear(actual.cell, expected.cell, kTolerance);
  ExpectNear(actual.cell_tanh, expected.cell_tanh, kTolerance);
  ExpectNear(actual.state, expected.state, kTolerance);
  ExpectNear(actual.next, expected.next, kTolerance);
  ExpectNear(actual.diff_next, expected.diff_next, 0);
  ExpectNear(actual.diff_cell, expected.diff_cell, kTolerance);
}

class LstmGatesTest : public TargetTest {};
INSTANTIATE_TEST_SUITE_P(Kernels, LstmGatesTest, testing::ValuesIn(AllTargets()), TargetName);

TEST_P(LstmGatesTest, equalTheReferenceInDouble) {
  for (uint64_t seed = 300; seed < 360; ++seed) {
    Draw draw(seed);
    Step<float> actual(draw, draw.Int(1, 5), draw.OneIn(4) ? 16 : draw.Int(1, 70));
    Step<double> expected(actual);
    kernels().lstm_gates(actual.Args());
    KernelsFor<double>().lstm_gates(expected.Args());
    ExpectSameMemory(actual, expected);
    Step<double> expected_backward(actual);
    kernels().lstm_gates_backward(actual.BackwardArgs());
    KernelsFor<double>().lstm_gates_backward(expected_backward.BackwardArgs());
    ExpectSameMemory(actual, expected_backward);
  }
}

TEST_P(LstmGatesTest, theCellMayBeUpdatedInPlace) {
  Draw draw(7);
  Step<float> apart(draw, 3, 21);
  apart.has_before = true;
  Step<float> in_place(apart);
  kernels().lstm_gates(apart.Args());
  LstmGatesArgs<float> args = in_place.Args();
  args.cell = in_place.before.data();
  kernels().lstm_gates(args);
  ExpectSameBits(in_place.before, apart.cell);
  ExpectSameBits(in_place.gates, apart.gates);
}

TEST_P(LstmGatesTest, theyAreTheFormulasOfTheirContract) {
  // One row, one unit.
  std::vector<float> gates = {0.5f, -1, 2, 0.25f}, cell = {0.75f}, cell_tanh(1), state(1);
  LstmGatesArgs<float> args;
  args.rows = args.units = 1;
  args.gates = gates.data();
  args.gates_row = 4;
  args.cell_before = args.cell = cell.data();
  args.cell_tanh = cell_tanh.data();
  args.state = state.data();
  args.state_row = 1;
  kernels().lstm_gates(args);
  const auto sigmoid = [](double x) { return 1 / (1 + std::exp(-x)); };
  const double c = sigmoid(-1) * 0.75 + sigmoid(0.5) * std::tanh(0.25);
  EXPECT_FLOAT_EQ(cell[0], static_cast<float>(c));
  EXPECT_FLOAT_EQ(cell_tanh[0], static_cast<float>(std::tanh(c)));
  EXPECT_FLOAT_EQ(state[0], static_cast<float>(sigmoid(2) * std::tanh(c)));
}

}  // namespace
}  // namespace fovea
