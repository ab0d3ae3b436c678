#pragma once

#include "kernels/vector.h"

/// exp, log, tanh and sigmoid. Their polynomials minimise the largest relative error over the
/// reduced range (Lawson's iteration in double, then rounded to float). Off the exact result by, in
/// units of its last place, at most: exp 1.1, log 0.9, tanh 2.7, sigmoid 2.5, with or without fused
/// multiply-adds; elementwise_math_test.cc holds them. NaN gives NaN. A denormal result of sigmoid
/// may be 0; where the CPU flushes denormal numbers, as it does in a network, all are, and those
/// that come in count as 0.
namespace fovea {

template <class Target>
FOVEA_INLINE typename Target::Ints Bits(Vector<Target> v) {
  return reinterpret_cast<typename Target::Ints>(v);
}

template <class Target>
FOVEA_INLINE Vector<Target> FromBits(typename Target::Ints bits) {
  return reinterpret_cast<Vector<Target>>(bits);
}

/// v, but at least `low` and at most `high`; NaN stays NaN.
template <class Target>
FOVEA_INLINE Vector<Target> Clamp(Vector<Target> v, float low, float high) {
  const Vector<Target> least = Splat<Target>(low), most = Splat<Target>(high);
  v = least > v ? least : v;
  return most < v ? most : v;
}

/// 2^n for -127 < n < 128; infinity for n = 128.
template <class Target>
FOVEA_INLINE Vector<Target> PowerOfTwo(typename Target::Ints n) {
  return FromBits<Target>((n + 127) << 23);
}

/// e^x = 2^n * (1 + tail), with |tail| < 0.42 and a small relative error.
template <class Target>
struct ExpParts {
  typename Target::Ints n;
  Vector<Target> tail;
};

/// Cody and Waite 1980: x = n * ln 2 + r with |r| <= ln 2 / 2, tail = e^r - 1. |x| < 2^21.
template <class Target>
FOVEA_INLINE ExpParts<Target> SplitExp(Vector<Target> x) {
  const auto splat = [](float value) { return Splat<Target>(value); };
  // The lowest bits of a float near 1.5 * 2^23 are its integer: the sum rounds.
  const Vector<Target> shift = splat(0x1.8p23f);
  const Vector<Target> shifted = x * splat(0x1.715476p0f) + shift;
  const Vector<Target> n = shifted - shift;
  // ln 2 in two parts; n times the first, of 9 bits, is exact.
  Vector<Target> r = x - n * splat(0x1.63p-1f);
  r = r - n * splat(-0x1.bd0106p-13f);
  Vector<Target> q = splat(0.0013814540579915047f) * r + splat(0.00836874544620514f);
  q = q * r + splat(0.04166838899254799f);
  q = q * r + splat(0.1666652113199234f);
  q = q * r + splat(0.4999999403953552f);
  return {Bits<Target>(shifted) - Bits<Target>(shift), q * (r * r) + r};
}

/// From -104 to 89 the result goes from 0 over denormal numbers to infinity: 2^n is multiplied in
/// two halves, each of which is a normal number.
template <class Target>
FOVEA_INLINE Vector<Target> Exp(Vector<Target> x) {
  const ExpParts<Target> parts = SplitExp<Target>(Clamp<Target>(x, -104, 89));
  const typename Target::Ints half = parts.n >> 1;
  return (Splat<Target>(1) + parts.tail) * PowerOfTwo<Target>(half) *
         PowerOfTwo<Target>(parts.n - half);
}

/// 1 / (1 + e^-x): 0 below -88.4, where e^-x becomes infinity, and 1 from about 17 on.
template <class Target>
FOVEA_INLINE Vector<Target> Sigmoid(Vector<Target> x) {
  const Vector<Target> one = Splat<Target>(1);
  const ExpParts<Target> parts = SplitExp<Target>(Clamp<Target>(-x, -87, 89));
  return one / (one + PowerOfTwo<Target>(parts.n) * (one + parts.tail));
}

/// With e = e^2|x| - 1: e / (e + 2) under the sign of x, exact to rounding also near 0. 1 from 10
/// on.
template <class Target>
FOVEA_INLINE Vector<Target> Tanh(Vector<Target> x) {
  const typename Target::Ints sign = Bits<Target>(Splat<Target>(-0.0f));
  const Vector<Target> ten = Splat<Target>(10);
  Vector<Target> size = FromBits<Target>(Bits<Target>(x) & ~sign);
  size = ten < size ? ten : size;
  const ExpParts<Target> parts = SplitExp<Target>(size + size);
  const Vector<Target> power = PowerOfTwo<Target>(parts.n);
  const Vector<Target> e = power * parts.tail + (power - Splat<Target>(1));
  const Vector<Target> result = e / (e + Splat<Target>(2));
  return FromBits<Target>(Bits<Target>(result) | (Bits<Target>(x) & sign));
}

/// x = 2^n * (1 + f) with 2/3 <= 1 + f < 4/3: n * ln 2 + f - f^2 / 2 + f^3 * p(f).
template <class Target>
FOVEA_INLINE Vector<Target> Log(Vector<Target> x) {
  using Ints = typename Target::Ints;
  const auto splat = [](float value) { return Splat<Target>(value); };
  const Vector<Target> zero = {};
  const auto denormal = x < splat(0x1p-126f);
  const Ints sign = Bits<Target>(splat(-0.0f));  // out of the way: NaN replaces what it gives
  const Ints bits = Bits<Target>(denormal ? x * splat(0x1p23f) : x) & ~sign;
  const Ints exponent = (bits - Bits<Target>(splat(0x1.555556p-1f))) >> 23;
  const Vector<Target> f = FromBits<Target>(bits - (exponent << 23)) - splat(1);
  const Vector<Target> n =
      __builtin_convertvector(exponent, Vector<Target>) - (denormal ? splat(23) : zero);
  Vector<Target> p = splat(-0.12891684472560883f) * f + splat(0.1398443728685379f);
  p = p * f + splat(-0.12184261530637741f);
  p = p * f + splat(0.14005868136882782f);
  p = p * f + splat(-0.16680487990379333f);
  p = p * f + splat(0.20010405778884888f);
  p = p * f + splat(-0.24999797344207764f);
  p = p * f + splat(0.3333321511745453f);
  const Vector<Target> square = f * f;
  const Vector<Target> low = p * (f * square) + n * splat(-0x1.bd0106p-13f);
  Vector<Target> result = n * splat(0x1.63p-1f) + (f + (low - splat(0.5f) * square));
  const Vector<Target> infinity = splat(__builtin_inff());
  result = x == infinity ? infinity : result;
  result = x == zero ? -infinity : result;
  return x >= zero ? result : splat(__builtin_nanf(""));
}

template <class Target>
void VectorExp(int64_t count, const float* src, float* dst) {
  Blocks<Target>(count, [=](int64_t i, auto lanes) {
    lanes.Store(dst + i, Exp<Target>(lanes.Load(src + i)));
  });
}

template <class Target>
void VectorLog(int64_t count, const float* src, float* dst) {
  Blocks<Target>(count, [=](int64_t i, auto lanes) {
    lanes.Store(dst + i, Log<Target>(lanes.Load(src + i)));
  });
}

template <class Target>
void VectorTanh(int64_t count, const float* src, float* dst) {
  Blocks<Target>(count, [=](int64_t i, auto lanes) {
    lanes.Store(dst + i, Tanh<Target>(lanes.Load(src + i)));
  });
}

template <class Target>
void VectorSigmoid(int64_t count, const float* src, float* dst) {
  Blocks<Target>(count, [=](int64_t i, auto lanes) {
    lanes.Store(dst + i, Sigmoid<Target>(lanes.Load(src + i)));
  });
}

}  // namespace fovea
