#!/usr/bin/env bash
# Compiles the tensor core in Release.
# Usage: build.sh TARGET_DIRECTORY library   compiles the library and lays it where the jar takes it from
#        build.sh TARGET_DIRECTORY test      compiles the tests and runs them
set -euo pipefail
source_dir=$(cd "$(dirname "$0")" && pwd)
target=$1
build=$target/cmake
mkdir -p "$build"

quietly() { # shows what the command printed only if it fails
  "$@" >"$target/native-build.log" 2>&1 || { cat "$target/native-build.log" >&2; exit 1; }
}

if [ ! -f "$build/CMakeCache.txt" ]; then
  generator=()
  if command -v ninja >/dev/null; then generator=(-G Ninja); fi
  quietly cmake -S "$source_dir" -B "$build" "${generator[@]}" -DCMAKE_BUILD_TYPE=Release
fi
case $2 in
  library)
    quietly cmake --build "$build" --parallel "$(nproc)" --target fovea_tensorcore
    library=$target/classes/META-INF/native/linux-x86_64
    mkdir -p "$library"
    strip --strip-unneeded -o "$library/libfovea_tensorcore.so" "$build/libfovea_tensorcore.so"
    ;;
  test)
    quietly cmake --build "$build" --parallel "$(nproc)"
    ctest --test-dir "$build" --output-on-failure --parallel "$(nproc)"
    ;;
  *)
    echo "build.sh: expected library or test. Received: $2." >&2
    exit 1
    ;;
esac
