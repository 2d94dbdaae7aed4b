#!/bin/sh
# Runs in the build's file system ($1) after the packages: the settings that every light OS has.
set -eu
root=$1
suite=$2
. "$(dirname "$0")/../../mirrors.sh"

public_sources "$suite" >"$root/etc/apt/sources.list.d/debian.sources"
rm -f "$root/etc/apt/sources.list" "$root/etc/apt/sources.list.d/"*.list \
    "$root/etc/apt/apt.conf.d/99mmdebstrap" "$root/etc/dpkg/dpkg.cfg.d/99mmdebstrap"

chroot "$root" systemctl --quiet enable NetworkManager.service systemd-timesyncd.service
# Waiting for a network would hold up the log-in prompt of a PC without one.
chroot "$root" systemctl --quiet mask NetworkManager-wait-online.service

cat >"$root/etc/default/grub" <<'GRUB'
# See "info -f grub -n 'Simple configuration'"; run update-grub after a change.
GRUB_DEFAULT=0
GRUB_TIMEOUT=1
GRUB_DISTRIBUTOR=Debian
GRUB_CMDLINE_LINUX_DEFAULT="quiet"
# The last console is the one that the system's messages go to; a PC without a serial port
# ignores the first.
GRUB_CMDLINE_LINUX="console=ttyS0,115200 console=tty0"
GRUB_TERMINAL=console
GRUB_DISABLE_OS_PROBER=true
GRUB

# The GRUB packages here are the bare files (both firmware kinds side by side), so nothing else
# renews the menu when a kernel comes or goes.
for stage in postinst postrm; do
    hook=$root/etc/kernel/$stage.d/zz-update-grub
    [ -e "$hook" ] && continue
    mkdir -p "$(dirname "$hook")"
    printf '#!/bin/sh\nset -e\n[ -e /boot/grub/grub.cfg ] || exit 0\nexec update-grub\n' >"$hook"
    chmod 755 "$hook"
done

echo "MODULES=most" >"$root/etc/initramfs-tools/conf.d/any-pc"
chroot "$root" setupcon --save-only || true
