"""Our ISO as a file on a Ventoy stick. Ventoy itself is not here: what it does to a Debian live
system is done as it does it (ventoy/Ventoy, IMG/cpio/ventoy/hook/debian): before the root is looked
for, the file's blocks are mapped as /dev/mapper/ventoy by a dmsetup that the initramfs lacks."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from vm.media import digest, kernel_and_initrd, start_words
from vm.qemu import Disk, Pc, running
from vm.screen import Console, Font, Reader
from vm.surfaces import MIB
from vm.technician import Technician

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
    drives: str
    stick_kept: bool


@pytest.fixture(scope="module")
def started(
    iso: Path, font: Font, bench: Path, tmp_path_factory: pytest.TempPathFactory
) -> Started:
    folder = tmp_path_factory.mktemp("boot")
    kernel, initrd = kernel_and_initrd(iso, folder)
    initrd = with_ventoys_part(initrd, iso, folder)
    stick = ventoy_stick(iso, bench / "ventoy-stick.img")
    before = digest(stick)
    drive = bench / "ventoy-hdd.img"
    with drive.open("wb") as out:
        os.truncate(out.fileno(), 64 * MIB)
    disks = [Disk(drive, "sata", "HDD-VT"), Disk(stick, "usb", "STICK-VT")]
    pc = Pc(bench / "ventoy", disks, kernel=(kernel, initrd, " ".join(start_words(iso, folder))))
    with running(pc) as vm:
        technician = Technician(Console(vm, Reader(font)))
        technician.sees_the_station()
        drives = technician.goes_to_drives()
        vm.cut_power()
    return Started(drives, digest(stick) == before)


def test_the_station_starts_from_the_file(started: Started) -> None:
    assert "HDD-VT" in started.drives
    assert "SERA EFFACÉ" in started.drives


def test_reports_are_said_to_be_in_memory(started: Started) -> None:
    assert "Ventoy" in started.drives
    assert "qu'en mémoire" in started.drives


def test_nothing_is_written_to_the_ventoy_stick(started: Started) -> None:
    assert "STICK-VT" in started.drives
    assert "REFUSÉ" in started.drives
    assert started.stick_kept
