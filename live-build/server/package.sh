#!/bin/sh
# Builds the central server as a Debian 13 package: build/reprise-server_VERSION_amd64.deb, from
# live-build/server/, config/server.toml, app/ and the wheels of requirements-server.lock. Root is not
# needed. Quick when no input changed. The same commit gives the same bytes.
#
# Exit codes: 0 the package is there, 2 cannot start, else a step failed.
set -eu
export LC_ALL=C
umask 022
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
top=$(CDPATH= cd -- "$here/../.." && pwd)
out=$top/build/server
python=${PYTHON313:-/usr/bin/python3.13}

say() { printf 'server-package: %s\n' "$*" >&2; }
refuse() { say "$*"; exit 2; }

for tool in dpkg-deb sha256sum md5sum; do
    command -v "$tool" >/dev/null || refuse "$tool is missing: the package is built on Debian 13"
done
[ -x "$python" ] || refuse "$python is missing: the package is built on Debian 13, whose Python it uses"
[ -x "$top/.venv/bin/pip" ] || refuse ".venv is missing: run 'make venv'"
. "$top/live-build/epoch.sh"

# A release (RELEASED=yes, or its tag) has its number alone. By its commit's time, what is built later
# is newer than it, and what is built before is older.
base=$(sed -n 's/^__version__ = "\(.*\)"/\1/p' "$top/app/reprise/__init__.py")
version=$base
tag=v$base
if [ "${RELEASED:-}" != yes ] &&
    { [ "$commit" = unknown ] || [ "$(git_here tag --points-at HEAD --list "$tag")" != "$tag" ]; }; then
    built=$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y%m%d%H%M)
    order='~'
    ! git_here merge-base --is-ancestor "$tag" HEAD 2>/dev/null || order=+
    version=$base$order$built.$(printf '%s' "$commit" | tr - .)
fi
deb=$top/build/reprise-server_${version}_amd64.deb

inputs=$(
    cd "$top"
    { find app live-build/server config/server.toml -type f ! -path '*/__pycache__/*' ! -path '*.egg-info/*' \
        ! -name '*.mo' -print0 | sort -z | xargs -0 sha256sum
      sha256sum pyproject.toml requirements-server.lock live-build/wheels.sh LICENSE
      echo "$version $SOURCE_DATE_EPOCH"
    } | sha256sum | cut -d ' ' -f 1)
if [ -f "$deb" ] && [ "$(cat "$out/package.inputs" 2>/dev/null)" = "$inputs" ]; then
    say "up to date: build/${deb##*/}"
    exit 0
fi

say "fetching and unpacking the Python packages"
"$top/live-build/wheels.sh" "$top/requirements-server.lock" "$out/wheels"
tree=$out/tree
home=$tree/usr/lib/reprise-server
site=$home/lib/python3.13/site-packages
rm -rf "$tree"
mkdir -p "$site" "$home/bin" "$tree/etc/reprise" "$tree/usr/share/reprise" \
    "$tree/usr/share/doc/reprise-server" "$tree/DEBIAN"
cp -R "$here/root/." "$tree/"
cp -R "$out/wheels/site/." "$site/"

# An environment of its own: Debian's Python, none of Debian's Python packages.
ln -s /usr/bin/python3.13 "$home/bin/python3"
printf 'home = /usr/bin\ninclude-system-site-packages = false\nversion = 3.13\n' >"$home/pyvenv.cfg"

# Of 400 services of Amazon, the object store and what gives keys for it: half of all files.
for data in botocore boto3; do
    for folder in "$site/$data/data"/*/; do
        case $(basename "$folder") in s3 | sts | sso | sso-oidc | signin) ;; *) rm -r "$folder" ;; esac
    done
done
find "$site" -type d -name tests -prune -exec rm -r {} +
for kind in bash-completion zsh fish; do
    [ ! -d "$site/share/$kind" ] || mv "$site/share/$kind" "$tree/usr/share/"
done
rm -rf "$site/share"

cp "$top/config/server.toml" "$tree/etc/reprise/"
ln -s /etc/reprise "$tree/usr/share/reprise/config"
{
    printf 'Reprise is free software: GPL-3.0-or-later, /usr/share/common-licenses/GPL-3.\n\n'
    printf 'The Python packages that it carries, below /usr/lib/reprise-server, have licences of their\n'
    printf 'own: each lies in the folder NAME.dist-info of its package.\n'
} >"$tree/usr/share/doc/reprise-server/copyright"

# Compiled here: the service may write nothing beside its code. One after the other in a fixed
# order, as what Python writes depends on what it compiled before.
say "compiling"
find "$site" -name '*.py' | sort | PYTHONHASHSEED=0 "$python" -m compileall -q \
    --invalidation-mode unchecked-hash -s "$tree" -p / -i - || refuse "a Python file cannot be compiled"

chmod -R u=rwX,go=rX "$tree"
kib=$(find "$tree" -path "$tree/DEBIAN" -prune -o -printf '%y %s\n' | awk '
    { kib += $1 == "f" ? int(($2 + 1023) / 1024) : 1 } END { print kib }')
sed -e "s/@VERSION@/$version/" -e "s/@KIB@/$kib/" "$here/debian/control" >"$tree/DEBIAN/control"
cp "$here/debian/conffiles" "$here/debian/postinst" "$here/debian/prerm" "$here/debian/postrm" "$tree/DEBIAN/"
chmod 644 "$tree/DEBIAN/conffiles" "$tree/DEBIAN/control"
chmod 755 "$tree/DEBIAN/postinst" "$tree/DEBIAN/prerm" "$tree/DEBIAN/postrm"
(cd "$tree" && find usr -type f -print0 | sort -z | xargs -0 md5sum) >"$tree/DEBIAN/md5sums"
find "$tree" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +

say "packing"
rm -f "$top"/build/reprise-server_*_amd64.deb "$out/package.inputs"
# One thread: the number of processors would show in the bytes.
dpkg-deb --root-owner-group -Zzstd -z12 --threads-max=1 --build "$tree" "$out/new.deb" >&2
rm -rf "$tree"
mv "$out/new.deb" "$deb"
printf '%s\n' "$inputs" >"$out/package.inputs"
say "build/${deb##*/}: $(($(stat -c %s "$deb") / 1048576)) MiB"
