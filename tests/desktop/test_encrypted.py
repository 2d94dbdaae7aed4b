"""The desktop on an encrypted drive, on a real start each: installed by the station in a VM, opened
by its first key, made its owner's by the wizard, and asked for from then on. Pictures stay in
build/vm/desktop-encrypted/."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from desktop.installed import BENCH, IMAGE, background, entry
from desktop.look import keep, screen, wait_drawn
from desktop.wizard import PASSWORD, walk_through
from reprise_common import cryptsetup
from station_kit.building import BUILT
from vm import owned
from vm.media import ISO, console_fonts, installed_fonts
from vm.qemu import Disk, Pc, running
from vm.screen import Console, Reader, types
from vm.shell import Shell

FOLDER = BENCH.parent / "desktop-encrypted"
ASKS = "de passe du disque"
_INSTALL_S = 5400.0
_START_S = 900.0


@dataclass(frozen=True)
class Found:
    """`table`, `keys`: crypttab and the first key's folder after the first start.
    `root`: what the root file system lies on after the start with the owner's password."""

    drive: owned.Drive
    table: str
    keys: str
    root: str


def _medium() -> Path:
    content = FOLDER / "content"
    content.mkdir()
    for name in ("images.toml", entry()["file"]):
        os.link(BUILT / name, content / name)
    return owned.medium(content, FOLDER / "owned.img")


@pytest.fixture(scope="module")
def found() -> Found:
    if not ISO.exists():
        pytest.skip("no build/reprise.iso: make image")
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    drive = owned.install(ISO, FOLDER, _medium(), IMAGE, size_bytes=10 << 30, timeout_s=_INSTALL_S)
    disk = Disk(drive.image, "sata", owned.SERIAL)
    with running(Pc(FOLDER / "first", [disk], memory_mib=2048, link_up=True)) as vm:
        shell = Shell(vm)
        walk_through(vm, shell, FOLDER)
        vm.press("ret")
        # The drive will ask: the desktop comes without a log-in.
        wait_drawn(vm, shell, "xfce4-panel", bare=background(screen(vm).size))
        keep(vm, FOLDER / "9-desktop.png")
        shell.wait_ready(60)
        table = shell.run(f"cat /{cryptsetup.CRYPTTAB}")[1]
        keys = shell.run("ls -A /etc/cryptsetup-keys.d")[1]
        shell.run("systemctl poweroff")
        vm.wait_off(300)
    with running(Pc(FOLDER / "then", [disk], memory_mib=2048)) as vm:
        fonts = installed_fonts(console_fonts(ISO, FOLDER), FOLDER)
        Console(vm, Reader(fonts)).wait_for(ASKS, _START_S)
        keep(vm, FOLDER / "10-asks.png")
        types(vm, PASSWORD)
        vm.press("ret")
        shell = Shell(vm)
        wait_drawn(vm, shell, "xfce4-panel", bare=background(screen(vm).size))
        keep(vm, FOLDER / "11-desktop.png")
        shell.wait_ready(60)
        root = shell.run("findmnt -no SOURCE /")[1]
    return Found(drive, table, keys, root)


def test_the_station_says_that_its_owner_chooses(found: Found) -> None:
    assert found.drive.code == 0, found.drive.said
    assert "son propriétaire" in found.drive.said


def test_the_first_key_is_gone_and_the_owners_opens_it(found: Found) -> None:
    assert cryptsetup.FIRST_KEY not in found.table
    assert " none " in found.table
    assert "reprise" not in found.keys
    assert found.root == cryptsetup.MAPPED
