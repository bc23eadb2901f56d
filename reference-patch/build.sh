#!/bin/sh
# Builds the reference kernel: the distribution's source package of Linux 6.12, the patches beside this script, tinyconfig and kernel.config.
set -eu

usage() {
    cat <<END
usage: build.sh [-j JOBS] [-s SOURCE] [-w FOLDER] [-c CONFIG] [-n] OUTPUT

Builds a small bootable kernel image with the reference patch and writes it to OUTPUT (about 4 MB; some 12 minutes on two CPUs).

  -j JOBS    how many compilers at once (default: the number of CPUs)
  -s SOURCE  an unpacked source tree of Linux 6.12, or linux-source-6.12.tar.xz (default: the tarball in /usr/src)
  -w FOLDER  where to unpack and build; kept, and built on incrementally when it is there already (default: a new one, removed)
  -c CONFIG  a configuration fragment in the place of kernel.config
  -n         without the patches: a stock kernel of the same configuration

Debian: apt-get install linux-source-6.12 build-essential flex bison bc cpio xz-utils libelf-dev libssl-dev libdw-dev dwarves
END
}

complain() {
    echo "build.sh: $*" >&2
    exit 2
}

here=$(cd "$(dirname "$0")" && pwd)
jobs=$(nproc)
source=/usr/src/linux-source-6.12.tar.xz
work=
config=$here/kernel.config
patched=yes
while getopts j:s:w:c:nh option; do
    case $option in
    j) jobs=$OPTARG ;;
    s) source=$OPTARG ;;
    w) work=$OPTARG ;;
    c) config=$(realpath "$OPTARG") ;;
    n) patched=no ;;
    h) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
    esac
done
shift $((OPTIND - 1))
[ $# = 1 ] || { usage >&2; exit 2; }
output=$(realpath -m "$1")

for tool in gcc make flex bison bc cpio xz pahole patch; do
    command -v "$tool" >/dev/null || complain "no $tool here; 'build.sh -h' lists the packages"
done
[ -e "$source" ] || complain "no $source; 'build.sh -h' lists the packages"
[ -r "$config" ] || complain "no $config"

if [ -z "$work" ]; then
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
fi
tree=$work/linux
if [ ! -e "$tree/.unpacked" ]; then
    echo "unpacking $source"
    mkdir -p "$tree"
    if [ -d "$source" ]; then
        cp -a "$source/." "$tree"
    else
        tar -xf "$source" -C "$tree" --strip-components=1
    fi
    touch "$tree/.unpacked"
fi
grep -q '^VERSION = 6$' "$tree/Makefile" && grep -q '^PATCHLEVEL = 12$' "$tree/Makefile" \
    || complain "$source is no Linux 6.12"
if [ $patched = yes ] && [ ! -e "$tree/.patched" ]; then
    for change in "$here"/*.patch; do
        patch -d "$tree" -p1 -s <"$change" || complain "$(basename "$change") does not apply to $source"
    done
    touch "$tree/.patched"
fi

log=$work/build.log
: >"$log"
run() {
    "$@" >>"$log" 2>&1 || { tail -n 20 "$log" >&2; complain "$1 failed"; }
}
if ! cmp -s "$config" "$tree/.fragment"; then
    run make -C "$tree" tinyconfig
    (cd "$tree" && run scripts/kconfig/merge_config.sh -m .config "$config")
    run make -C "$tree" olddefconfig
    for setting in $(grep '^CONFIG_.*=y$' "$config"); do
        [ $patched = no ] && [ "$setting" = CONFIG_BPF_COMPRESSOR=y ] && continue
        grep -qxF "$setting" "$tree/.config" || complain "$setting can not be had with the rest of $config"
    done
    cp "$config" "$tree/.fragment"
fi
echo "building with $jobs compilers at once"
run make -C "$tree" -j "$jobs" bzImage
cp "$tree/arch/x86/boot/bzImage" "$output"
echo "$output: $(make -s -C "$tree" kernelrelease), $(wc -c <"$output") bytes"
