#pragma once

#include <immintrin.h>

#include "kernels/vector.h"

namespace fovea {
namespace {

/// AVX-512 (F, BW, DQ, VL) as a Target, see vector.h: 32 registers of 16 floats, tiles of 14 x 32
/// (28 sums, 2 vectors of B, 1 of A). In an anonymous namespace: each file that includes it has its
/// own.
struct Avx512 {
  static constexpr char kName[] = "avx512";
  static constexpr int kWidth = 16;
  static constexpr int kTileRows = 14;
  static constexpr bool kPairs = false;
  typedef float Vector __attribute__((vector_size(64)));
  typedef float UnalignedVector __attribute__((vector_size(64), aligned(4), may_alias));
  typedef int32_t Ints __attribute__((vector_size(64)));
  typedef uint8_t Bytes __attribute__((vector_size(16)));

  static FOVEA_INLINE __mmask16 FirstLanes(int n) { return static_cast<__mmask16>((1u << n) - 1); }
  static FOVEA_INLINE Vector LoadPart(const float* p, int n) {
    return _mm512_maskz_loadu_ps(FirstLanes(n), p);
  }
  static FOVEA_INLINE void StorePart(float* p, int n, Vector v) {
    _mm512_mask_storeu_ps(p, FirstLanes(n), v);
  }
  /// Masked forms: GCC 12 warns about the undefined vectors inside the plain ones.
  static FOVEA_INLINE Vector Sqrt(Vector v) { return _mm512_maskz_sqrt_ps(FirstLanes(kWidth), v); }
  static FOVEA_INLINE Ints ToInts(Bytes bytes) {
    return reinterpret_cast<Ints>(
        _mm512_maskz_cvtepu8_epi32(FirstLanes(kWidth), reinterpret_cast<__m128i>(bytes)));
  }
  static FOVEA_INLINE Bytes ToBytes(Ints ints) { return __builtin_convertvector(ints, Bytes); }
};

}  // namespace
}  // namespace fovea
