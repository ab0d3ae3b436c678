/// fma_peak TARGET: prints what one core can do at best with the vectors of a target, in GFLOP/s.

#include "fma_peak.h"

#include <cstdio>

int main(int count, char** words) {
  if (count != 2) {
    std::fprintf(stderr, "fma_peak: expected a target. Received: %d words.\n", count - 1);
    return 2;
  }
  std::printf("%.1f\n", fovea::FmaPeakGflops(words[1]));
  return 0;
}
