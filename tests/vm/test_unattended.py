"""A PC with 1 GiB of memory and two drives full of planted data, a stick whose settings ask for it,
and nobody: from power-on to power-off without one key press."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from vm.qemu import Disk, Pc, running
from vm.screen import Console, Fonts, Reader
from vm.surfaces import MIB, Planted, add_data_partition, look, make_stick, plant
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


@pytest.fixture(scope="module")
def run(iso: Path, fonts: Fonts, bench: Path) -> Run:
    hdd = plant(bench / "hdd.img", 128 * MIB, full=True)
    nvme = plant(bench / "nvme.img", 256 * MIB, full=False)
    stick = make_stick(iso, bench / "stick.img", 2560 * MIB)
    data = add_data_partition(stick)
    settings = bench / "reprise.toml"
    settings.write_text(SETTINGS)
    data.write(settings, "reprise.toml")
    disks = [
        Disk(hdd.image, "sata", "HDD-SN-0011"),
        Disk(nvme.image, "nvme", "NVME-SN-0012"),
        Disk(stick, "usb", "STICK-SN-0013", boot_index=0),
    ]
    with running(Pc(bench / "pc", disks, memory_mib=1024, cpu="Conroe", firmware="uefi")) as vm:
        console = Console(vm, Reader(fonts))
        countdown = console.wait_for("UNE TOUCHE ARRÊTE TOUT", 180 * SLOW)
        console.keep("countdown")
        console.wait_for("Temps restant", 120 * SLOW)
        console.keep("working")
        console.wait_for("s'éteint tout seul", 600 * SLOW)
        console.keep("done")
        went_off = vm.wait_off(150 * SLOW)
    names = [name for name in data.names("reports") if name.endswith(".jws")]
    payloads = [data.read(f"reports/{name}").split(b".")[1] for name in names]
    reports = [json.loads(base64.urlsafe_b64decode(payload + b"==")) for payload in payloads]
    return Run(countdown, went_off, hdd, nvme, reports)


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
