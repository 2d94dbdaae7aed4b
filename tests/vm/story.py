"""The main job's story: a PC with two full drives, the power cut in the middle of an overwrite, and
the same PC done to the end. test_first_pc.py tells what each stretch must leave."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vm.https import Front, https
from vm.qemu import Disk, Pc, Vm, running
from vm.screen import Console, Fonts, Reader
from vm.server import GUEST_VIEW_OF_HOST, Server
from vm.surfaces import MIB, DataPartition, Planted, data_partition, look, make_stick, plant
from vm.technician import ERASING, SLOW, Technician, on
from vm.walk import Walk

HDD_SIZE, NVME_SIZE, STICK_SIZE = 512 * MIB, 3072 * MIB, 2560 * MIB
HDD_SERIAL, NVME_SERIAL, STICK_SERIAL = "HDD-SN-0001", "NVME-SN-0002", "STICK-SN-0003"
STATION, ORGANISATION = "banc-1", "Mairie de Test"
# Of 2006: it has no AES, SSE4 or POPCNT instructions.
PROCESSOR, ITS_NAME = "core2duo", "Core(TM)2 Duo"
# A PC of 2019 by its BIOS, so that age and triage have something to say.
_BIOS = ("-smbios", "type=0,vendor=Reprise Test,version=1.2.3,date=03/15/2019")


@dataclass
class Story:
    """What stands on the bench, and what has been seen so far."""

    folder: Path
    stick: Path
    hdd: Planted
    nvme: Planted
    fonts: Fonts

    def pc(self, firmware: str, *, hdd_bps: int) -> Pc:
        disks = [
            Disk(self.hdd.image, "sata", HDD_SERIAL, bps=hdd_bps),
            Disk(self.nvme.image, "nvme", NVME_SERIAL),
            Disk(self.stick, "usb", STICK_SERIAL, boot_index=0),
        ]
        folder = self.folder / firmware
        return Pc(folder, disks, memory_mib=1024, cpu=PROCESSOR, firmware=firmware, extra=_BIOS)

    def technician(self, vm: Vm) -> Technician:
        return Technician(Console(vm, Reader(self.fonts)))

    def data(self) -> DataPartition:
        partition = data_partition(self.stick)
        assert partition is not None, "the station made no REPRISE partition on the stick"
        return partition


def begin(iso: Path, fonts: Fonts, bench: Path) -> Story:
    hdd = plant(bench / "hdd.img", HDD_SIZE, full=True)
    nvme = plant(bench / "nvme.img", NVME_SIZE, full=False)
    stick = make_stick(iso, bench / "stick.img", STICK_SIZE)
    assert look(hdd).canaries >= HDD_SIZE // MIB
    assert look(nvme).canaries >= NVME_SIZE // MIB
    return Story(bench, stick, hdd, nvme, fonts)


@dataclass(frozen=True)
class FirstBoot:
    """`words`: what the initramfs says; `journals`: on the stick, once the power is cut."""

    words: str
    start: str
    drives: str
    confirm: str
    erasing: str
    journals: tuple[bytes, ...]


def cut_short(story: Story) -> FirstBoot:
    """A fresh stick, BIOS; the power is cut while the hard disk is being overwritten."""
    with running(story.pc("bios", hdd_bps=16 * MIB)) as vm:
        technician = story.technician(vm)
        words = technician.console.wait_for("Le système démarre", 90 * SLOW)
        start = technician.sees_the_station()
        technician.console.keep("start")
        drives = technician.goes_to_drives()
        confirm = technician.goes_to_confirm(install=False)
        technician.confirms()
        erasing = technician.watches(
            lambda text: on(ERASING, text) and 20 <= _percent_of(text, HDD_SERIAL) <= 45,
            "an overwrite in its middle",
            300 * SLOW,
            0.5,
        )
        technician.console.keep("erasing")
        vm.cut_power()
    stick = story.data()
    journals = tuple(stick.read(f"journal/{name}") for name in stick.names("journal"))
    return FirstBoot(words, start, drives, confirm, erasing, journals)


def _percent_of(text: str, serial: str) -> float:
    """The percentage on one of the two lines below a drive's title; -1 where there is none."""
    below = "\n".join(text.split(serial, 1)[-1].split("\n")[1:3])
    match = re.search(r"(\d+)(?:,\d+)?\s*%", below)
    return float(match.group(1)) if match else -1.0


@dataclass(frozen=True)
class SecondBoot:
    """`shown`: the screen's text by scene (see Walk); `facts`, `kernel_log`: of the logs that the
    technician copied to the stick; `address`: of the server that the station joined; `settings`:
    the stick's reprise.toml afterwards."""

    shown: dict[str, str]
    report_id: str
    on_stick_offline: list[str]
    jws: bytes
    stored: bytes | None
    went_off: bool
    kid_file: Path
    facts: str
    kernel_log: str
    address: str
    settings: str


def to_the_end(story: Story, server: Server) -> SecondBoot:
    """The same stick, Secure Boot, no network until the end; then the station joins the server by a
    code, over HTTPS of an authority whose certificate lies on the stick."""
    with https(server.port, GUEST_VIEW_OF_HOST, story.folder / "https") as front:
        story.data().write(front.authority, "ca.pem")
        return _to_the_end(story, server, front)


def _to_the_end(story: Story, server: Server, front: Front) -> SecondBoot:
    code = server.code(STATION, ORGANISATION)
    with running(story.pc("secure-boot", hdd_bps=24 * MIB)) as vm:
        walk = Walk(story.technician(vm))
        walk.to_the_plan()
        walk.erases()
        walk.to_the_end()
        names = [name for name in story.data().names("reports") if name.endswith(".jws")]
        report_id = _newest_report(story, names)
        walk.joins(front.address, code)
        walk.sends()
        stored = server.stored(report_id)
        logs = walk.copies_the_logs()
        vm.press("f4")
        went_off = vm.wait_off(60 * SLOW)
    jws = story.data().read(f"reports/{report_id}.jws")
    kid_file = story.folder / "station.pub.pem"
    kid_file.write_bytes(story.data().read("station.pub.pem"))
    settings = story.data().read("reprise.toml").decode()
    facts, kernel_log = (
        story.data().read(f"{logs}/{name}").decode() for name in ("facts.txt", "dmesg.txt")
    )
    return SecondBoot(
        walk.shown,
        report_id,
        names,
        jws,
        stored,
        went_off,
        kid_file,
        facts,
        kernel_log,
        front.address,
        settings,
    )


def _payload_of(jws: bytes) -> Any:
    return json.loads(base64.urlsafe_b64decode(jws.split(b".")[1] + b"=="))


def _newest_report(story: Story, names: list[str]) -> str:
    """The report with the install: an interrupted session may have left one of its own."""
    for name in names:
        if _payload_of(story.data().read(f"reports/{name}")).get("install"):
            return name.removesuffix(".jws")
    raise AssertionError(f"no report of this session on the stick: {names}")
