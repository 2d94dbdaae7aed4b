#!/bin/sh
# Runs last in the build's file system ($1): what must not be the same on two PCs goes (keys,
# machine-id, seeds, passwords), and what only the build needed.
set -eu
root=$1

chroot "$root" passwd --quiet --lock root
echo "localhost" >"$root/etc/hostname"
rm -f "$root"/etc/ssh/ssh_host_*
rm -f "$root/etc/resolv.conf" "$root/etc/.pwd.lock" "$root"/etc/*- "$root/var/lib/systemd/random-seed" \
    "$root/var/lib/dbus/machine-id" "$root/var/lib/systemd/credential.secret"
: >"$root/etc/machine-id"
rm -rf "$root"/var/log/*.log "$root"/var/log/apt "$root"/var/log/journal "$root"/var/cache/apt/*.bin \
    "$root"/var/cache/debconf/*-old "$root"/var/lib/dpkg/*-old "$root"/var/lib/apt/lists/*
