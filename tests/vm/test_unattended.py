"""A PC with 1 GiB of memory and two drives full of planted data, a stick whose settings ask for it,
and nobody: from power-on to power-off without one key press, on a screen of 1920×1080. The stick is
one of files on FAT, as Rufus's ISO mode makes it, and settings and reports lie beside them."""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from vm.media import digest, extract
from vm.qemu import FULL_HD, Disk, Pc, running
from vm.screen import Console, Fonts, Reader
from vm.surfaces import MIB, DataPartition, Planted, look, make_fat_stick, plant
from vm.technician import SLOW

SETTINGS = """\
[auto]
erase = true
countdown_s = 20
install = false
power_off = true
"""


@dataclass(frozen=True)
class Run:
    countdown: str
    went_off: bool
    hdd: Planted
    nvme: Planted
    reports: list[Any]
    stick: DataPartition


@pytest.fixture(scope="module")
def run(iso: Path, fonts: Fonts, bench: Path) -> Run:
    hdd = plant(bench / "hdd.img", 128 * MIB, full=True)
    nvme = plant(bench / "nvme.img", 256 * MIB, full=False)
    data = make_fat_stick(iso, bench / "stick.img", 2560 * MIB)
    settings = bench / "reprise.toml"
    settings.write_text(SETTINGS)
    data.write(settings, "reprise.toml")
    disks = [
        Disk(hdd.image, "sata", "HDD-SN-0011"),
        Disk(nvme.image, "nvme", "NVME-SN-0012"),
        Disk(data.image, "usb", "STICK-SN-0013", boot_index=0),
    ]
    pc = Pc(bench / "pc", disks, memory_mib=1024, cpu="Conroe", firmware="uefi", extra=FULL_HD)
    with running(pc) as vm:
        console = Console(vm, Reader(fonts))
        countdown = console.wait_for("ENTRÉE ARRÊTE TOUT", 180 * SLOW)
        console.keep("countdown")
        console.wait_for("Temps restant", 120 * SLOW)
        console.keep("working")
        console.wait_for("s'éteint tout seul", 600 * SLOW)
        console.keep("done")
        went_off = vm.wait_off(150 * SLOW)
    names = [name for name in data.names("reports") if name.endswith(".jws")]
    payloads = [data.read(f"reports/{name}").split(b".")[1] for name in names]
    reports = [json.loads(base64.urlsafe_b64decode(payload + b"==")) for payload in payloads]
    return Run(countdown, went_off, hdd, nvme, reports, data)


def test_the_countdown_names_what_it_will_erase_and_not_the_stick(run: Run) -> None:
    assert "HDD-SN-0011" in run.countdown
    assert "NVME-SN-0012" in run.countdown
    assert "STICK-SN-0013" not in run.countdown


def test_the_pc_switches_itself_off(run: Run) -> None:
    assert run.went_off


def test_no_planted_byte_is_left(run: Run) -> None:
    for drive in (run.hdd, run.nvme):
        surface = look(drive)
        assert (surface.canaries, surface.kept) == (0, 0)


def test_the_report_says_that_nobody_confirmed(run: Run) -> None:
    (report,) = run.reports
    assert report["confirmed_by"] == "unattended"
    states = {d["identity"].get("serial"): d["state"] for d in report["drives"]}
    assert states["HDD-SN-0011"] == states["NVME-SN-0012"] == "sanitized"


def test_the_stick_holds_what_it_held_and_was_left_clean(run: Run, iso: Path, bench: Path) -> None:
    inside = "live/filesystem.squashfs"
    there = extract(iso, f"/{inside}", bench / "squashfs.img")
    held = hashlib.sha256(run.stick.read(inside)).hexdigest()
    assert held == digest(there)
    alone = bench / "fat.img"
    argv = ["dd", f"if={run.stick.image}", f"of={alone}", "bs=1M", "skip=1", "conv=sparse"]
    subprocess.run(argv, check=True, capture_output=True)
    checked = subprocess.run(["fsck.vfat", "-n", str(alone)], capture_output=True, check=False)
    assert checked.returncode == 0, checked.stdout.decode()
