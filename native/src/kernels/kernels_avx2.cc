/// The vector kernels for AVX2 and FMA: 16 registers of 8 floats, tiles of 6 x 16 (12 sums, 2
/// vectors of B, 1 of A).

#include <immintrin.h>

#include "kernels/kernels_targets.h"
#include "kernels/vector_kernels.h"

namespace fovea {
namespace {

struct Avx2 {
  static constexpr char kName[] = "avx2";
  static constexpr int kWidth = 8;
  static constexpr int kTileRows = 6;
  static constexpr bool kPairs = false;
  typedef float Vector __attribute__((vector_size(32)));
  typedef float UnalignedVector __attribute__((vector_size(32), aligned(4), may_alias));
  typedef int32_t Ints __attribute__((vector_size(32)));
  typedef uint8_t Bytes __attribute__((vector_size(8)));

  static FOVEA_INLINE __m256i FirstLanes(int n) {
    static constexpr int32_t kMask[16] = {-1, -1, -1, -1, -1, -1, -1, -1};
    return _mm256_loadu_si256(reinterpret_cast<const __m256i_u*>(kMask + 8 - n));
  }
  static FOVEA_INLINE Vector LoadPart(const float* p, int n) {
    return _mm256_maskload_ps(p, FirstLanes(n));
  }
  static FOVEA_INLINE void StorePart(float* p, int n, Vector v) {
    _mm256_maskstore_ps(p, FirstLanes(n), v);
  }
  static FOVEA_INLINE Vector Sqrt(Vector v) { return _mm256_sqrt_ps(v); }
  static FOVEA_INLINE Ints ToInts(Bytes bytes) {
    const __m128i low = _mm_cvtsi64_si128(reinterpret_cast<int64_t>(bytes));
    return reinterpret_cast<Ints>(_mm256_cvtepu8_epi32(low));
  }
  static FOVEA_INLINE Bytes ToBytes(Ints ints) {
    const __m256i shorts = _mm256_packus_epi32(reinterpret_cast<__m256i>(ints), __m256i{});
    const __m256i bytes = _mm256_packus_epi16(shorts, __m256i{});  // 4 in each half
    const __m128i packed =
        _mm_unpacklo_epi32(_mm256_castsi256_si128(bytes), _mm256_extracti128_si256(bytes, 1));
    return reinterpret_cast<Bytes>(_mm_cvtsi128_si64(packed));
  }
};

}  // namespace

constinit const Kernels<float> kAvx2 = kVectorKernels<Avx2>;

}  // namespace fovea
