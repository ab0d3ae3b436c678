#!/usr/bin/env bash
# Runs the native tests on an emulated CPU with AVX-512 and its BF16, for machines that have none:
# Bochs boots a Linux of Debian with the tests in its initial RAM disk, one emulator for each processor,
# which share out the tests. See docs/decisions/0036-emulated-avx512.md.
# Usage: emulate.sh TARGET_DIRECTORY TARGET [FILTER]   with TARGET avx512, FILTER as --gtest_filter
# Installs nothing: it names the packages that are missing. What it downloads with apt-get, and the
# Bochs that it compiles, it keeps in TARGET_DIRECTORY/emulate.
set -euo pipefail
source_dir=$(cd "$(dirname "$0")/.." && pwd)
home=$(mkdir -p "$1/emulate" && cd "$1/emulate" && pwd)
# What runs on other CPUs too, and slowly, is left out.
filter=${3:--*/wide16*:*/avx2*:*/reference*}

fail() {
  echo "Emulator: $*" >&2
  exit 1
}

if [ "${2:-}" != avx512 ]; then fail "expected target avx512. Received: '${2:-}'."; fi

missing=()
for program in xorriso cpio; do command -v "$program" >/dev/null || missing+=("$program"); done
if [ ${#missing[@]} -gt 0 ]; then
  fail "expected programs that pack files. Received: none of ${missing[*]}." \
    "Install their packages: apt-get install --no-install-recommends ${missing[*]}"
fi

get() { # get OPTION...: apt-get, which works in the current directory
  apt-get -qq -o APT::Sandbox::User=root "$@" || fail "expected apt-get ${*: -2} to work. Received: the error above."
}

fetch() { # fetch PACKAGE: its files, in a folder of its name
  [ -d "$home/$1" ] && return
  rm -rf "$home/download" && mkdir -p "$home/download" && cd "$home/download"
  get download "$1"
  dpkg-deb -x "$1"_*.deb files
  mv files "$home/$1"
}

# The source of Bochs 3 is in Debian 13. It comes from the mirror of the machine's own packages, checked
# with Debian's keys; the machine's lists of packages stay as they are.
fetch_bochs() { # into the current directory
  local mirror options
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Label: Debian' 'Component: main' | head -n 1)
  [ -n "$mirror" ] || fail "expected a mirror of Debian in apt's sources. Received: none. Run apt-get update."
  mkdir -p lists/partial cache/archives/partial
  cat >debian13.sources <<SOURCES
Types: deb-src
URIs: $mirror
Suites: trixie
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
SOURCES
  options=(-o Dir::Etc::SourceList="$PWD/debian13.sources" -o Dir::Etc::SourceParts=/dev/null
    -o Dir::State::Lists="$PWD/lists" -o Dir::Cache="$PWD/cache")
  get "${options[@]}" update
  get "${options[@]}" source --download-only --tar-only bochs
  tar -xf bochs_*.orig.tar.* --strip-components=1
}

# VCVTNE2PS2BF16 of Bochs 3.0 reads its first source, of which the upper half of the result is made,
# from behind its end. (Intel: the element j of the upper half is that of number j - KL / 2.)
mend_bochs() {
  local file=cpu/avx/avx512_bf16.cc
  sed -i 's/(op1.vmm32u(n));/(op1.vmm32u(n - DWORD_ELEMENTS(len)));/' "$file"
  grep -q 'op1.vmm32u(n - DWORD_ELEMENTS(len))' "$file" || fail "expected to mend $file. Received: another source."
}

# Without a screen, and without the debugger, which would halve its speed.
compile_bochs() { # in the current directory
  ./configure --enable-x86-64 --enable-avx --enable-evex --enable-all-optimizations \
    --with-nogui --disable-docbook CXXFLAGS=-O2 \
    CC="${CMAKE_C_COMPILER_LAUNCHER:-} cc" CXX="${CMAKE_CXX_COMPILER_LAUNCHER:-} c++" &&
    make -j "$(nproc)" bochs
}

build_bochs() {
  [ -d "$home/bochs" ] && return
  echo "Emulator: compiling Bochs (once; a few minutes)"
  rm -rf "$home/download" && mkdir -p "$home/download" && cd "$home/download"
  fetch_bochs
  mend_bochs
  compile_bochs >compile.log 2>&1 || { tail -n 40 compile.log >&2; fail "expected Bochs to compile. Received: the above."; }
  mkdir parts
  mv bochs bios/bios.bin-* bios/vgabios-cirrus.bin-* parts
  mv parts "$home/bochs"
}

(build_bochs)
cmake -S "$source_dir" -B "$home/cmake" -DCMAKE_BUILD_TYPE=Release -DCMAKE_EXE_LINKER_FLAGS=-static
rooms=(kernels layers optimizers network)
cmake --build "$home/cmake" --parallel "$(nproc)" --target "${rooms[@]/%/_test}"
kernel=$(apt-cache depends linux-image-cloud-amd64 2>/dev/null | sed -n 's/^ *Depends: //p' | head -n 1)
[ -n "$kernel" ] || fail "expected package linux-image-cloud-amd64 of Debian. Received: none. Run apt-get update."
packages=("$kernel" busybox-static isolinux syslinux-common)
for package in "${packages[@]}"; do (fetch "$package"); done

# The first process of the emulated machine. Its last line says that nothing went wrong.
write_init() { # write_init SHARD SHARDS
  cat <<INIT
#!/bin/busybox sh
/bin/busybox mount -t proc proc /proc
export GTEST_TOTAL_SHARDS=$2 GTEST_SHARD_INDEX=$1 GTEST_FILTER='$filter' GTEST_BRIEF=1 GTEST_COLOR=no
cd /tmp
failed=
/bin/kernels_test --gtest_filter='*/avx512bf16' --gtest_list_tests | /bin/busybox grep -q avx512bf16 ||
  failed=' no-avx512'
for room in ${rooms[*]}; do
  echo "emulate: \$room"
  /bin/\${room}_test || failed="\$failed \$room"
done
echo "emulate: failed:\${failed:- none}"
/bin/busybox sleep 1 # until the serial line has it all
/bin/busybox poweroff -f
INIT
}

# CPUID bit 580, FSRM (fast short "rep movsb"), which every newer model of Bochs shows: Linux would use
# it though Bochs's other bit of fast strings is off, and its memmove then writes past its end.
write_boot() {
  cat <<BOOT
default linux
prompt 0
label linux
kernel vmlinuz
append initrd=initrd console=ttyS0 quiet clearcpuid=580 mitigations=off nokaslr tsc=reliable lpj=1000000 random.trust_cpu=on panic=-1 reboot=t
BOOT
}

# Without 5-level paging (la57), which Bochs refuses when it returns from the BIOS's interrupt.
write_machine() {
  cat <<MACHINE
display_library: nogui
romimage: file=$(echo "$home"/bochs/bios.bin-*)
vgaromimage: file=$(echo "$home"/bochs/vgabios-cirrus.bin-*)
megs: 1024
cpu: model=sapphire_rapids, exclude_features=la57, count=1, ips=100000000, reset_on_triple_fault=0
clock: sync=none
ata0: enabled=1, ioaddr1=0x1f0, ioaddr2=0x3f0, irq=14
ata0-master: type=cdrom, path=boot.iso, status=inserted
boot: cdrom
com1: enabled=1, mode=file, dev=serial.txt
log: bochs.log
panic: action=fatal
error: action=report
info: action=ignore
MACHINE
}

prepare() { # prepare SHARD SHARDS: a folder that a Bochs runs in
  local shard=$home/shard-$1 room
  rm -rf "$shard" && mkdir -p "$shard"/{ramdisk/{bin,proc,dev,tmp},disc/isolinux}
  cp "$home/busybox-static/bin/busybox" "$shard/ramdisk/bin"
  for room in "${rooms[@]}"; do
    strip -o "$shard/ramdisk/bin/${room}_test" "$home/cmake/${room}_test"
  done
  write_init "$1" "$2" >"$shard/ramdisk/init" && chmod +x "$shard/ramdisk/init"
  (cd "$shard/ramdisk" && find . | cpio --quiet -o -H newc | gzip -1) >"$shard/disc/isolinux/initrd"
  cp "$home/$kernel"/boot/vmlinuz-* "$shard/disc/isolinux/vmlinuz"
  cp "$home/isolinux/usr/lib/ISOLINUX/isolinux.bin" \
    "$home/syslinux-common/usr/lib/syslinux/modules/bios/ldlinux.c32" "$shard/disc/isolinux"
  write_boot >"$shard/disc/isolinux/isolinux.cfg"
  xorriso -as mkisofs -quiet -o "$shard/boot.iso" -b isolinux/isolinux.bin -c isolinux/boot.cat \
    -no-emul-boot -boot-load-size 4 -boot-info-table "$shard/disc" 2>"$shard/xorriso.log" ||
    { cat "$shard/xorriso.log" >&2; exit 1; }
  write_machine >"$shard/bochsrc"
}

shards=$(nproc)
[ "$shards" -le 8 ] || shards=8 # each takes 1 GB of memory
echo "Emulator: $shards of them, about 100 million instructions a second each; a Linux boots first"
for ((i = 0; i < shards; ++i)); do
  prepare "$i" "$shards"
  (cd "$home/shard-$i" && "$home/bochs/bochs" -q -f bochsrc </dev/null >terminal.txt 2>&1) &
done
wait

status=0
for ((i = 0; i < shards; ++i)); do
  echo "Emulator $((i + 1)):"
  serial=$home/shard-$i/serial.txt
  tr -d '\r' <"$serial" | sed -n '/^emulate: kernels/,/^emulate: failed/p'
  tr -d '\r' <"$serial" | grep -qx 'emulate: failed: none' || status=1
done
[ $status -eq 0 ] || fail "expected every test to pass. Received: the lines above; all of them are in $home/shard-*."
echo "Emulator: all tests passed on avx512"
