#include "fma_peak.h"

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace fovea {
namespace {

constexpr int kSums = 12;  // more than latency * units, fewer than registers

// The sums are named, not an array: an asm statement with an array element keeps it in memory.
#define FOVEA_PEAK_LOOP(name, isa, bytes)                                        \
  __attribute__((target(isa), noinline)) float name(int64_t count) {             \
    typedef float V __attribute__((vector_size(bytes)));                         \
    V a{}, b{}, c{}, d{}, e{}, f{}, g{}, h{}, i{}, j{}, k{}, l{};                \
    V x = V{} + 0.999f, y = V{} + 1e-6f;                                         \
    for (int64_t n = 0; n < count; ++n) {                                        \
      a = a * x + y, b = b * x + y, c = c * x + y, d = d * x + y, e = e * x + y; \
      f = f * x + y, g = g * x + y, h = h * x + y, i = i * x + y, j = j * x + y; \
      k = k * x + y, l = l * x + y;                                              \
      asm volatile("" : "+x"(a), "+x"(b), "+x"(c), "+x"(d), "+x"(e), "+x"(f));   \
      asm volatile("" : "+x"(g), "+x"(h), "+x"(i), "+x"(j), "+x"(k), "+x"(l));   \
    }                                                                            \
    const V sum = a + b + c + d + e + f + g + h + i + j + k + l;                 \
    return sum[0];                                                               \
  }

FOVEA_PEAK_LOOP(PeakSse2, "sse2", 16)
FOVEA_PEAK_LOOP(PeakAvx2, "avx2,fma", 32)
FOVEA_PEAK_LOOP(PeakAvx512, "avx512f,avx2,fma", 64)

double Seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

double FmaPeakGflops(std::string_view target) {
  const bool is_avx512 = target.starts_with("avx512");
  const auto loop = is_avx512 ? PeakAvx512 : target == "avx2" ? PeakAvx2 : PeakSse2;
  const int width = is_avx512 ? 16 : target == "avx2" ? 8 : 4;
  constexpr int64_t kCount = 500'000;
  double best = 0;
  volatile float sink = 0;
  for (int run = 0; run < 41; ++run) {
    const double start = Seconds();
    sink = loop(kCount);
    best = std::max(best, 2.0 * kSums * width * kCount / (Seconds() - start) / 1e9);
  }
  static_cast<void>(sink);
  return best;
}

}  // namespace fovea
