"""The desktop on an encrypted drive, on a real start each: installed by the station in a VM, opened
by its first key, made its owner's by the wizard, and asked for from then on. Pictures stay in
build/vm/desktop-encrypted/."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from desktop.installed import BENCH, BUILT, IMAGE, background, entry
from desktop.look import keep, screen, wait_drawn
from desktop.wizard import PASSWORD, types, walk_through
from reprise.tools import cryptsetup
from vm import owned
from vm.lab import command_line
from vm.media import ISO, console_font, installed_font, kernel_and_initrd
from vm.qemu import Disk, Pc, running
from vm.screen import Console, Reader
from vm.shell import Shell

FOLDER = BENCH.parent / "desktop-encrypted"
SERIAL = "HDD-LOCKED"
ASKS = "Please unlock disk reprise"
_INSTALL_S = 5400.0
_START_S = 900.0


@dataclass(frozen=True)
class Found:
    """`said`: by the installer. `table`, `keys`: crypttab and the first key's folder afterwards.
    `root`: what the root file system lies on after the start with the owner's password."""

    code: int
    said: str
    table: str
    keys: str
    root: str


def _medium() -> Path:
    content = FOLDER / "content"
    content.mkdir()
    for name in ("images.toml", entry()["file"]):
        os.link(BUILT / name, content / name)
    return owned.medium(content, FOLDER / "owned.img")


def _install() -> tuple[int, str]:
    kernel, initrd = kernel_and_initrd(ISO, FOLDER)
    drive = FOLDER / "drive.img"
    with drive.open("wb") as out:
        out.truncate(10 << 30)
    medium = Disk(_medium(), "sata", "HDD-OWNED")
    disks = [Disk(ISO, "cdrom"), Disk(drive, "sata", SERIAL), medium]
    words = command_line(ISO, FOLDER)
    with running(Pc(FOLDER / "station", disks, kernel=(kernel, initrd, words))) as vm:
        shell = Shell(vm)
        shell.wait_ready(_START_S)
        shell.run("systemctl is-system-running --wait", _START_S)
        return owned.install(shell, SERIAL, IMAGE, _INSTALL_S)


@pytest.fixture(scope="module")
def found() -> Found:
    if not ISO.exists():
        pytest.skip("no build/reprise.iso: make image")
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    code, said = _install()
    disk = Disk(FOLDER / "drive.img", "sata", SERIAL)
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
        font = installed_font(console_font(ISO, FOLDER), FOLDER)
        Console(vm, Reader(font)).wait_for(ASKS, _START_S)
        keep(vm, FOLDER / "10-asks.png")
        types(vm, PASSWORD)
        vm.press("ret")
        shell = Shell(vm)
        wait_drawn(vm, shell, "xfce4-panel", bare=background(screen(vm).size))
        keep(vm, FOLDER / "11-desktop.png")
        shell.wait_ready(60)
        root = shell.run("findmnt -no SOURCE /")[1]
    return Found(code, said, table, keys, root)


def test_the_station_says_that_its_owner_chooses(found: Found) -> None:
    assert found.code == 0, found.said
    assert "son propriétaire" in found.said


def test_the_first_key_is_gone_and_the_owners_opens_it(found: Found) -> None:
    assert cryptsetup.FIRST_KEY not in found.table
    assert " none " in found.table
    assert "reprise" not in found.keys
    assert found.root == cryptsetup.MAPPED
