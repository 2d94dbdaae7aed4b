#!/bin/sh
# Builds the live image: build/reprise.iso (and .sha256), from live-build/, hooks/, config/, app/ and
# the light systems in build/lightos/ that IMAGES names. Work tree: build/live/, log: build/image.log.
# Beside it build/filesystem.squashfs.sha256, which every report of a PC started from the image repeats,
# and build/reprise.netboot/, what netboot.py needs beside the ISO.
#
#   [IMAGES="debian-desktop …"] live-build/build.sh [--force]      debian-minimal where it is not set;
#                                                                  empty: the station alone
#
# Quick when no input changed since the last build; --force builds anyway (for newer packages). The
# same commit and the same packages give the same bytes; SOURCE_DATE_EPOCH (default: the commit's
# time) stands for "now".
# Exit codes: 0 the image is there, 2 cannot start, 4 the build failed, 130 stopped.
set -eu
export LC_ALL=C
umask 022
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
top=$(CDPATH= cd -- "$here/.." && pwd)
work=$top/build/live
log=$top/build/image.log
iso=$top/build/reprise.iso
lightos=${REPRISE_LIGHTOS:-$top/build/lightos}  # folder of the systems that the image carries
# Each once and sorted, however they were typed.
images=$(echo $(printf '%s\n' ${IMAGES-debian-minimal} | sort -u))
pip=$top/.venv/bin/pip

say() { printf 'image: %s\n' "$*" >&2; }
refuse() { say "$*"; exit 2; }

force=
case "${1:-}" in
    "") ;;
    --force) force=yes ;;
    *) refuse "unknown option $1 (only --force)" ;;
esac

# What the image is made of. Compiled and generated files do not count: they follow from these.
inputs_digest() {
    cd "$top"
    {
        find app live-build hooks config -type f \
            ! -path '*/__pycache__/*' ! -path '*.egg-info/*' ! -name '*.mo' -print0 | sort -z |
            xargs -0 sha256sum
        sha256sum pyproject.toml requirements.lock
        python3 live-build/lightos/catalogue.py select "$lightos/images.toml" $images 2>/dev/null || true
        for name in $images; do [ ! -e "$lightos/$name.squashfs" ] || sha256sum <"$lightos/$name.squashfs"; done
    } | sha256sum | cut -d ' ' -f 1
    cd "$OLDPWD"
}

inputs=$(inputs_digest)
if [ -z "$force" ] && [ -f "$iso" ] && [ "$(cat "$iso.inputs" 2>/dev/null)" = "$inputs" ]; then
    say "up to date: build/reprise.iso"
    exit 0
fi

[ "$(id -u)" -eq 0 ] || refuse "building the image needs root (chroot, mounts): run it as root"
for tool in lb flock setsid debootstrap apt-get chroot sha256sum xargs git xorriso python3; do
    command -v "$tool" >/dev/null || refuse "$tool is missing: run 'make deps' as root"
done
[ -x "$pip" ] || refuse ".venv is missing: run 'make venv'"
for name in $images; do
    [ -f "$lightos/$name.squashfs" ] ||
        refuse "the light OS $name is missing: run 'live-build/lightos/build.sh $name' as root"
done
free_mib=$(df --output=avail -BM "$top" | tail -n 1 | tr -dc 0-9)
[ "$free_mib" -ge 8192 ] || refuse "8 GiB of free disk space are needed here, $free_mib MiB are left"

. "$here/epoch.sh"
. "$here/mirrors.sh"

unmount_all() {
    # Deepest first; nothing below the work tree may stay mounted, or the next clean-up would
    # delete through it.
    awk -v under="$work/" 'index($2, under) == 1 { print $2 }' /proc/self/mounts | sort -r |
        while read -r mounted; do umount "$mounted" 2>/dev/null || umount --lazy "$mounted" || true; done
}
child=
finish() {
    status=$?
    trap '' INT TERM HUP
    trap - EXIT
    if [ -n "$child" ]; then
        kill -s TERM -- "-$child" 2>/dev/null || true
        sleep 1
        kill -s KILL -- "-$child" 2>/dev/null || true
        wait "$child" 2>/dev/null || true
    fi
    unmount_all
    if [ "$status" -eq 130 ]; then
        say "stopped"
    elif [ "$status" -ne 0 ]; then
        status=4
        say "the build failed; the end of build/image.log:"
        tail -n 25 "$log" >&2
    fi
    exit "$status"
}

