#!/bin/sh
# Installs what building, running and testing need: the Debian packages of .ci/packages.txt, or those
# that are named. Quick (no APT, no network) when all is there already: most targets of the Makefile
# ask it first.
#
#   live-build/deps.sh [PACKAGE…]
#
# Exit codes: 0 all is there, 2 something is missing and this is not root (or no Debian), else APT's.
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
refuse() { printf 'make: %s\n' "$*" >&2; exit 2; }

wanted=${*:-$(sed '/^#/d' "$here/../.ci/packages.txt" | tr '\n' ' ')}
command -v dpkg-query >/dev/null || refuse "this is no Debian: install what these packages hold: $wanted"
# Without those that are not known, dpkg-query ends with 1 and a line for each.
# shellcheck disable=SC2086
present=" $(dpkg-query -W -f '${db:Status-Status} ${Package}\n' $wanted 2>/dev/null |
    sed -n 's/^installed //p' | tr '\n' ' ') "
missing=""
for package in $wanted; do
    case $present in *" $package "*) ;; *) missing="$missing $package" ;; esac
done
[ -n "$missing" ] || exit 0
[ "$(id -u)" -eq 0 ] || refuse "packages are missing; as root: apt-get install --no-install-recommends$missing"
export DEBIAN_FRONTEND=noninteractive
printf 'make: installing%s\n' "$missing" >&2
apt-get update -q
# shellcheck disable=SC2086
apt-get install -y -q --no-install-recommends $missing
