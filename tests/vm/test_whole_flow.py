"""The technician's whole flow in French, with key presses on the real VGA console: each step, each
sheet that a key opens over them, a word that is not the right one, and the PC switched off."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from vm.qemu import Disk, Pc, Vm, running
from vm.screen import Console, Font, Reader
from vm.server import Server
from vm.surfaces import MIB, Planted, add_data_partition, look, make_stick, plant
from vm.technician import (
    CONFIRM,
    DONE,
    DRIVES,
    ERASING,
    LARGE,
    MACHINE,
    SLOW,
    START,
    SYSTEM,
    Technician,
    on,
)

HDD_SERIAL, NVME_SERIAL, STICK_SERIAL = "HDD-SN-0041", "NVME-SN-0042", "STICK-SN-0043"
TAG, LOT = "cb-2026-117", "lot-7"
# A PC of 2019 by its BIOS, so that age and triage have something to say.
BIOS = ("-smbios", "type=0,vendor=Reprise Test,version=1.2.3,date=03/15/2019")
# The key of each sheet, and the title that the head line shows.
SHEETS = {
    "f3": "Contrôle des fonctions",
    "f6": "Réseau",
    "f7": "Rapports",
    "f9": "Journaux",
    "f12": "Clavier",
}


@dataclass
class Seen:
    """The screen's text by scene, and what stood outside the PC at the end."""

    shown: dict[str, str] = field(default_factory=dict)
    drives: tuple[Planted, ...] = ()
    report: Any = None
    stored: bytes | None = None
    went_off: bool = False


@dataclass
class Walk:
    technician: Technician
    seen: Seen

    @property
    def vm(self) -> Vm:
        return self.technician.console.vm

    def keep(self, scene: str, text: str) -> None:
        self.seen.shown[scene] = text
        self.technician.console.keep(scene)

    def step(self, key: str, step: str, scene: str) -> None:
        self.keep(scene, self.technician.presses(key, step, 60 * SLOW))

    def sheet(self, key: str, back: str) -> None:
        """Open it, look once it has read what it shows, and go back to the step."""
        self.technician.presses(key, SHEETS[key], 60 * SLOW)
        read = self.technician.console.wait_until(
            lambda text: on(SHEETS[key], text) and "Lecture" not in text, "what was read", 30 * SLOW
        )
        self.keep(f"sheet-{key}", read)
        self.technician.presses("esc", back)

    def fills(self, *fields: str) -> None:
        for text in fields:
            self.technician.console.type(text)
            self.vm.press("down")


def _before(walk: Walk) -> None:
    """Up to the plan: the operator, the sheets, the PC, its drives, the system."""
    technician = walk.technician
    walk.keep("start", technician.sees_the_station())
    technician.console.wait_for("Le PC a été lu", 180 * SLOW)
    walk.fills(TAG, LOT, "mairie", "claire martin")
    walk.keep("start-filled", technician.console.wait_for("claire martin", 20 * SLOW))
    for key in ("f6", "f7", "f9", "f12"):
        walk.sheet(key, START)
    walk.vm.press("f1")
    walk.keep("help", technician.console.wait_for("Depuis chaque étape", 20 * SLOW))
    walk.vm.press("esc")
    walk.step("ret", MACHINE, "machine")
    _check(walk)
    for step, scene in ((DRIVES, "drives"), (SYSTEM, "system"), (CONFIRM, "confirm")):
        walk.step("ret", step, scene)


def _check(walk: Walk) -> None:
    """The functions that the PC checks by itself; the others are left out with a reason."""
    technician = walk.technician
    walk.step("f3", SHEETS["f3"], "sheet-f3")
    technician.console.type("a")
    text = technician.console.wait_until(
        lambda seen: "pendant" in _row(seen, "Processeur"),
        "the processor checked",
        240 * SLOW,
    )
    walk.keep("checks", text)
    technician.presses("esc", MACHINE)


def _row(text: str, name: str) -> str:
    return next((line for line in text.split("\n") if name in line), "").strip()


def _erase(walk: Walk) -> None:
    technician = walk.technician
    technician.console.type("oui")
    walk.vm.press("ret")
    walk.keep("wrong-word", technician.sees(CONFIRM, 10 * SLOW))
    for _letter in "oui":
        walk.vm.press("backspace")
    walk.keep("erasing", technician.confirms())
    walk.vm.press("f11")
    large = technician.console.wait_until(
        lambda text: LARGE in text and "Temps restant" in text, "the large screen", 20 * SLOW
    )
    walk.keep("large", large)
    walk.vm.press("esc")
    technician.sees(ERASING, 20 * SLOW)