mkdir -p "$work"
exec 9>"$work/.build-lock"
flock -n 9 || refuse "another image build is running here"
: >"$log"
trap finish EXIT
trap 'exit 130' INT TERM HUP
unmount_all

step() { say "$*"; printf '\n=== %s %s\n' "$(date -u +%H:%M:%S)" "$*" >>"$log"; }
# In a session of its own and waited for, so that a signal ends the whole step at once: a shell that
# runs a command in the foreground hears of nothing until that ends.
quietly() {
    setsid "$@" >>"$log" 2>&1 9>&- &
    child=$!
    if wait "$child"; then child=; else
        code=$?
        child=
        return "$code"
    fi
}

quietly "$here/wheels.sh"

step "configuring live-build"
MIRROR=$(mirror_of trixie)
MIRROR_SECURITY=$(mirror_of trixie-security)
export MIRROR MIRROR_SECURITY
cd "$work"
configuration=$( (cat "$here/auto/config"; echo "$MIRROR $MIRROR_SECURITY") | sha256sum | cut -d ' ' -f 1)
if [ -e .configuration ] && [ "$(cat .configuration)" = "$configuration" ]; then
    quietly lb clean
else
    # A cache from another suite, mirror or set of options would be used without a word.
    quietly lb clean --purge
fi
# What an older commit's build made has the minute of that; only what is newer than the commit gets
# the commit's.
[ "$(cat cache/made-for 2>/dev/null)" = "$SOURCE_DATE_EPOCH" ] || rm -rf cache/bootstrap
rm -rf auto config .configuration
quietly "$here/auto/config"
printf '%s\n' "$configuration" >.configuration

