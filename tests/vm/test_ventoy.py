"""Our ISO as a file on a Ventoy stick. Ventoy itself is not here: what it does to a Debian live
system is done as it does it (ventoy/Ventoy, IMG/cpio/ventoy/hook/debian): before the root is looked
for, the file's blocks are mapped as /dev/mapper/ventoy by a dmsetup that the initramfs lacks.

On the same PC a screen of 1920×1080, a tablet and a mouse: the letters fit the screen, the kernel's
pointer is seen, and a click on the key line presses the key."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from vm.hand import TABLET, Hand
from vm.media import digest, kernel_and_initrd, start_words
from vm.qemu import FULL_HD, Disk, Pc, running
from vm.screen import Fonts
from vm.surfaces import MIB
from vm.technician import MACHINE, SLOW, START

_START = 1 * MIB  # of the partition, as Ventoy makes it
_FILE_AT = 64 * MIB  # of the ISO file in the partition

_MAP = """(
    while ! grep -q device-mapper /proc/devices; do sleep 0.2; done
    while :; do
        for part in /sys/class/block/sd?1; do
            [ "$(cat "${{part%/*}}/$(basename "${{part%1}}")/removable")" = 1 ] && break 2
        done
        sleep 0.2
    done
    sleep 1
    own=/ventoy/lib
    $own/{loader} --library-path $own /ventoy/dmsetup create --noudevsync ventoy \\
        --table "0 {sectors} linear /dev/${{part##*/}} {offset}"
) </dev/null >/dev/null 2>&1 &
"""


def ventoy_stick(iso: Path, image: Path) -> Path:
    """An exFAT partition and, among its blocks, the ISO."""
    size = _START + _FILE_AT + iso.stat().st_size + 64 * MIB
    with image.open("wb") as out:
        out.truncate(size)
    table = f"label: dos\nstart={_START // 512}, type=7\n".encode()
    subprocess.run(["sfdisk", "-q", str(image)], input=table, check=True, capture_output=True)
    partition = image.with_suffix(".exfat")
    with partition.open("wb") as out:
        out.truncate(size - _START)
    argv = ["mkfs.exfat", "-L", "Ventoy", str(partition)]
    subprocess.run(argv, check=True, capture_output=True)
    with image.open("r+b") as out, partition.open("rb") as head, iso.open("rb") as file:
        out.seek(_START)
        out.write(head.read(_FILE_AT))
        shutil.copyfileobj(file, out)
    partition.unlink()
    return image


def with_ventoys_part(initrd: Path, iso: Path, folder: Path) -> Path:
    """The initramfs with what Ventoy adds: its own dmsetup, and the mapping before the root."""
    root = folder / "ventoy"
    (root / "ventoy/lib").mkdir(parents=True)
    (root / "conf/conf.d").mkdir(parents=True)
    tool = shutil.which("dmsetup")
    assert tool, "dmsetup is missing: make deps"
    shutil.copy(tool, root / "ventoy/dmsetup")
    listed = subprocess.run(["ldd", tool], capture_output=True, text=True, check=True).stdout
    libraries = re.findall(r"(/\S+)", listed)
    for library in libraries:  # not in /lib, which is a link in the initramfs
        shutil.copy(library, root / "ventoy/lib")
    loader = next(Path(name).name for name in libraries if "/ld-linux" in name)
    sectors = -(-iso.stat().st_size // 512)
    (root / "conf/conf.d/ventoy").write_text(
        _MAP.format(sectors=sectors, offset=_FILE_AT // 512, loader=loader)
    )
    names = sorted(str(path.relative_to(root)) for path in root.rglob("*"))
    archive = subprocess.run(
        ["cpio", "--quiet", "-o", "-H", "newc"],
        input="\n".join(names).encode(),
        cwd=root,
        capture_output=True,
        check=True,
    )
    both = folder / "initrd.ventoy"
    both.write_bytes(initrd.read_bytes() + bytes(-initrd.stat().st_size % 512) + archive.stdout)
    return both


@dataclass
class Started:
    hand: Hand
    stick: Path
    stick_before: str


@pytest.fixture(scope="module")
def started(
    iso: Path, fonts: Fonts, bench: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Started]:
    folder = tmp_path_factory.mktemp("boot")
    kernel, initrd = kernel_and_initrd(iso, folder)
    initrd = with_ventoys_part(initrd, iso, folder)
    stick = ventoy_stick(iso, bench / "ventoy-stick.img")
    before = digest(stick)
    drive = bench / "ventoy-hdd.img"
    with drive.open("wb") as out:
        os.truncate(out.fileno(), 64 * MIB)
    disks = [Disk(drive, "sata", "HDD-VT"), Disk(stick, "usb", "STICK-VT")]
    start = kernel, initrd, " ".join(start_words(iso, folder))
    with running(Pc(bench / "ventoy", disks, kernel=start, extra=(*TABLET, *FULL_HD))) as vm:
        hand = Hand(vm, fonts)
        hand.technician.sees_the_station()
        hand.console.wait_for("Le PC a été lu", 120 * SLOW)
        yield Started(hand, stick, before)


@pytest.fixture(scope="module")
def hand(started: Started) -> Hand:
    """On the first screen."""
    return started.hand


@pytest.fixture(scope="module")
def drives(started: Started) -> str:
    """What the step says; the PC is off afterwards."""
    text = started.hand.technician.goes_to_drives()
    started.hand.vm.cut_power()
    return text


def test_the_letters_are_as_large_as_the_screen_allows_and_smaller_on_demand(hand: Hand) -> None:
    assert hand.cells() == (120, 33)
    hand.vm.press("ctrl", "t")
    hand.console.wait_until(lambda _text: hand.cells() == (240, 67), "small letters", 30 * SLOW)
    hand.console.keep("small")
    hand.vm.press("ctrl", "t")
    hand.console.wait_until(lambda _text: hand.cells() == (120, 33), "large letters", 30 * SLOW)
    hand.technician.sees(START, 15 * SLOW)


def test_the_pointer_is_drawn_where_the_tablet_is(hand: Hand) -> None:
    columns, rows = hand.cells()
    blank = rows * 3 // 4
    assert hand.inverted(blank) == [], "the row is not blank"
    hand.goes_to((columns // 2, blank))
    assert abs(hand.sees_pointer(blank) - columns // 2) <= 1
    hand.console.keep("pointer")


def test_the_pcs_own_mouse_moves_the_same_pointer(hand: Hand) -> None:
    columns, rows = hand.cells()
    blank = rows * 3 // 4
    hand.goes_to((columns // 2, blank))
    before = hand.sees_pointer(blank)
    hand.vm.nudge(-80, 0)
    time.sleep(1 * SLOW)
    assert 0 < hand.sees_pointer(blank) < before


def test_a_click_on_the_key_line_presses_the_key(hand: Hand) -> None:
    hand.clicks("Continuer")
    hand.technician.sees(MACHINE, 15 * SLOW)
    hand.clicks("Retour")
    hand.technician.sees(START, 15 * SLOW)
    hand.clicks("English")
    hand.console.wait_for("Continue", 15 * SLOW)
    hand.clicks("Français")
    hand.console.wait_for("Continuer", 15 * SLOW)


def test_the_pointer_goes_away_when_it_is_left_alone(hand: Hand) -> None:
    _columns, rows = hand.cells()
    time.sleep(12)
    assert hand.inverted(rows * 3 // 4) == []


def test_the_station_starts_from_the_file(drives: str) -> None:
    assert "HDD-VT" in drives
    assert "SERA EFFACÉ" in drives


def test_reports_are_said_to_be_in_memory(drives: str) -> None:
    assert "Ventoy" in drives
    assert "qu'en mémoire" in drives


def test_nothing_is_written_to_the_ventoy_stick(drives: str, started: Started) -> None:
    assert "STICK-VT" in drives
    assert "NON PROPOSÉ - c'est le support depuis lequel Reprise a démarré" in drives
    assert digest(started.stick) == started.stick_before
