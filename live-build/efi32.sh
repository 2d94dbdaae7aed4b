#!/bin/sh
# Puts GRUB for 32-bit UEFI firmware (tablets and small PCs of 2012 to 2016, early Macs: a 64-bit
# processor all the same) beside the 64-bit loaders in the image of an EFI system partition.
#
#   SOURCE_DATE_EPOCH=… efi32.sh EFI_IMAGE LOADER
#
# live-build fills that image to the last cluster, so it is made again with more room. Nobody signs a
# 32-bit GRUB: Secure Boot has to be off on such a PC.
set -eu
image=$1
loader=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mcopy -s -p -m -i "$image" ::/EFI ::/boot "$folder/"
boot=$(find "$folder" -ipath "$folder/efi/boot" -type d)
cp -p "$loader" "$boot/bootia32.efi"
touch --date="@$SOURCE_DATE_EPOCH" "$boot"
number=$(mdir -i "$image" :: | sed -n 's/.*Volume Serial Number is \(....\)-\(....\).*/\1\2/p')
kib=$((($(du -sk --apparent-size "$folder" | cut -f 1) + 128 + 31) / 32 * 32))
mkfs.msdos -C "$image.new" "$kib" -i "$number" >/dev/null
mcopy -s -p -m -i "$image.new" "$folder"/* ::
mv "$image.new" "$image"
