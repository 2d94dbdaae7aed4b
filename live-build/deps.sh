#!/bin/sh
# Install what building, running and testing need. Quick when all is there already.
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
wanted=$(grep -v '^#' "$here/../.ci/packages.txt")
missing=""
for package in $wanted; do
    dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing="$missing $package"
done
[ -z "$missing" ] && exit 0
if [ "$(id -u)" -ne 0 ]; then
    echo "make deps: these packages are missing; run it as root:$missing" >&2
    exit 2
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -q
# shellcheck disable=SC2086
apt-get install -y -q --no-install-recommends $missing
