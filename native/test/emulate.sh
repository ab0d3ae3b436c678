#!/usr/bin/env bash
# Runs the native tests on an emulated CPU with AVX-512, for machines that have none: Bochs boots a
# Linux of Debian with the tests in its initial RAM disk, one emulator for each processor, which share
# out the tests. See docs/decisions/0036-emulated-avx512.md.
# Usage: emulate.sh TARGET_DIRECTORY TARGET [FILTER]   with TARGET avx512, FILTER as --gtest_filter
# Installs nothing: it names the packages that are missing. Downloads a kernel and busybox with
# `apt-get download` into TARGET_DIRECTORY/emulate and keeps them there.
set -euo pipefail
source_dir=$(cd "$(dirname "$0")/.." && pwd)
home=$(mkdir -p "$1/emulate" && cd "$1/emulate" && pwd)
# What runs on other CPUs too, and slowly, is left out.
filter=${3:--*/wide16:*/avx2:*/reference}

fail() {
  echo "Emulator: $*" >&2
  exit 1
}

if [ "${2:-}" != avx512 ]; then fail "expected target avx512. Received: '${2:-}'."; fi

bios=/usr/share/bochs/BIOS-bochs-latest
video=/usr/share/bochs/VGABIOS-lgpl-latest
isolinux=/usr/lib/ISOLINUX/isolinux.bin
loader=/usr/lib/syslinux/modules/bios/ldlinux.c32
missing=()
command -v bochs >/dev/null && [ -r "$video" ] || missing+=(bochs)
compgen -G '/usr/lib/*/bochs/plugins/libbx_term_gui.so' >/dev/null || missing+=(bochs-term)
[ -r "$bios" ] || missing+=(bochsbios)
[ -r "$isolinux" ] || missing+=(isolinux)
[ -r "$loader" ] || missing+=(syslinux-common)
for program in xorriso cpio; do command -v "$program" >/dev/null || missing+=("$program"); done
if [ ${#missing[@]} -gt 0 ]; then
  fail "expected the packages of Bochs and a boot loader. Received: none of ${missing[*]}." \
    "Install them: apt-get install --no-install-recommends ${missing[*]}"
fi

fetch() { # fetch PACKAGE: its files, in a folder of its name
  [ -d "$home/$1" ] && return
  rm -rf "$home/download" && mkdir -p "$home/download"
  (cd "$home/download" && apt-get -qq -o APT::Sandbox::User=root download "$1" &&
    dpkg-deb -x "$1"_*.deb files) || fail "expected package $1 from apt-get. Received: the error above."
  mv "$home/download/files" "$home/$1"
}

cmake -S "$source_dir" -B "$home/cmake" -DCMAKE_BUILD_TYPE=Release -DCMAKE_EXE_LINKER_FLAGS=-static
rooms=(kernels layers optimizers network)
cmake --build "$home/cmake" --parallel "$(nproc)" --target "${rooms[@]/%/_test}"
kernel=$(apt-cache depends linux-image-cloud-amd64 2>/dev/null | sed -n 's/^ *Depends: //p' | head -n 1)
[ -n "$kernel" ] || fail "expected package linux-image-cloud-amd64 of Debian. Received: none. Run apt-get update."
fetch "$kernel"
fetch busybox-static

# The first process of the emulated machine. Its last line says that nothing went wrong.
write_init() { # write_init SHARD SHARDS
  cat <<INIT
#!/bin/busybox sh
/bin/busybox mount -t proc proc /proc
export GTEST_TOTAL_SHARDS=$2 GTEST_SHARD_INDEX=$1 GTEST_FILTER='$filter' GTEST_BRIEF=1 GTEST_COLOR=no
cd /tmp
failed=
/bin/kernels_test --gtest_filter='*/avx512' --gtest_list_tests | /bin/busybox grep -q avx512 ||
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

# The kernel's own check of the size of XSAVE's area does not agree with Bochs 2.7 about XSAVES and
# XSAVEC (CPUID bits 323 and 321), and it would then switch AVX off: it is told not to use them.
write_boot() {
  cat <<BOOT
default linux
prompt 0
label linux
kernel vmlinuz
append initrd=initrd console=ttyS0 quiet clearcpuid=321,323 mitigations=off nokaslr tsc=reliable lpj=1000000 random.trust_cpu=on panic=-1 reboot=t
BOOT
}

write_machine() {
  cat <<MACHINE
display_library: term
romimage: file=$bios
vgaromimage: file=$video
megs: 1024
cpu: model=corei7_skylake_x, count=1, ips=100000000, reset_on_triple_fault=0
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
  cp "$isolinux" "$loader" "$shard/disc/isolinux"
  write_boot >"$shard/disc/isolinux/isolinux.cfg"
  xorriso -as mkisofs -quiet -o "$shard/boot.iso" -b isolinux/isolinux.bin -c isolinux/boot.cat \
    -no-emul-boot -boot-load-size 4 -boot-info-table "$shard/disc" 2>"$shard/xorriso.log" ||
    { cat "$shard/xorriso.log" >&2; exit 1; }
  write_machine >"$shard/bochsrc"
  echo continue >"$shard/commands" # Debian's Bochs starts in its debugger
}

shards=$(nproc)
[ "$shards" -le 8 ] || shards=8 # each takes 1 GB of memory
echo "Emulator: $shards of them, about 50 million instructions a second each; a Linux boots first"
for ((i = 0; i < shards; ++i)); do
  prepare "$i" "$shards"
  # Bochs wants a terminal to draw on.
  (cd "$home/shard-$i" &&
    TERM=xterm script -qec "bochs -q -f bochsrc -rc commands" /dev/null </dev/null >terminal.txt 2>&1) &
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
