#!/usr/bin/env bash
# The shared library exports its natives and nothing else, and needs no glibc newer than 2.34.
# Usage: exported_symbols.sh LIBRARY
set -euo pipefail
library=$1
strangers=$(nm -D --defined-only "$library" | awk '{print $3}' |
  grep -v '^Java_dev_fovea_core_runtime_NativeMethods_' || true)
if [ -n "$strangers" ]; then
  echo "$library: expected only JNI functions among the exported symbols. Received:" $strangers
  exit 1
fi
newest=$(objdump -T "$library" | grep -o 'GLIBC_[0-9.]*' | sort -Vu | tail -1)
if [ "$(printf '%s\nGLIBC_2.34\n' "$newest" | sort -V | tail -1)" != GLIBC_2.34 ]; then
  echo "$library: expected glibc symbols up to GLIBC_2.34. Received: $newest"
  exit 1
fi
echo "$(nm -D --defined-only "$library" | wc -l) natives exported; newest glibc symbol: $newest"
