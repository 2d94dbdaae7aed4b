"""A project that can be released, and `make release` in it. The builds are stand-ins that write
real, tiny ISOs; keys, signatures and digests come from the real tools."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from station_kit.places import TOP

_LIGHT = """#!/bin/sh
echo "$@" >>build/light
"""
BUILD = """#!/bin/sh
set -e
[ ! -e broken ] || exit 4
rm -rf build/tree; mkdir -p build/tree/reprise/os
commit=$(git describe --always --dirty --exclude '*')
printf '%s 2026-01-01\\n' "${BUILT_AS:-1.2.0+$commit}" >build/tree/reprise/image-version
echo "{\\"of\\": \\"$IMAGES\\"}" >build/tree/reprise/sbom.cdx.json
for name in $IMAGES; do echo "{}" >"build/tree/reprise/os/$name.cdx.json"; done
xorriso -report_about FAILURE -as mkisofs -R -o build/reprise.iso build/tree 2>/dev/null
"""


PACKAGE = """#!/bin/sh
set -e
[ ! -e unpacked ] || exit 0
mkdir -p build
echo "$RELEASED" >build/reprise-server_1.2.0_amd64.deb
"""


def git(top: Path, *words: str) -> None:
    who = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    subprocess.run(["git", *who, "-C", top, *words], check=True, capture_output=True)


def cloned(tmp_path: Path) -> Path:
    """A clone of a project of version 1.2.0, its release's key beside it."""
    top = tmp_path / "clone"
    for name in ("release.py", "release_notes.py", "release-notes.md"):
        (top / "live-build/lightos").mkdir(parents=True, exist_ok=True)
        shutil.copy(TOP / "live-build" / name, top / "live-build" / name)
    for name, text in {
        "live-build/lightos/build.sh": _LIGHT,
        "live-build/build.sh": BUILD,
        "live-build/server/package.sh": PACKAGE,
        "app/reprise/__init__.py": '"""It."""\n\n__version__ = "1.2.0"\n',
        "CHANGELOG.md": "# Changes\n\n## 1.2.0 (2026-12-01)\n\n- **New.** More.\n\n"
        "## 1.1.0\n\n- Old.\n",
        ".gitignore": "build/\nbroken\nunpacked\n__pycache__/\n",
    }.items():
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_text(text)
        (top / name).chmod(0o755)
    git(tmp_path, "init", "-q", "clone")
    git(top, "add", "-A")
    git(top, "commit", "-qm", "It")
    make_key = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "me", "-f"]
    subprocess.run([*make_key, tmp_path / "key"], check=True)
    return top


def release(top: Path, *, key: str | None = None, **more: str) -> tuple[int, str]:
    done = subprocess.run(
        ["python3", top / "live-build/release.py"],
        capture_output=True,
        text=True,
        check=False,
        cwd=top.parent,
        env={
            "PATH": os.environ["PATH"],
            "RELEASE_KEY": str(top.parent / "key") if key is None else key,
            **more,
        },
    )
    return done.returncode, done.stderr + done.stdout


def is_not_there(top: Path) -> None:
    assert list((top / "build").rglob("1.2.0*")) == []
    assert list((top / "build").rglob(".1.2.0*")) == []


def shell(folder: Path, command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", f"set -e\n{command}"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
