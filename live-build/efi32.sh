#!/bin/sh
# Puts GRUB for 32-bit UEFI firmware (tablets and small PCs of 2012 to 2016, early Macs: a 64-bit
# processor all the same) beside the 64-bit loaders in the image of an EFI system partition.
#
#   SOURCE_DATE_EPOCH=… efi32.sh EFI_IMAGE LOADER
#
# live-build fills that image to the last cluster, so it is made again with more room. Nobody signs a
# 32-bit GRUB: Secure Boot has to be off on such a PC.
set -eu
# FAT notes no time zone, and must not note the build host's.
export LC_ALL=C TZ=UTC0
image=$1
loader=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mcopy -s -p -m -i "$image" ::/EFI ::/boot "$folder/"
boot=$(find "$folder" -ipath "$folder/efi/boot" -type d)
cp -p "$loader" "$boot/bootia32.efi"
number=$(mdir -i "$image" :: | sed -n 's/.*Volume Serial Number is \(....\)-\(....\).*/\1\2/p')
# Not by du, and not by mcopy -s: what a folder takes and in which order it is read is up to the file
# system of the temporary folder.
kib=$(find "$folder" -type f -printf '%s\n' | awk '
    { kib += int(($1 + 4095) / 4096) * 4 }
    END { print int((kib + 128 + 31) / 32) * 32 }')
mkfs.msdos -C "$image.new" "$kib" -i "$number" >/dev/null
# mmd dates by SOURCE_DATE_EPOCH.
find "$folder" -mindepth 1 -printf '%P\n' | sort | while read -r name; do
    if [ -d "$folder/$name" ]; then mmd -i "$image.new" "::$name"
    else mcopy -p -m -i "$image.new" "$folder/$name" "::$name"; fi
done
mv "$image.new" "$image"
