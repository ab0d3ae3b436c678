#include "kernels/wide16.h"

// Vectors wider than the machine's would be passed in memory; no function that takes one is called
// from another file.
#pragma GCC diagnostic ignored "-Wpsabi"

#include "kernels/vector_kernels.h"

namespace fovea {
namespace {

struct Wide16 {
  static constexpr char kName[] = "wide16";
  static constexpr int kWidth = 16;
  static constexpr int kTileRows = 14;
  static constexpr bool kPairs = false;
  typedef float Vector __attribute__((vector_size(64)));
  typedef float UnalignedVector __attribute__((vector_size(64), aligned(4), may_alias));
  typedef int32_t Ints __attribute__((vector_size(64)));
  typedef uint8_t Bytes __attribute__((vector_size(16)));

  static FOVEA_INLINE Vector LoadPart(const float* p, int n) {
    Vector v = {};
    for (int i = 0; i < n; ++i) v[i] = p[i];
    return v;
  }
  static FOVEA_INLINE void StorePart(float* p, int n, Vector v) {
    for (int i = 0; i < n; ++i) p[i] = v[i];
  }
  static FOVEA_INLINE Vector Sqrt(Vector v) {
    for (int i = 0; i < kWidth; ++i) v[i] = __builtin_sqrtf(v[i]);
    return v;
  }
  static FOVEA_INLINE Ints ToInts(Bytes bytes) { return __builtin_convertvector(bytes, Ints); }
  static FOVEA_INLINE Bytes ToBytes(Ints ints) { return __builtin_convertvector(ints, Bytes); }
};

/// Multiplies pairs of bfloat16 numbers in plain code.
struct Wide16Pairs : Wide16 {
  static constexpr bool kPairs = true;

  static FOVEA_INLINE int32_t Round(float x) {
    return __builtin_bit_cast(int32_t, ToBfloat16<Wide16>(Splat<Wide16>(x))[0]) >> 16 & 0xffff;
  }
  static FOVEA_INLINE float PairOf(float low, float high) {
    return __builtin_bit_cast(float, Round(high) << 16 | Round(low));
  }
  static FOVEA_INLINE Vector SplatPair(const float* p) { return Splat<Wide16>(*p); }
  static FOVEA_INLINE Vector AddPairs(Vector c, Vector a, Vector b) {
    const auto low = [](Vector v) {
      return reinterpret_cast<Vector>(reinterpret_cast<Ints>(v) << 16);
    };
    const auto high = [](Vector v) {
      return reinterpret_cast<Vector>(reinterpret_cast<Ints>(v) & -0x10000);
    };
    return c + low(a) * low(b) + high(a) * high(b);
  }
  static FOVEA_INLINE Vector InOrder(Vector first, Vector second) {
    Vector pairs;
    for (int i = 0; i < kWidth / 2; ++i) {
      pairs[i] = PairOf(first[2 * i], first[2 * i + 1]);
      pairs[kWidth / 2 + i] = PairOf(second[2 * i], second[2 * i + 1]);
    }
    return pairs;
  }
  static FOVEA_INLINE Vector Pair(Vector low, Vector high) {
    Vector pairs;
    for (int i = 0; i < kWidth; ++i) pairs[i] = PairOf(low[i], high[i]);
    return pairs;
  }
};

constexpr Kernels<float> WithPairs(Kernels<float> kernels) {
  kernels.bfloat16_brgemm = VectorBfloat16Brgemm<Wide16Pairs>;
  return kernels;
}

}  // namespace

constinit const Kernels<float> kWide16 = WithPairs(kVectorKernels<Wide16>);

}  // namespace fovea
