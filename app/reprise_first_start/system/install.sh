#!/bin/sh
# Copies the first start into a light OS that is being built, and switches it on there.
#
#   app/reprise_first_start/system/install.sh ROOT
#
# The translations must have been compiled (make venv). The image needs the packages of
# packages.txt beside this file. Exit codes: 0 done, 2 cannot be done.
set -eu
[ $# -eq 1 ] && [ -d "$1/usr/lib" ] || { echo "usage: install.sh ROOT (a file system)" >&2; exit 2; }
root=$1
system=$(cd -- "$(dirname -- "$0")" && pwd)
app=$(cd -- "$system/../.." && pwd)
to=$root/usr/lib/reprise-first-start
compiled=$app/reprise_first_start/locale/fr/LC_MESSAGES/reprise_first_start.mo
[ -e "$compiled" ] || { echo "install.sh: $compiled is missing: run 'make venv' first" >&2; exit 2; }

rm -rf "$to"
mkdir -p "$to"
# All that it needs of ours; tests/build_scripts/test_first_start_copy.py runs the copy alone.
(cd "$app" && find reprise_first_start reprise_common -type f ! -path '*/system/*' ! -path '*/__pycache__/*' \
    ! -name '*.po' -exec cp --parents {} "$to" \;)
cp "$system/openbox.xml" "$to/"
for script in run session welcome-once; do install -m 755 "$system/$script" "$to/$script"; done
install -D -m 644 "$system/reprise-first-start.service" "$root/usr/lib/systemd/system/reprise-first-start.service"
for entry in reprise-welcome reprise-welcome-once; do
    # A desktop may have its own entry for the page.
    [ -e "$root/usr/share/applications/$entry.desktop" ] ||
        install -D -m 644 "$system/$entry.desktop" "$root/usr/share/applications/$entry.desktop"
done
mkdir -p "$root/var/lib/reprise" "$root/etc/systemd/system/graphical.target.wants"
ln -sf /usr/lib/systemd/system/reprise-first-start.service \
    "$root/etc/systemd/system/graphical.target.wants/reprise-first-start.service"
chmod -R u=rwX,go=rX "$to"
chown -R 0:0 "$to"
