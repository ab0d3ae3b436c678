#!/usr/bin/env bash
# Installs the peers of bin/fovea benchmark, those that are missing, into a folder.
# Usage: install.sh DIRECTORY. Versions: pytorch/requirements.txt and the poms beside this file.
# What was interrupted is not taken for installed: a folder gets its name when it is whole.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
peers=$1
mkdir -p "$peers"
log=$peers/install.log

attempt() { # attempt NAME COMMAND...: shows what the command printed only if it fails
  echo "Setup: installing $1" >&2
  "${@:2}" >"$log" 2>&1 || {
    tail -n 20 "$log" >&2
    echo "Setup: expected to install $1. Received: the error above. Mend it and run the command again." >&2
    exit 1
  }
}

jars() { # jars PEER [OPTION...]: copies the dependencies of its pom
  local peer=$1
  rm -rf "$peers/$peer.part"
  attempt "$peer" mvn -B -f "$here/$peer/pom.xml" \
    org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies \
    -DoutputDirectory="$peers/$peer.part" "${@:2}"
}

pytorch() {
  # A virtual environment does not bear a new name; its last file says that it is whole.
  rm -rf "$peers/venv"
  attempt "a Python environment" python3 -m venv "$peers/venv"
  attempt "PyTorch" "$peers/venv/bin/python" -m pip install -r "$here/pytorch/requirements.txt"
  touch "$peers/venv/installed"
}

[ -e "$peers/venv/installed" ] || pytorch
if [ ! -d "$peers/onnxruntime" ]; then
  jars onnxruntime
  mv "$peers/onnxruntime.part" "$peers/onnxruntime"
fi
if [ ! -d "$peers/dl4j" ]; then
  extension=avx2
  if grep -qw avx512f /proc/cpuinfo; then extension=avx512; fi
  jars dl4j -Dextension="$extension"
  mv "$peers/dl4j.part" "$peers/dl4j"
fi
if [ ! -d "$peers/onednn" ]; then
  jars onednn -DexcludeTransitive=true
  (
    cd "$peers/onednn.part"
    "${JAVA_HOME:+$JAVA_HOME/bin/}jar" xf dnnl-*.jar org/bytedeco/dnnl/linux-x86_64
    mv org/bytedeco/dnnl/linux-x86_64/{include,libdnnl.so.3,libgomp.so.1} .
    rm -r org dnnl-*.jar
  )
  mv "$peers/onednn.part" "$peers/onednn"
fi
rm -f "$log"
