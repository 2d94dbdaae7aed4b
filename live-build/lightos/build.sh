#!/bin/bash
# Builds light systems (Debian 13 amd64), each as a squashfs with its bill of materials, and the
# catalogue that the installer reads: build/lightos/{NAME.squashfs,NAME.cdx.json,images.toml}.
#
#   live-build/lightos/build.sh [NAME…] [--force]      NAME: a folder beside this script, with
#                                                      packages.txt, customize.sh and includes/;
#                                                      debian-minimal where none is given
#
# shared/ holds what every system has. Root only. Quick when neither the inputs nor the output
# changed since the last build; --force builds anyway (for newer packages). The catalogue lists
# every system that is there. Exit codes: 0 there it is, 2 cannot start, else failed.
set -euo pipefail
export LC_ALL=C
umask 022
here=$(cd -- "$(dirname -- "$0")" && pwd)
top=$(cd -- "$here/../.." && pwd)
out=$top/build/lightos
config=$top/config/images.toml
suite=trixie
force=
names=()

say() { printf 'lightos: %s\n' "$*" >&2; }
refuse() { say "$*"; exit 2; }

for word in "$@"; do
    case $word in
        --force) force=yes ;;
        -*) refuse "unknown option $word (only --force)" ;;
        *) [[ -f $here/$word/packages.txt ]] || refuse "there is no system named $word in live-build/lightos"
           names+=("$word") ;;
    esac
done
[[ ${#names[@]} -gt 0 ]] || names=(debian-minimal)
for tool in mmdebstrap mksquashfs sha256sum python3; do
    command -v "$tool" >/dev/null || refuse "$tool is missing: run 'make deps' as root"
done

# What a system is made of: the shared parts, its own folder, its entry of the catalogue, and the
# first-start assistant that goes into a desktop with the package that it shares with the station. Fails where one
# of them cannot be read.
inputs_of() {
    local folders=(live-build/lightos/shared "live-build/lightos/$1")
    cd "$top" || return
    if [[ $1 != debian-minimal ]]; then
        folders+=(app/reprise_first_start app/reprise_common)
    fi
    # Under "||" nothing here ends the script by itself: hence every "&&".
    { sha256sum live-build/mirrors.sh live-build/sbom.py live-build/lightos/*.* &&
      python3 live-build/lightos/catalogue.py entry "$config" "$1" &&
      find "${folders[@]}" -type f ! -path '*/__pycache__/*' -print0 | sort -z | xargs -0 sha256sum
    } | sha256sum | cut -d ' ' -f 1
}
up_to_date() {
    [[ -z $force && -f $out/$1.inputs && $(<"$out/$1.inputs") == "$2" ]] &&
        (cd "$out" && sha256sum --quiet --check "$1.squashfs.sha256" 2>/dev/null)
}

. "$top/live-build/epoch.sh"
. "$top/live-build/mirrors.sh"
work=
cleanup() {
    [[ -n $work ]] || return 0
    # mmdebstrap unmounts what it mounts; after a crash nothing may be deleted through a mount.
    awk -v under="$work/" 'index($2, under) == 1 { print $2 }' /proc/self/mounts | sort -r |
        while read -r mounted; do umount "$mounted" || umount --lazy "$mounted"; done
    rm -rf --one-file-system "$work"
    work=
}
trap cleanup EXIT
trap 'exit 130' INT TERM

# Questions that the packages would ask: French first. The last is asked by shim-signed alone here: its
# updates run grub-install, and renew the EFI partition's fallback boot path, too.
answers() {
    cat <<'ANSWERS'
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
    [[ ! -f $here/$1/answers.txt ]] || grep -v '^#' "$here/$1/answers.txt"
}

build() (
    name=$1
    packages=$(grep -hv '^#' "$here/shared/packages.txt" "$here/$name/packages.txt" | paste -s -d ,)
    [[ ! -f $here/$name/components ]] || COMPONENTS=$(<"$here/$name/components")
    export COMPONENTS=${COMPONENTS:-main}
    say "building $name from Debian $suite"
    host_sources "$suite" >"$work/sources"
    answers "$name" >"$work/answers"
    mkdir "$work/tmp" "$work/includes"
    # A clone made under another umask keeps its files to one person.
    [[ ! -d $here/$name/includes ]] || cp -R "$here/$name/includes/." "$work/includes/"
    chmod -R u=rwX,go=rX "$work/includes"
    TMPDIR=$work/tmp mmdebstrap --quiet --mode=root --variant=apt --architectures=amd64 \
        --include="$packages" \
        --aptopt='APT::Install-Recommends "false"' \
        --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright' \
        --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/info/*' \
        --dpkgopt='path-exclude=/usr/share/locale/*' \
        --dpkgopt='path-include=/usr/share/locale/fr/*' --dpkgopt='path-include=/usr/share/locale/fr_FR/*' \
        --dpkgopt='path-include=/usr/share/locale/en/*' --dpkgopt='path-include=/usr/share/locale/locale.alias' \
        --essential-hook="chroot \"\$1\" debconf-set-selections <${work@Q}/answers" \
        --customize-hook="${here@Q}/shared/customize.sh \"\$1\" $suite" \
        --customize-hook="cp -R ${work@Q}/includes/. \"\$1\"/" \
        --customize-hook="${here@Q}/$name/customize.sh \"\$1\" $suite" \
        --customize-hook="${here@Q}/shared/clean.sh \"\$1\"" \
        "$suite" "$work/root" - <"$work/sources" >&2

    # Not by du: how much a folder takes depends on what was in it before.
    unpacked=$(find "$work/root" -xdev -printf '%i %y %s\n' | awk '
        $2 == "d" { bytes += 4096 }
        $2 == "f" && !seen[$1]++ { bytes += int(($3 + 4095) / 4096) * 4096 }
        END { printf "%.0f\n", bytes }')
    version=$(<"$work/root/etc/debian_version")-$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y%m%d)
    python3 "$here/../sbom.py" "$work/root" "$name" "$version" >"$work/$name.cdx.json"
    say "packing $((unpacked >> 20)) MiB"
    mksquashfs "$work/root" "$work/$name.squashfs" -comp zstd -Xcompression-level 15 -b 256K \
        -noappend -no-progress -quiet >&2

    digest=$(sha256sum "$work/$name.squashfs" | cut -d ' ' -f 1)
    python3 "$here/catalogue.py" add "$config" "$out/images.toml" "$name" "$version" "$digest" \
        "$(stat -c %s "$work/$name.squashfs")" "$unpacked" >"$work/images.toml"
    printf '%s  %s\n' "$digest" "$name.squashfs" >"$work/$name.squashfs.sha256"
    mv "$work/$name.squashfs" "$work/$name.squashfs.sha256" "$work/$name.cdx.json" "$work/images.toml" "$out/"
)

for name in "${names[@]}"; do
    inputs=$(inputs_of "$name") || exit 2
    if up_to_date "$name" "$inputs"; then
        say "up to date: build/lightos/$name.squashfs"
        continue
    fi
    [[ $(id -u) -eq 0 ]] || refuse "must be run as root"
    mkdir -p "$out"
    rm -f "$out/$name.inputs"
    work=$(mktemp -d "$out/work.XXXXXX")
    build "$name"
    cleanup
    printf '%s\n' "$inputs" >"$out/$name.inputs"
    say "done: build/lightos/$name.squashfs, $(($(stat -c %s "$out/$name.squashfs") >> 20)) MiB"
done
