"""A system to install whose programs run and do next to nothing: what the installer does around
them needs no real one. They are busybox's, with the libraries of the PC that tests."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from disks.image_kit import make_tree
from disks.rig import tool

BOOT_CODE = b"toy's boot code"
_PLAIN = ("bin/env", "bin/cat", "bin/sh", "bin/dd", "bin/printf")
_SCRIPTS = {
    "sbin/update-grub": "printf menu >/boot/grub/grub.cfg",
    # the last word is the drive: boot code, and the core image at 1 MiB
    "sbin/grub-install": "for node; do :; done\n"
    f'printf "{BOOT_CODE.decode()}" | dd of="$node" conv=notrunc\n'
    'printf core | dd of="$node" bs=1M seek=1 conv=notrunc',
    **dict.fromkeys(("sbin/useradd", "sbin/chpasswd", "bin/passwd"), "cat >/dev/null"),
}


def make_working_tree(root: Path) -> Path:
    """Skips the test where there is no busybox."""
    found = shutil.which("busybox")
    if found is None:
        pytest.skip("needs busybox")
    make_tree(root)
    for library in {found, *re.findall(r"(/\S+)", tool("ldd", found))}:
        there = root / ("usr/bin/busybox" if library == found else library.lstrip("/"))
        there.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(library, there)
    for name in _PLAIN:
        _put(root / "usr" / name).symlink_to("/usr/bin/busybox")
    for name, script in _SCRIPTS.items():
        program = _put(root / "usr" / name)
        program.write_text(f"#!/usr/bin/busybox sh\n{script}\n")
        program.chmod(0o755)
    return root


def _put(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    return path
