#!/bin/bash
# Builds the minimal light OS (Debian 13 amd64, text log-in) as a squashfs, with the catalogue
# that the installer reads: build/lightos/{debian-minimal.squashfs,debian-minimal.cdx.json,images.toml}.
#
#   live-build/lightos/build.sh [--force]
#
# Root only. Quick when neither the inputs nor the output changed since the last build; --force
# builds anyway (for newer packages). Exit codes: 0 there it is, 2 cannot start, else failed.
set -euo pipefail
export LC_ALL=C
here=$(cd -- "$(dirname -- "$0")" && pwd)
top=$(cd -- "$here/../.." && pwd)
out=$top/build/lightos
name=debian-minimal
suite=trixie
image=$out/$name.squashfs

say() { printf 'lightos: %s\n' "$*" >&2; }

[[ ${1:-} == "" || ${1:-} == --force ]] || { say "unknown option $1 (only --force)"; exit 2; }
for tool in mmdebstrap mksquashfs sha256sum python3; do
    command -v "$tool" >/dev/null || { say "$tool is missing: run 'make deps' as root"; exit 2; }
done

inputs=$(cd "$top" && cat live-build/mirrors.sh live-build/sbom.py live-build/lightos/* config/images.toml | sha256sum | cut -d ' ' -f 1)
if [[ ${1:-} == "" && -f $out/inputs.sha256 && $(<"$out/inputs.sha256") == "$inputs" ]] &&
    (cd "$out" && sha256sum --quiet --check "$name.squashfs.sha256" 2>/dev/null); then
    say "up to date: ${image#"$top"/}"
    exit 0
fi
[[ $(id -u) -eq 0 ]] || { say "must be run as root"; exit 2; }

. "$top/live-build/mirrors.sh"
mkdir -p "$out"
rm -f "$out/inputs.sha256"
work=$(mktemp -d "$out/work.XXXXXX")
cleanup() {
    # mmdebstrap unmounts what it mounts; after a crash nothing may be deleted through a mount.
    awk -v under="$work/" 'index($2, under) == 1 { print $2 }' /proc/self/mounts | sort -r |
        while read -r mounted; do umount "$mounted" || umount --lazy "$mounted"; done
    rm -rf --one-file-system "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

packages=$(grep -v '^#' "$here/packages.txt" | paste -s -d ,)
# Questions that the packages would ask: French first, and the fallback boot path of the EFI
# partition is renewed whenever the boot loader is.
cat >"$work/answers" <<'ANSWERS'
locales locales/locales_to_be_generated multiselect en_US.UTF-8 UTF-8, fr_FR.UTF-8 UTF-8
locales locales/default_environment_locale select fr_FR.UTF-8
keyboard-configuration keyboard-configuration/xkb-keymap select fr
keyboard-configuration keyboard-configuration/layoutcode string fr
keyboard-configuration keyboard-configuration/modelcode string pc105
console-setup console-setup/charmap47 select UTF-8
tzdata tzdata/Areas select Europe
tzdata tzdata/Zones/Europe select Paris
grub-efi-amd64 grub2/force_efi_extra_removable boolean true
ANSWERS

say "building $name from Debian $suite"
host_sources "$suite" >"$work/sources"
mkdir "$work/tmp"
TMPDIR=$work/tmp mmdebstrap --quiet --mode=root --variant=apt --architectures=amd64 \
    --include="$packages" \
    --aptopt='APT::Install-Recommends "false"' \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright' \
    --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/info/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' \
    --dpkgopt='path-include=/usr/share/locale/fr/*' --dpkgopt='path-include=/usr/share/locale/fr_FR/*' \
    --dpkgopt='path-include=/usr/share/locale/en/*' --dpkgopt='path-include=/usr/share/locale/locale.alias' \
    --essential-hook='chroot "$1" debconf-set-selections <'"$work/answers" \
    --customize-hook="$here/customize.sh \"\$1\" $suite" \
    "$suite" "$work/root" - <"$work/sources" >&2

unpacked=$(du --summarize --block-size=1 --one-file-system "$work/root" | cut -f 1)
version=$(<"$work/root/etc/debian_version")-$(date -u +%Y%m%d)
python3 "$here/../sbom.py" "$work/root" "$name" "$version" >"$work/$name.cdx.json"
say "packing $((unpacked >> 20)) MiB"
mksquashfs "$work/root" "$work/$name.squashfs" -comp zstd -Xcompression-level 15 -b 256K \
    -noappend -no-progress -quiet >&2

digest=$(sha256sum "$work/$name.squashfs" | cut -d ' ' -f 1)
python3 "$here/catalogue.py" "$top/config/images.toml" "$name" "$version" "$digest" \
    "$(stat -c %s "$work/$name.squashfs")" "$unpacked" >"$work/images.toml"
printf '%s  %s\n' "$digest" "$name.squashfs" >"$work/$name.squashfs.sha256"
mv "$work/$name.squashfs" "$work/$name.squashfs.sha256" "$work/$name.cdx.json" "$work/images.toml" "$out/"
printf '%s\n' "$inputs" >"$out/inputs.sha256"
say "done: ${image#"$top"/}, $(($(stat -c %s "$image") >> 20)) MiB"
