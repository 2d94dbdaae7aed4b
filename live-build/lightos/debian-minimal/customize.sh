#!/bin/sh
# Remote log-in is there for whoever wants it, off until then.
set -eu
root=$1
chroot "$root" systemctl --quiet disable ssh.service ssh.socket