def _end(walk: Walk, server: Server, stick: Path) -> None:
    technician = walk.technician
    walk.keep("done", technician.sees_the_end(600 * SLOW))
    walk.vm.set_link(True)
    walk.keep("sent", technician.watches(lambda text: "ENVOYÉ" in text, "sent", 120 * SLOW))
    walk.sheet("f7", DONE)
    walk.vm.press("f4")
    walk.seen.went_off = walk.vm.wait_off(60 * SLOW)


@pytest.fixture(scope="module")
def seen(iso: Path, font: Font, bench: Path, server: Server) -> Iterator[Seen]:
    hdd = plant(bench / "hdd.img", 256 * MIB, full=True)
    nvme = plant(bench / "nvme.img", 512 * MIB, full=False)  # no system fits: see test_first_pc
    stick = make_stick(iso, bench / "stick.img", 2560 * MIB)
    data = add_data_partition(stick)
    given = server.enroll("banc-7", bench / "settings")
    for name in ("reprise.toml", "station.key.pem", "station.pub.pem"):
        data.write(given / name, name)
    disks = [
        Disk(hdd.image, "sata", HDD_SERIAL, bps=24 * MIB),
        Disk(nvme.image, "nvme", NVME_SERIAL),
        Disk(stick, "usb", STICK_SERIAL, boot_index=0),
    ]
    seen = Seen(drives=(hdd, nvme))
    with running(Pc(bench / "pc", disks, extra=BIOS)) as vm:
        walk = Walk(Technician(Console(vm, Reader(font))), seen)
        _before(walk)
        _erase(walk)
        _end(walk, server, stick)
    (name,) = [name for name in data.names("reports") if name.endswith(".jws")]
    jws = data.read(f"reports/{name}")
    seen.report = json.loads(base64.urlsafe_b64decode(jws.split(b".")[1] + b"=="))
    seen.stored = server.stored(name.removesuffix(".jws"))
    assert seen.stored == jws
    yield seen


def test_the_first_screen_takes_what_is_typed_on_a_french_keyboard(seen: Seen) -> None:
    assert TAG in seen.shown["start-filled"] and LOT in seen.shown["start-filled"]
    operator = seen.report["operator"]
    assert (operator["asset_tag"], operator["lot"]) == (TAG, LOT)
    assert (operator["donor"], operator["name"]) == ("mairie", "claire martin")


@pytest.mark.parametrize("key", SHEETS)
def test_every_sheet_opens_over_a_step_and_closes(seen: Seen, key: str) -> None:
    text = seen.shown[f"sheet-{key}"]
    assert on(SHEETS[key], text)
    assert "Échap" in text


def test_the_reports_sheet_knows_what_the_server_took(seen: Seen) -> None:
    assert "envoyés : 1" in seen.shown["sheet-f7"]


def test_no_screen_wants_a_glyph_that_the_console_lacks(seen: Seen) -> None:
    """The reader writes “?” for a picture that is no glyph of the font."""
    unknown = {scene for scene, text in seen.shown.items() if "??" in text}
    assert not unknown - {"sent", "done", "sheet-f7"}  # half blocks of the QR code


def test_what_the_pc_checks_by_itself_is_in_the_report(seen: Seen) -> None:
    checked = {one["check"]: one["status"] for one in seen.report["checks"]["results"]}
    assert checked["memory"] == "passed"
    assert checked["processor"] in ("passed", "unknown")  # no thermometer in a virtual PC


def test_the_pc_and_its_drives_are_told_apart(seen: Seen) -> None:
    assert "2019" in seen.shown["machine"]
    for serial in (HDD_SERIAL, NVME_SERIAL):
        assert serial in seen.shown["drives"]
    assert "NON PROPOSÉ" in seen.shown["drives"]


def test_a_wrong_word_erases_nothing(seen: Seen) -> None:
    assert on(CONFIRM, seen.shown["wrong-word"])


def test_the_large_screen_says_how_it_stands(seen: Seen) -> None:
    assert LARGE in seen.shown["large"]
    assert TAG in seen.shown["large"]


def test_the_end_says_what_to_write_on_the_pc(seen: Seen) -> None:
    assert "CE PC EST EFFACÉ ET VÉRIFIÉ" in seen.shown["done"]
    assert seen.report["report_id"] in seen.shown["done"]


def test_nothing_planted_is_left_and_the_pc_is_off(seen: Seen) -> None:
    assert seen.went_off
    for drive in seen.drives:
        surface = look(drive)
        assert (surface.canaries, surface.kept) == (0, 0)
    states = {d["identity"].get("serial"): d["state"] for d in seen.report["drives"]}
    assert states[HDD_SERIAL] == states[NVME_SERIAL] == "sanitized"
