#pragma once

#include <jni.h>

#include <cstdint>
#include <new>
#include <span>
#include <stdexcept>
#include <string>

#include "layers/error.h"

namespace fovea {

/// Flushes denormal numbers to zero while it lives (they cost a hundred cycles each) and gives the
/// thread back to the JVM as it was.
class FlushDenormals {
 public:
  FlushDenormals() : saved_(__builtin_ia32_stmxcsr()) {
    constexpr unsigned kFlushToZero = 1U << 15;
    constexpr unsigned kDenormalsAreZero = 1U << 6;
    __builtin_ia32_ldmxcsr(saved_ | kFlushToZero | kDenormalsAreZero);
  }
  ~FlushDenormals() { __builtin_ia32_ldmxcsr(saved_); }
  FlushDenormals(const FlushDenormals&) = delete;
  FlushDenormals& operator=(const FlushDenormals&) = delete;

 private:
  unsigned saved_;
};

inline void Throw(JNIEnv* env, const char* type, const char* message) {
  if (env->ExceptionCheck() == JNI_TRUE) return;
  const jclass found = env->FindClass(type);
  if (found != nullptr) env->ThrowNew(found, message);
}

/// Runs `body`; a C++ exception becomes a pending Java exception with the same message.
template <typename Body>
auto Guard(JNIEnv* env, Body body) -> decltype(body()) {
  const FlushDenormals flush;
  try {
    return body();
  } catch (const Error& error) {
    Throw(env, "java/lang/IllegalArgumentException", error.what());
  } catch (const std::bad_alloc&) {
    Throw(
        env, "java/lang/OutOfMemoryError",
        "Native memory: expected room for the activations of the network. Received: an allocation "
        "that failed. Lower batchSize or raise spark.executor.memoryOverhead.");
  } catch (const std::exception& error) {
    Throw(env, "java/lang/IllegalStateException", error.what());
  }
  return decltype(body())();
}

/// `count` elements of a direct buffer from `offset` on. Throws Error when it is none, or smaller.
template <typename T>
std::span<T> ToSpan(JNIEnv* env, jobject buffer, int64_t offset, int64_t count, const char* name) {
  constexpr int64_t kSize = sizeof(T);
  if (offset < 0 || count < 0 || count > INT64_MAX / kSize - offset) {
    throw Error("Buffer " + std::string(name) + ": expected elements from 0 on. Received: " +
                std::to_string(count) + " from " + std::to_string(offset) + " on.");
  }
  void* address = buffer == nullptr ? nullptr : env->GetDirectBufferAddress(buffer);
  const int64_t bytes = buffer == nullptr ? -1 : env->GetDirectBufferCapacity(buffer);
  const int64_t expected = (offset + count) * kSize;
  if (address == nullptr || bytes < expected) {
    throw Error("Buffer " + std::string(name) + ": expected a direct buffer of " +
                std::to_string(expected) + " bytes. Received: " +
                (address == nullptr ? "none that is direct" : std::to_string(bytes)) + ".");
  }
  if (reinterpret_cast<uintptr_t>(address) % alignof(T) != 0) {
    throw Error("Buffer " + std::string(name) + ": expected an address that is a multiple of " +
                std::to_string(alignof(T)) + ". Received: one that is not.");
  }
  return {static_cast<T*>(address) + offset, static_cast<size_t>(count)};
}

/// The first `count` elements.
template <typename T>
std::span<T> ToSpan(JNIEnv* env, jobject buffer, int64_t count, const char* name) {
  return ToSpan<T>(env, buffer, 0, count, name);
}

inline std::string ToString(JNIEnv* env, jbyteArray utf8) {
  std::string text(static_cast<size_t>(env->GetArrayLength(utf8)), '\0');
  env->GetByteArrayRegion(utf8, 0, static_cast<jsize>(text.size()),
                          reinterpret_cast<jbyte*>(text.data()));
  return text;
}

}  // namespace fovea
