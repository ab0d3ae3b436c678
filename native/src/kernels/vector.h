#pragma once

#include <cstddef>
#include <cstdint>

/// The vector kernels are written once, as templates over a Target, and compiled once per
/// instruction set. The rule that keeps old CPUs safe: a Target is declared in the anonymous
/// namespace of its file, and every function in the vector*.h headers is a template over it. So
/// each file has its own copy of all code, and the linker cannot hand everyone a copy that was
/// compiled for a newer CPU. Of the standard library only <cstddef> and <cstdint> may be included
/// here.
///
/// A Target has
///   kWidth           floats in a vector
///   kTileRows        rows of the largest tile of brgemm; a tile has up to two vectors of columns
///   kPairs           whether it multiplies pairs of bfloat16 numbers, see vector_bfloat16.h
///   Vector, Ints     kWidth floats, kWidth int32_t
///   Bytes            kWidth uint8_t
///   UnalignedVector  as Vector, readable from any address
///   LoadPart(p, n)   p[0..n) and zeros; reads nothing else
///   StorePart(p, n, v)
///   Sqrt(v)
///   ToInts(bytes)    0 to 255 as int32_t
///   ToBytes(ints)    back; ints are 0 to 255
/// The last two are a Target's because __builtin_convertvector of GCC 12 takes the bytes one by
/// one.
#define FOVEA_INLINE inline __attribute__((always_inline))

namespace fovea {

template <class Target>
using Vector = typename Target::Vector;

template <class Target>
FOVEA_INLINE Vector<Target> Load(const float* p) {
  return *reinterpret_cast<const typename Target::UnalignedVector*>(p);
}

template <class Target>
FOVEA_INLINE void Store(float* p, Vector<Target> v) {
  *reinterpret_cast<typename Target::UnalignedVector*>(p) = v;
}

/// x in every lane.
template <class Target>
FOVEA_INLINE Vector<Target> Splat(float x) {
  return x - Vector<Target>{};  // x - 0 is x, also for -0: no instruction but the broadcast
}

/// max(0, v); NaN stays NaN.
template <class Target>
FOVEA_INLINE Vector<Target> Relu(Vector<Target> v) {
  const Vector<Target> zero = {};
  return zero > v ? zero : v;
}

/// Bytes 0 to 255 as float.
template <class Target>
FOVEA_INLINE Vector<Target> ToFloats(typename Target::Bytes bytes) {
  return __builtin_convertvector(Target::ToInts(bytes), Vector<Target>);
}

/// Access to whole vectors. Blocks() calls its function with Whole, then perhaps once with Part.
template <class Target>
struct Whole {
  FOVEA_INLINE Vector<Target> Load(const float* p) const { return fovea::Load<Target>(p); }
  FOVEA_INLINE void Store(float* p, Vector<Target> v) const { fovea::Store<Target>(p, v); }
  FOVEA_INLINE typename Target::Bytes LoadBytes(const uint8_t* p) const {
    typename Target::Bytes bytes;
    __builtin_memcpy(&bytes, p, sizeof(bytes));
    return bytes;
  }
  FOVEA_INLINE void StoreBytes(uint8_t* p, typename Target::Bytes bytes) const {
    __builtin_memcpy(p, &bytes, sizeof(bytes));
  }
};

/// Access to the first `size` lanes: the others read as 0 and are not written.
template <class Target>
struct Part {
  int size;

  FOVEA_INLINE Vector<Target> Load(const float* p) const { return Target::LoadPart(p, size); }
  FOVEA_INLINE void Store(float* p, Vector<Target> v) const { Target::StorePart(p, size, v); }
  FOVEA_INLINE typename Target::Bytes LoadBytes(const uint8_t* p) const {
    typename Target::Bytes bytes = {};
    __builtin_memcpy(&bytes, p, static_cast<size_t>(size));
    return bytes;
  }
  FOVEA_INLINE void StoreBytes(uint8_t* p, typename Target::Bytes bytes) const {
    __builtin_memcpy(p, &bytes, static_cast<size_t>(size));
  }
};

/// Calls function(i, lanes) for the blocks of kWidth elements from 0 to count. The rest takes the
/// same instructions as the body, so an element's result does not depend on where it lies.
template <class Target, typename Function>
FOVEA_INLINE void Blocks(int64_t count, Function function) {
  int64_t i = 0;
  for (; i + Target::kWidth <= count; i += Target::kWidth) function(i, Whole<Target>());
  if (i < count) function(i, Part<Target>{static_cast<int>(count - i)});
}

}  // namespace fovea
