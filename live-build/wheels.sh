#!/bin/sh
# Python packages as one folder, ready to be copied: OUT/site.
#
#   wheels.sh [LOCK OUT]      requirements.lock and build/wheels, the station's, where none is given
#
# Third-party packages are those of the lock, checked by hash, for Debian 13's CPython 3.13 whatever
# Python the build host has; blkinfo, published as source only, is built from its checked archive.
# Ours is built from app/. Quick when nothing changed.
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
top=$(CDPATH= cd -- "$here/.." && pwd)
lock=${1:-$top/requirements.lock}
out=${2:-$top/build/wheels}
bin=$top/.venv/bin
unset PIP_FIND_LINKS || true

image_python="--python-version 3.13 --implementation cp --abi cp313 --abi abi3 --abi none"
for glibc in 5 12 17 24 26 27 28 31 34 35 36 39; do
    image_python="$image_python --platform manylinux_2_${glibc}_x86_64"
done
image_python="$image_python --platform manylinux2014_x86_64 --platform manylinux1_x86_64 --platform any"

mkdir -p "$out"
digest=$(sha256sum "$lock" | cut -d ' ' -f 1)
if [ "$(cat "$out/lock.sha256" 2>/dev/null)" != "$digest" ]; then
    rm -rf "$out/third-party" "$out/lock.sha256"
    mkdir -p "$out/third-party"
    # The lock in two: what has wheels, and blkinfo (with the lines of hashes that follow it).
    awk '/^[a-zA-Z0-9]/ { source_only = /^blkinfo==/ } source_only' "$lock" >"$out/source.lock"
    awk '/^[a-zA-Z0-9]/ { source_only = /^blkinfo==/ } !source_only' "$lock" >"$out/wheels.lock"
    # shellcheck disable=SC2086
    "$bin/pip" download --quiet --require-hashes --no-deps --only-binary :all: $image_python \
        --dest "$out/third-party" -r "$out/wheels.lock"
    "$bin/pip" wheel --quiet --require-hashes --no-deps --no-build-isolation \
        --wheel-dir "$out/third-party" -r "$out/source.lock"
    printf '%s\n' "$digest" >"$out/lock.sha256"
fi

# Built from a copy: setuptools would leave (and later pack) stale files beside the sources.
copy=$(mktemp -d "$out/source.XXXXXX")
trap 'rm -rf "$copy"' EXIT
cp -R "$top/pyproject.toml" "$top/README.md" "$top/LICENSE" "$top/app" "$copy/"
find "$copy" -name __pycache__ -prune -exec rm -rf {} +
rm -rf "$copy"/app/*.egg-info
for po in "$copy"/app/reprise/locale/*/LC_MESSAGES/reprise.po; do
    language=$(basename "$(dirname "$(dirname "$po")")")
    "$bin/pybabel" --quiet compile --input-file "$po" --output-file "${po%.po}.mo" --locale "$language"
done
rm -rf "$out/ours" "$out/site"
"$bin/pip" wheel --quiet --no-deps --no-build-isolation --wheel-dir "$out/ours" "$copy"

# shellcheck disable=SC2086
"$bin/pip" install --quiet --no-index --no-deps --no-compile --only-binary :all: $image_python \
    --root-user-action ignore --target "$out/site" "$out"/third-party/*.whl "$out"/ours/*.whl
rm -rf "$out/site/bin"
# pip notes where each wheel lay on this machine, and digests of programs that name its Python:
# another folder would give another image.
find "$out/site" -name direct_url.json -delete
sed -i '/\/direct_url\.json,/d; /^\.\.\/\.\.\/bin\//d' "$out"/site/*.dist-info/RECORD
