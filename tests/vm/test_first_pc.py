"""The main job, on the real image: a PC with two full drives, from power-on to a report that the
server keeps, with the power cut in the middle of an overwrite on the way.

Each fixture is one stretch of the story; the tests look at what it left, from outside the PC.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from vm.media import ROOT, digest, extract, installed_font
from vm.qemu import Disk, Pc, Vm, running
from vm.screen import Console, Font, Reader
from vm.server import Server
from vm.strangers import regenerate, verify_with_jwcrypto, verify_with_openssl
from vm.surfaces import (
    MIB,
    DataPartition,
    Planted,
    Surface,
    data_partition,
    look,
    make_stick,
    plant,
)
from vm.technician import DONE, DRIVES, ERASING, INSTALLING, SLOW, Technician, on

HDD_SIZE, NVME_SIZE, STICK_SIZE = 512 * MIB, 3072 * MIB, 2560 * MIB
HDD_SERIAL, NVME_SERIAL = "HDD-SN-0001", "NVME-SN-0002"


@dataclass
class Story:
    """What stands on the bench, and what has been seen so far."""

    folder: Path
    stick: Path
    hdd: Planted
    nvme: Planted
    font: Font

    def pc(self, firmware: str, *, hdd_bps: int = 0) -> Pc:
        disks = [
            Disk(self.hdd.image, "sata", HDD_SERIAL, bps=hdd_bps),
            Disk(self.nvme.image, "nvme", NVME_SERIAL),
            Disk(self.stick, "usb", "STICK-SN-0003", boot_index=0),
        ]
        return Pc(self.folder / firmware, disks, firmware=firmware)

    def technician(self, vm: Vm) -> Technician:
        return Technician(Console(vm, Reader(self.font)))

    def data(self) -> DataPartition:
        found = data_partition(self.stick)
        assert found is not None, "the station made no REPRISE partition on the stick"
        return found


@pytest.fixture(scope="module")
def story(iso: Path, font: Font, bench: Path) -> Story:
    hdd = plant(bench / "hdd.img", HDD_SIZE, full=True)
    nvme = plant(bench / "nvme.img", NVME_SIZE, full=False)
    stick = make_stick(iso, bench / "stick.img", STICK_SIZE)
    assert look(hdd).canaries >= HDD_SIZE // MIB
    assert look(nvme).canaries >= NVME_SIZE // MIB
    return Story(bench, stick, hdd, nvme, font)


def percent_of(text: str, serial: str) -> float:
    """The percentage on the line below a drive's title; -1 where there is none."""
    after = text.split(serial, 1)[-1].split("\n", 2)
    found = re.search(r"(\d+)(?:,\d+)?\s*%", after[1]) if len(after) > 1 else None
    return float(found.group(1)) if found else -1.0


@dataclass(frozen=True)
class FirstBoot:
    start: str
    drives: str
    confirm: str
    erasing: str


@pytest.fixture(scope="module")
def first_boot(story: Story) -> FirstBoot:
    """A fresh stick, BIOS; the power is cut while the hard disk is being overwritten."""
    with running(story.pc("bios", hdd_bps=16 * MIB)) as vm:
        technician = story.technician(vm)
        start = technician.sees_the_station()
        technician.console.keep("start")
        drives = technician.goes_to_drives()
        confirm = technician.goes_to_confirm(install=False)
        technician.confirms()
        erasing = technician.watches(
            lambda text: on(ERASING, text) and 20 <= percent_of(text, HDD_SERIAL) <= 45,
            "an overwrite in its middle",
            300 * SLOW,
            0.5,
        )
        technician.console.keep("erasing")
        vm.cut_power()
    return FirstBoot(start, drives, confirm, erasing)


@dataclass(frozen=True)
class SecondBoot:
    drives: str
    done: str
    report_id: str
    on_stick_offline: list[str]
    jws: bytes
    stored: bytes | None
    went_off: bool
    kid_file: Path