# Whatever lb config seeded, hooks are ours plus live-build's own clean-up ones; its removal of
# compiled Python would cost the station seconds at every start.
# live-config makes a live user and takes seconds at every start: what it would set is set here.
printf 'live-boot\nsystemd-sysv\n' >config/package-lists/live.list.chroot
rm -f config/hooks/normal/9010-remove-python-pyc.hook.chroot
cp -R "$here/station/." config/
for hook in "$top"/hooks/*.hook.chroot "$top"/hooks/*.hook.binary; do
    [ -e "$hook" ] && cp "$hook" config/hooks/normal/
done

payload=config/includes.chroot/opt/reprise-build
mkdir -p "$payload" config/includes.chroot/usr/share/reprise
cp -R "$top/build/wheels/site" "$payload/site"
cp "$here/console_font.py" "$payload/"
cp -R "$top/config" config/includes.chroot/usr/share/reprise/config
version=$(sed -n 's/^__version__ = "\(.*\)"/\1/p' "$top/app/reprise/__init__.py")
printf '%s+%s %s\n' "$version" "$commit" "$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y-%m-%d)" \
    >config/includes.chroot/usr/share/reprise/image-version
# Start-up looks for the medium with the very same build (see live-boot's 9991-reprise.sh); the packages
# are added to this by 0940-image-id.hook.chroot.
printf '%s\n' "$inputs" >config/includes.chroot/usr/share/reprise/image-id

mkdir -p config/includes.binary/reprise/os
cp config/includes.chroot/usr/share/reprise/image-version config/includes.binary/reprise/
for name in $images; do
    cp -l "$lightos/$name.squashfs" config/includes.binary/reprise/os/ 2>/dev/null ||
        cp "$lightos/$name.squashfs" config/includes.binary/reprise/os/
    cp "$lightos/$name.cdx.json" config/includes.binary/reprise/os/
done
python3 "$here/lightos/catalogue.py" select "$lightos/images.toml" $images \
    >config/includes.binary/reprise/os/images.toml
# A clone made under another umask keeps its files to one person.
chmod -R u=rwX,go=rX config

# From here on what stands in build/ is not what was asked for, until this build is whole.
rm -f "$iso.inputs"
step "bootstrapping Debian"
quietly lb bootstrap
printf '%s\n' "$SOURCE_DATE_EPOCH" >cache/made-for
step "installing the station's packages"
quietly lb chroot
mkdir -p config/includes.binary/boot/grub/locale
cp chroot/usr/share/locale/fr/LC_MESSAGES/grub.mo config/includes.binary/boot/grub/locale/fr.mo
chroot chroot /usr/bin/python3 - <"$here/start_order.py" >config/rootfs/squashfs.sort 2>>"$log"
python3 "$here/sbom.py" chroot reprise-station "$version+$commit" >chroot/usr/share/reprise/sbom.cdx.json
cp chroot/usr/share/reprise/sbom.cdx.json chroot/usr/share/reprise/image-id config/includes.binary/reprise/
# What a start from the network takes and the medium does not hold (see netboot.py). Taken now:
# live-build removes the signed loaders once it has put them on the medium.
netboot=$work/reprise.netboot
rm -rf "$netboot"
mkdir "$netboot"
cp chroot/boot/netboot-initrd.img "$netboot/initrd.img"
cp chroot/usr/lib/shim/shimx64.efi.signed "$netboot/shimx64.efi"
cp chroot/usr/lib/grub/x86_64-efi-signed/grubnetx64.efi.signed "$netboot/grubx64.efi"
cp chroot/usr/share/reprise/image-id "$netboot/"
step "packing the file system"
# live-build's ISO has a GPT whose partitions leave the file system itself out: the whole stick would
# be mounted and no data partition could be made on it. So its last step counts as done, and ours
# follows (docs/decisions/0010-stick-layout.md).
touch .build/binary_iso
export MKSQUASHFS_OPTIONS="-b 512K"
quietly lb binary
step "writing the ISO"
built=$work/reprise.iso
efi=$work/efi.img
mv binary/boot/grub/efi.img "$efi"
ia32=chroot/usr/lib/grub/i386-efi/monolithic/gcdia32.efi
quietly "$here/efi32.sh" "$efi" "$ia32"
cp "$ia32" binary/EFI/boot/bootia32.efi
# What is newer than the commit; and the light systems, which may be older.
find binary \( -path 'binary/reprise*' -o -newermt "@$SOURCE_DATE_EPOCH" \) \
    -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
quietly xorriso -as mkisofs -R -J -joliet-long -l -iso-level 3 \
    -V REPRISE_LIVE -A Reprise -publisher Reprise \
    -partition_offset 16 -iso_mbr_part_type 0x17 --mbr-force-bootable \
    --grub2-mbr chroot/usr/lib/grub/i386-pc/boot_hybrid.img \
    -append_partition 2 0xef "$efi" \
    -b boot/grub/grub_eltorito -no-emul-boot -boot-load-size 4 -boot-info-table --grub2-boot-info \
    -eltorito-alt-boot -e --interval:appended_partition_2:all:: -no-emul-boot \
    -o "$built" binary
size_mib=$(($(stat -c %s "$built") / 1048576))
# A desktop may fill what a stick sold as 4 GB holds beside a data partition: 2500 MB.
case $images in
    "") limit_mib=480 ;;
    debian-minimal) limit_mib=700 ;;
    *) limit_mib=2384 ;;
esac
[ "$size_mib" -le "$limit_mib" ] ||
    { say "the image has $size_mib MiB; $limit_mib is the limit with ${images:-no system}"; exit 4; }
rm -rf "$top/build/reprise.netboot"
mv "$built" "$iso"
mv "$netboot" "$top/build/reprise.netboot"
(cd "$top/build" && sha256sum reprise.iso >reprise.iso.sha256)
(cd binary/live && sha256sum filesystem.squashfs) >"$top/build/filesystem.squashfs.sha256"
printf '%s\n' "$inputs" >"$iso.inputs"
step "build/reprise.iso: $size_mib MiB"
