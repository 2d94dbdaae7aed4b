#!/bin/sh
# Builds the central server's container image: build/reprise-server.tar, which "podman load" and
# "docker load" take, from Debian 13 (mmdebstrap) and the package that package.sh built. Root only.
# Quick when the package is the same as before; --force builds anyway (for newer packages of Debian).
#
# Exit codes: 0 the image is there, 2 cannot start, else a step failed.
set -eu
export LC_ALL=C
umask 022
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
top=$(CDPATH= cd -- "$here/../.." && pwd)
out=$top/build/server
image=$top/build/reprise-server.tar
suite=trixie

say() { printf 'server-image: %s\n' "$*" >&2; }
refuse() { say "$*"; exit 2; }

deb=$(find "$top/build" -maxdepth 1 -name 'reprise-server_*_amd64.deb')
[ -f "$deb" ] || refuse "the package is missing: run 'make server-package'"
inputs=$(cat "$deb" "$0" "$here/archive.py" | sha256sum | cut -d ' ' -f 1)
if [ "${1:-}" != --force ] && [ -f "$image" ] && [ "$(cat "$out/image.inputs" 2>/dev/null)" = "$inputs" ]; then
    say "up to date: build/${image##*/}"
    exit 0
fi
[ "$(id -u)" -eq 0 ] || refuse "must be run as root"
for tool in mmdebstrap python3; do
    command -v "$tool" >/dev/null || refuse "$tool is missing: run 'make deps' as root"
done
. "$top/live-build/epoch.sh"
. "$top/live-build/mirrors.sh"

work=
cleanup() {
    [ -n "$work" ] || return 0
    # mmdebstrap unmounts what it mounts; after a crash nothing may be deleted through a mount.
    awk -v under="$work/" 'index($2, under) == 1 { print $2 }' /proc/self/mounts | sort -r |
        while read -r mounted; do umount "$mounted" || umount --lazy "$mounted"; done
    rm -rf --one-file-system "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM HUP
mkdir -p "$out"
work=$(mktemp -d "$out/image.XXXXXX")
host_sources "$suite" >"$work/sources"
public_sources "$suite" >"$work/debian.sources"
cp "$deb" "$work/reprise-server.deb"
# In the image. The number of its user is always the same one: files on volumes bear it.
cat >"$work/install.sh" <<'INSTALL'
set -eu
adduser --system --uid 990 --group --quiet --home /var/lib/reprise --no-create-home reprise-server
dpkg --install /reprise-server.deb
rm -rf /reprise-server.deb /install.sh /etc/hostname /etc/resolv.conf /etc/machine-id /etc/.pwd.lock /etc/*- \
    /var/log/*.log /var/log/apt /var/cache/ldconfig/aux-cache /var/cache/debconf/*-old /var/lib/dpkg/*-old \
    /var/lib/apt/lists/* /var/cache/apt/*.bin /etc/apt/apt.conf.d/99mmdebstrap /etc/dpkg/dpkg.cfg.d/99mmdebstrap
INSTALL
say "building from Debian $suite"
# pg_dump is what a backup of PostgreSQL takes.
TMPDIR=$work mmdebstrap --quiet --variant=essential --architectures=amd64 \
    --include=adduser,ca-certificates,postgresql-client,python3.13,tzdata \
    --aptopt='APT::Install-Recommends "false"' \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright' \
    --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/info/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' \
    --customize-hook="copy-in $work/reprise-server.deb $work/install.sh /" \
    --customize-hook='chroot "$1" sh /install.sh' \
    --customize-hook='rm -f "$1"/etc/apt/sources.list "$1"/etc/apt/sources.list.d/*' \
    --customize-hook="upload $work/debian.sources /etc/apt/sources.list.d/debian.sources" \
    "$suite" "$work/layer.tar" - <"$work/sources" >&2
version=$(dpkg-deb -f "$deb" Version)
python3 "$here/archive.py" "$work/layer.tar" "$version" "$work/new.tar"
rm -f "$out/image.inputs"
mv "$work/new.tar" "$image"
printf '%s\n' "$inputs" >"$out/image.inputs"
say "build/${image##*/}: $(($(stat -c %s "$image") / 1048576)) MiB"
