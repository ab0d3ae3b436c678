/// onednn_benchmark: kernels against oneDNN's, one thread each, as a markdown table.

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <oneapi/dnnl/dnnl.hpp>

#include "contest.h"
#include "fma_peak.h"
#include "kernels/kernels.h"

int main(int, char** words) {
  // OpenMP reads this when it is loaded, before main: set it and start again.
  const char* threads = std::getenv("OMP_NUM_THREADS");
  if (threads == nullptr || std::strcmp(threads, "1") != 0) {
    setenv("OMP_NUM_THREADS", "1", 1);
    execv("/proc/self/exe", words);
    std::perror("onednn_benchmark: expected to start again with OMP_NUM_THREADS=1");
    return 1;
  }
  const double peak = fovea::FmaPeakGflops(fovea::KernelsFor<float>().target);
  std::printf("| kernel | Fovea, ms | oneDNN %d.%d, ms | oneDNN / Fovea | Fovea, of FMA peak |\n",
              dnnl_version()->major, dnnl_version()->minor);
  std::printf("|---|---:|---:|---:|---:|\n");
  fovea::RunGemms(peak);
  fovea::RunConvolutions(peak);
  return 0;
}
