"""The start menu's entry for a person who cannot see: one key, and the station line by line,
spoken. On the way: an optical disc, 32-bit UEFI, 1 GiB of memory, and a drive that a careless live
system would change. (The serial port's entry: test_live_image.py.)"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image

from vm.ear import sound, spoken_s
from vm.media import digest
from vm.qemu import Disk, Pc, Vm, running
from vm.screen import Console, Fonts, Reader
from vm.surfaces import tempting_drive
from vm.technician import GREETING, SLOW

_SPOKEN_S = 2.0


def chooses(vm: Vm, key: str) -> None:
    """Presses a hotkey of the start menu once its picture is there, and twice more: the first one
    may fall into the menu's tone, which a key ends."""
    end = time.monotonic() + 60 * SLOW
    while time.monotonic() < end:
        with Image.open(vm.picture(vm.pc.folder / "menu.ppm")) as picture:
            if picture.width == 1024:  # of grub.cfg's gfxmode
                for _again in range(3):
                    vm.press(key)
                    time.sleep(0.5)
                return
        time.sleep(0.2)
    raise AssertionError("no start menu")


@dataclass
class ByEar:
    first: str
    kept_in: str
    drives: str
    wav: Path
    drive: Path
    before: str


@pytest.fixture(scope="module")
def by_ear(iso: Path, fonts: Fonts, bench: Path) -> ByEar:
    """A person who presses B, and then Enter only."""
    folder = bench / "by-ear"
    drive = tempting_drive(bench / "by-ear-hdd.img")
    before = digest(drive)
    disks = [Disk(iso, "cdrom", boot_index=0), Disk(drive, "sata", "HDD-EAR")]
    wav = folder / "spoken.wav"
    pc = Pc(folder, disks, memory_mib=1024, cpu="Nehalem", firmware="uefi32", extra=sound(wav))
    with running(pc) as vm:
        chooses(vm, "b")
        console = Console(vm, Reader(fonts))
        first = console.wait_for("1 sur 4.", 150 * SLOW)
        console.keep("first-question")
        kept_in = console.wait_for("qu'en mémoire", 60 * SLOW)
        for question in ("2 sur 4.", "3 sur 4.", "4 sur 4.", "D : tous les détails"):
            vm.press("ret")
            console.wait_for(question, 30 * SLOW)
        vm.press("ret")
        drives = console.wait_for("N : nouvelle lecture", 60 * SLOW)
        console.keep("drives")
        time.sleep(10)  # of speech
        vm.cut_power()
    return ByEar(first, kept_in, drives, wav, drive, before)


def test_b_brings_the_station_line_by_line_in_french(by_ear: ByEar) -> None:
    assert GREETING in by_ear.first
    assert "REPRISE   " not in by_ear.first, "the screens came instead"
    assert not set("│─█") & set(by_ear.first)


def test_enter_leads_to_the_drives(by_ear: ByEar) -> None:
    assert "HDD-EAR" in by_ear.drives
    assert "SERA EFFACÉ" in by_ear.drives


def test_it_is_spoken(by_ear: ByEar) -> None:
    assert spoken_s(by_ear.wav) >= _SPOKEN_S


def test_reports_on_a_disc_are_said_to_be_in_memory(by_ear: ByEar) -> None:
    assert "disque optique" in by_ear.kept_in


def test_the_drive_is_as_it_was(by_ear: ByEar) -> None:
    assert digest(by_ear.drive) == by_ear.before, "the live system changed a drive of the PC"