@pytest.fixture(scope="module")
def second_boot(story: Story, first_boot: FirstBoot, server: Server) -> SecondBoot:
    """The same stick with the organisation's settings, Secure Boot, no network until the end."""
    given = server.enroll("banc-1", story.folder / "settings")
    for name in ("reprise.toml", "station.key.pem", "station.pub.pem"):
        story.data().write(given / name, name)
    with running(story.pc("secure-boot")) as vm:
        technician = story.technician(vm)
        technician.sees_the_station()
        drives = technician.goes_to_drives()
        technician.goes_to_confirm(install=True)
        technician.confirms()
        technician.watches(
            lambda text: on(INSTALLING, text) or on(DONE, text), "the erasure's end", 600 * SLOW
        )
        technician.console.keep("installing")
        done = technician.sees_the_end(600 * SLOW)
        technician.console.keep("done")
        names = [name for name in story.data().names("reports") if name.endswith(".jws")]
        report_id = newest_report(story, names)
        vm.set_link(True)
        technician.watches(lambda text: "ENVOYÉ" in text, "the sending", 120 * SLOW)
        technician.console.keep("sent")
        stored = server.stored(report_id)
        vm.press("f4")
        went_off = vm.wait_off(60 * SLOW)
    jws = story.data().read(f"reports/{report_id}.jws")
    return SecondBoot(
        drives, done, report_id, names, jws, stored, went_off, given / "station.pub.pem"
    )


def payload_of(jws: bytes) -> Any:
    return json.loads(base64.urlsafe_b64decode(jws.split(b".")[1] + b"=="))


def newest_report(story: Story, names: list[str]) -> str:
    """The report with the install: an interrupted session may have left one of its own."""
    for name in names:
        if payload_of(story.data().read(f"reports/{name}")).get("install"):
            return name.removesuffix(".jws")
    raise AssertionError(f"no report of this session on the stick: {names}")


@pytest.fixture(scope="module")
def report(second_boot: SecondBoot, story: Story) -> Any:
    """The report's payload, its signature checked by a JOSE library that is not ours."""
    path = story.folder / "report.jws"
    path.write_bytes(second_boot.jws)
    return verify_with_jwcrypto(path, second_boot.kid_file)


def test_the_station_comes_up_without_a_key_press(first_boot: FirstBoot) -> None:
    assert "REPRISE" in first_boot.start
    assert not re.search(r"\w\?|\?\?", first_boot.start), "a glyph that the font lacks"


def test_the_stick_is_not_offered(first_boot: FirstBoot) -> None:
    assert "NON PROPOSÉ" in first_boot.drives
    assert "SERA EFFACÉ" in first_boot.drives
    offered = first_boot.confirm.split("Non touché")[0]
    assert HDD_SERIAL in offered
    assert NVME_SERIAL in offered
    assert "STICK-SN-0003" not in offered


def test_a_power_cut_is_said_and_never_called_erased(second_boot: SecondBoot) -> None:
    assert on(DRIVES, second_boot.drives)
    assert "INTERROMPU" in second_boot.drives


def test_every_drive_is_erased_and_verified(second_boot: SecondBoot) -> None:
    assert "CE PC EST EFFACÉ ET VÉRIFIÉ" in second_boot.done
    assert second_boot.report_id in second_boot.done


@pytest.fixture(scope="module")
def surfaces(story: Story, second_boot: SecondBoot) -> Iterator[tuple[Surface, Surface]]:
    yield look(story.hdd), look(story.nvme)


def test_no_planted_byte_is_left(surfaces: tuple[Surface, Surface]) -> None:
    """After the erase and the install: no canary anywhere, no block as it was."""
    hdd, nvme = surfaces
    assert (hdd.canaries, hdd.kept) == (0, 0)
    assert (nvme.canaries, nvme.kept) == (0, 0)
    assert hdd.zero < hdd.blocks // 100, "the keyed stream was not written"


