"""A small folder as “make netboot” makes it, by the same code."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

from station_kit.places import TOP

MENU = TOP / "live-build/station/bootloaders/grub-pc/grub.cfg"
WORDS = "boot=live nopersistence quiet"


@cache
def maker() -> ModuleType:
    """live-build/netboot.py."""
    spec = importlib.util.spec_from_file_location("netboot", TOP / "live-build/netboot.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["live_build_netboot"] = sys.modules["netboot"] = module
    spec.loader.exec_module(module)
    return module


def menu_text() -> str:
    """The start menu as live-build puts it on the medium."""
    text = MENU.read_text("utf-8").replace("@KERNEL_LIVE@", "/live/vmlinuz-6.12.0-amd64")
    text = text.replace("@INITRD_LIVE@", "/live/initrd.img-6.12.0-amd64")
    return text.replace("@LB_BOOTAPPEND_LIVE@", WORDS)


def make_parts(folder: Path) -> tuple[Path, Path, Path]:
    """(ISO, what build.sh puts beside it, iPXE), all small."""
    if shutil.which("xorriso") is None:
        pytest.skip("needs xorriso")
    medium = folder / "medium"
    for name, data in {
        "live/vmlinuz-6.12.0-amd64": b"kernel",
        "live/initrd.img-6.12.0-amd64": b"the stick's",
        "live/filesystem.squashfs": b"squashfs" * 300_000,
        "reprise/image-id": b"build 1\n",
        "reprise/image-version": b"0.1+abc 2026-11-25\n",
        "reprise/os/images.toml": b"# none\n",
        "reprise/os/light.squashfs": b"light" * 5000,
        "boot/grub/grub.cfg": menu_text().encode(),
    }.items():
        (medium / name).parent.mkdir(parents=True, exist_ok=True)
        (medium / name).write_bytes(data)
    iso, parts, undionly = folder / "reprise.iso", folder / "parts", folder / "undionly.kpxe"
    argv = ["xorriso", "-as", "mkisofs", "-quiet", "-R", "-o", str(iso), str(medium)]
    subprocess.run(argv, check=True, capture_output=True)
    parts.mkdir()
    for name in ("initrd.img", "shimx64.efi", "grubx64.efi"):
        (parts / name).write_bytes(b"the network's " + name.encode())
    (parts / "image-id").write_bytes(b"build 1\n")
    undionly.write_bytes(b"iPXE")
    return iso, parts, undionly


def make_folder(folder: Path) -> Path:
    made = folder / "netboot"
    maker().make(*make_parts(folder), made)
    return made
