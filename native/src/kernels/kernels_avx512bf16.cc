/// brgemm of bfloat16 operands for AVX-512 with BF16, whose instruction adds the products of 16
/// pairs: tiles of 14 x 32, as in float32. All other kernels are those of AVX-512.

#include "kernels/kernels_targets.h"
#include "kernels/target_avx512.h"
#include "kernels/vector_bfloat16.h"

namespace fovea {
namespace {

struct Avx512Bf16 : Avx512 {
  static constexpr bool kPairs = true;
  typedef int32_t AnyInt __attribute__((may_alias));

  static FOVEA_INLINE Vector SplatPair(const float* p) {
    return reinterpret_cast<Vector>(_mm512_set1_epi32(*reinterpret_cast<const AnyInt*>(p)));
  }
  static FOVEA_INLINE Vector AddPairs(Vector c, Vector a, Vector b) {
    return _mm512_dpbf16_ps(c, reinterpret_cast<__m512bh>(a), reinterpret_cast<__m512bh>(b));
  }
  static FOVEA_INLINE Vector InOrder(Vector first, Vector second) {
    return reinterpret_cast<Vector>(_mm512_cvtne2ps_pbh(second, first));
  }
  static FOVEA_INLINE Vector Pair(Vector low, Vector high) {
    const __m512i zipped =
        _mm512_set_epi16(31, 15, 30, 14, 29, 13, 28, 12, 27, 11, 26, 10, 25, 9, 24, 8, 23, 7, 22, 6,
                         21, 5, 20, 4, 19, 3, 18, 2, 17, 1, 16, 0);
    const __m512i numbers = reinterpret_cast<__m512i>(_mm512_cvtne2ps_pbh(high, low));
    return reinterpret_cast<Vector>(_mm512_permutexvar_epi16(zipped, numbers));
  }
};

}  // namespace

constinit const BrgemmFunction kAvx512Bf16Brgemm = VectorBfloat16Brgemm<Avx512Bf16>;

}  // namespace fovea
