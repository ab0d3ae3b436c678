#!/usr/bin/env bash
# A file compiled for a newer CPU must not offer functions that the linker could choose for everyone
# (weak symbols: inline functions, templates): they would stop older CPUs with SIGILL. The only
# symbol it may define for others is its table, or what it has to add to one.
# Usage: target_code_is_private.sh LIBRARY (libfovea_kernels.a)
set -euo pipefail
found=0
for target in avx2 avx512 avx512bf16; do
  symbols=$(nm -C --defined-only "$1" |
    awk -v file="kernels_$target.cc.o:" '/:$/ { inside = ($0 == file) } inside && / [A-Zuvw] /')
  if [[ $(grep -c . <<<"$symbols") != 1 || $symbols != *"fovea::kAvx"* ]]; then
    echo "kernels_$target.cc: expected one symbol, its table. Received:" "$symbols"
    found=1
  fi
done
exit $found