def test_the_report_names_the_bytes_that_the_pc_was_started_from(
    report: Any, iso: Path, bench: Path
) -> None:
    squashfs = extract(iso, "/live/filesystem.squashfs", bench / "filesystem.squashfs")
    assert report["station"]["image_sha256"] == digest(squashfs)


def test_the_report_tells_the_truth(report: Any) -> None:
    drives = {drive["identity"].get("serial"): drive for drive in report["drives"]}
    hdd, nvme = drives[HDD_SERIAL], drives[NVME_SERIAL]
    assert (hdd["identity"]["size_bytes"], nvme["identity"]["size_bytes"]) == (HDD_SIZE, NVME_SIZE)
    assert (hdd["state"], nvme["state"]) == ("sanitized", "sanitized")
    assert hdd["attempts"][-1]["attempt"]["technique"] == "overwrite"
    assert nvme["attempts"][-1]["attempt"]["technique"] == "nvme-format-user-data-erase"
    assert {a["attempts"][-1]["verdict"] for a in (hdd, nvme)} == {"verified"}
    assert hdd["attempts"][-1]["verified_bytes"] == HDD_SIZE
    assert report["install"]["ok"] is True
    assert report["inventory"]["machine"]["serial"] == "BENCH-0001"
    stick = [drive for drive in report["drives"] if drive["state"] == "refused"]
    assert stick, "the stick is not listed among the drives that were not touched"


def test_all_of_that_went_well_under_secure_boot(report: Any) -> None:
    firmware = report["inventory"]["machine"]["firmware"]
    assert (firmware["mode"], firmware["secure_boot"]) == ("uefi", True)


def test_the_overwritten_drive_can_be_regenerated_by_a_stranger(story: Story, report: Any) -> None:
    """The published key and `openssl` alone say what every byte of the drive must be."""
    drives = {drive["identity"].get("serial"): drive for drive in report["drives"]}
    attempt = drives[HDD_SERIAL]["attempts"][-1]
    for offset in (0, 256 * MIB, HDD_SIZE - MIB):
        with story.hdd.image.open("rb") as image:
            image.seek(offset)
            seen = image.read(MIB)
        assert seen == regenerate(attempt["job_key"], attempt["job_id"], offset, MIB)


def test_the_report_fits_its_schema(report: Any) -> None:
    schemas = ROOT / "app" / "reprise" / "schemas"
    jsonschema.validate(report, json.loads((schemas / "report-1.json").read_text()))
    inventory = json.loads((schemas / "inventory-1.json").read_text())
    jsonschema.validate(report["inventory"], inventory)


def test_the_report_was_on_the_stick_before_any_network(second_boot: SecondBoot) -> None:
    assert f"{second_boot.report_id}.jws" in second_boot.on_stick_offline


def test_the_server_keeps_the_exact_bytes(second_boot: SecondBoot, tmp_path: Path) -> None:
    assert second_boot.stored == second_boot.jws
    assert verify_with_openssl(second_boot.jws, second_boot.kid_file, tmp_path)
    other = b"B" if second_boot.jws[-9:-8] == b"A" else b"A"  # still base64url
    changed = second_boot.jws[:-9] + other + second_boot.jws[-8:]
    assert not verify_with_openssl(changed, second_boot.kid_file, tmp_path)


def test_f4_switches_the_pc_off(second_boot: SecondBoot) -> None:
    assert second_boot.went_off


@pytest.mark.parametrize("firmware", ["bios", "secure-boot", "uefi32"])
def test_the_pc_boots_into_its_own_system(
    story: Story, second_boot: SecondBoot, firmware: str, tmp_path: Path
) -> None:
    """Without the stick, to a log-in prompt on the screen."""
    disks = [
        Disk(story.hdd.image, "sata", HDD_SERIAL),
        Disk(story.nvme.image, "nvme", NVME_SERIAL, boot_index=0),
    ]
    with running(Pc(story.folder / f"own-{firmware}", disks, firmware=firmware)) as vm:
        console = Console(vm, Reader(installed_font(story.font, tmp_path)))
        console.wait_for("login:", 150 * SLOW)
        console.keep("login")
