#!/bin/sh
# Runs in the desktop's file system ($1) after the packages and the files of includes/.
set -eu
root=$1
top=$(CDPATH= cd -- "$(dirname -- "$0")/../../.." && pwd)

# The background is drawn by the image's own programs, so that the build host needs none.
chroot "$root" python3 - <<'DRAW'
import gi
gi.require_version("GdkPixbuf", "2.0")
from gi.repository import GdkPixbuf
folder = "/usr/share/backgrounds/reprise"
picture = GdkPixbuf.Pixbuf.new_from_file_at_size(f"{folder}/calme.svg", 1920, 1200)
picture.savev(f"{folder}/calme.png", "png", [], [])
DRAW

# The one name that xfdesktop shows on a screen it does not know yet. Diverted, so that an update of
# the package does not put its own picture back.
default=/usr/share/backgrounds/xfce/xfce-x.svg
chroot "$root" dpkg-divert --quiet --local --rename --divert "$default.debian" --add "$default"
ln -s ../reprise/calme.png "$root$default"

# Huge pages only for programs that ask: each process of a desktop would grow by some MiB.
sed -i 's/^\(GRUB_CMDLINE_LINUX_DEFAULT="quiet\)"/\1 transparent_hugepage=madvise"/' "$root/etc/default/grub"

for unit in lightdm.service fstrim.timer unattended-upgrades.service cups.socket cups.path \
    avahi-daemon.service earlyoom.service apparmor.service; do
    chroot "$root" systemctl --quiet enable "$unit"
done
chroot "$root" systemctl --quiet set-default graphical.target

# What asks the person who receives the PC; the installer leaves first-start.json for it.
"$top/app/reprise_first_start/system/install.sh" "$root"

# Keys and certificates that packages made while being installed, the same on every PC otherwise.
rm -f "$root/etc/ssl/private/"*.key "$root/etc/ssl/certs/ssl-cert-snakeoil.pem"
rm -rf "$root/var/lib/colord/"* "$root/var/lib/NetworkManager/"* "$root/var/cache/cups/"*
