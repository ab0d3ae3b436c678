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

}  // namespace

constinit const Kernels<float> kWide16 = kVectorKernels<Wide16>;

}  // namespace fovea
