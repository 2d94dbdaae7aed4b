"""The main job, on the real image: a Core 2 Duo with 1 GiB and two full drives, from power-on to a
report that the server keeps, with the power cut in the middle of an overwrite on the way; then
every step and sheet of the station by key presses. The story is in story.py and walk.py; the tests
look at what each stretch of it left, from outside the PC.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import requests

from reprise.adapters.signing.jws import load_public_key, thumbprint
from reprise.sentences.done import short_code
from vm import story as bench_story
from vm.media import ROOT, digest, extract, installed_fonts
from vm.qemu import Disk, Pc, running
from vm.screen import Console, Fonts, Reader
from vm.server import Server
from vm.story import (
    HDD_SERIAL,
    HDD_SIZE,
    ITS_NAME,
    NVME_SERIAL,
    NVME_SIZE,
    ORGANISATION,
    STATION,
    STICK_SERIAL,
    FirstBoot,
    SecondBoot,
    Story,
)
from vm.strangers import regenerate, verify_with_jwcrypto, verify_with_openssl
from vm.surfaces import MIB, Surface, look
from vm.technician import CONFIRM, DRIVES, LARGE, SLOW, on
from vm.walk import DONOR, LOT, OPERATOR, SHEETS, TAG

# What the kernel says of a program that it ended (arch/x86: traps.c, mm/fault.c; mm/oom_kill.c).
WENT_WRONG = re.compile(r".*(?:traps:|invalid opcode|segfault|general protection|oom-kill).*")


@pytest.fixture(scope="module")
def story(iso: Path, fonts: Fonts, bench: Path) -> Story:
    return bench_story.begin(iso, fonts, bench)


@pytest.fixture(scope="module")
def first_boot(story: Story) -> FirstBoot:
    return bench_story.cut_short(story)


@pytest.fixture(scope="module")
def second_boot(story: Story, first_boot: FirstBoot, server: Server) -> SecondBoot:
    return bench_story.to_the_end(story, server)


@pytest.fixture(scope="module")
def report(second_boot: SecondBoot, story: Story) -> Any:
    """The report's payload, its signature checked by a JOSE library that is not ours."""
    path = story.folder / "report.jws"
    path.write_bytes(second_boot.jws)
    return verify_with_jwcrypto(path, second_boot.kid_file)


def test_the_station_comes_up_without_a_key_press(first_boot: FirstBoot) -> None:
    assert "REPRISE" in first_boot.start
    assert not re.search(r"\w\?|\?\?", first_boot.start), "a glyph that the font lacks"


def test_the_start_says_what_it_does_before_there_is_a_screen(first_boot: FirstBoot) -> None:
    said = [line.strip() for line in first_boot.words.split("\n") if line.strip()]
    assert said == ["Reprise démarre.", "Recherche de la clé.", "Le système démarre."]


def test_the_stick_is_not_offered(first_boot: FirstBoot) -> None:
    assert "NON PROPOSÉ" in first_boot.drives
    assert "SERA EFFACÉ" in first_boot.drives
    offered = first_boot.confirm.split("Non touché")[0]
    assert HDD_SERIAL in offered
    assert NVME_SERIAL in offered
    assert STICK_SERIAL not in offered


def test_what_was_done_before_the_cut_is_on_the_stick(first_boot: FirstBoot) -> None:
    [journal] = first_boot.journals
    whole = [line for line in journal.splitlines(keepends=True) if line.endswith(b"\n")]
    kinds = [json.loads(line)["event"] for line in whole]
    assert kinds.count("AttemptStarted") == 2, kinds


def test_a_power_cut_is_said_and_never_called_erased(second_boot: SecondBoot) -> None:
    drives = second_boot.shown["drives"]
    assert on(DRIVES, drives)
    assert "INTERROMPU" in drives, drives


def test_the_first_screen_takes_what_is_typed_on_a_french_keyboard(
    second_boot: SecondBoot, report: Any
) -> None:
    filled = second_boot.shown["start-filled"]
    assert TAG in filled and LOT in filled
    operator = report["operator"]
    assert (operator["asset_tag"], operator["lot"]) == (TAG, LOT)
    assert (operator["donor"], operator["name"]) == (DONOR, OPERATOR)


@pytest.mark.parametrize("key", SHEETS)
def test_every_sheet_opens_over_a_step_and_closes(second_boot: SecondBoot, key: str) -> None:
    text = second_boot.shown[f"sheet-{key}"]
    assert on(SHEETS[key], text)
    assert "Échap" in text


def test_the_reports_sheet_knows_what_the_server_took(second_boot: SecondBoot) -> None:
    """That of the session that the power cut ended, too."""
    assert len(second_boot.on_stick_offline) == 2
    assert "envoyés : 2" in second_boot.shown["sheet-f7"]


def test_no_screen_wants_a_glyph_that_the_console_lacks(second_boot: SecondBoot) -> None:
    """The reader writes “?” for a picture that is no glyph of the font."""
    unknown = {scene for scene, text in second_boot.shown.items() if "??" in text}
    assert not unknown - {"sent", "done", "sheet-f7"}  # half blocks of the QR code


def test_what_the_pc_checks_by_itself_is_in_the_report(report: Any) -> None:
    checked = {result["check"]: result["status"] for result in report["checks"]["results"]}
    assert checked["memory"] == "passed"
    assert checked["processor"] in ("passed", "unknown")  # no thermometer in a virtual PC


def test_the_pc_and_its_drives_are_told_apart(second_boot: SecondBoot) -> None:
    assert "2019" in second_boot.shown["machine"]
    for serial in (HDD_SERIAL, NVME_SERIAL):
        assert serial in second_boot.shown["drives"]
    assert "NON PROPOSÉ" in second_boot.shown["drives"]


def test_a_wrong_word_erases_nothing(second_boot: SecondBoot) -> None:
    assert on(CONFIRM, second_boot.shown["wrong-word"])


def test_the_large_screen_says_how_it_stands(second_boot: SecondBoot) -> None:
    assert LARGE in second_boot.shown["large"]
    assert TAG in second_boot.shown["large"]


def test_every_drive_is_erased_and_verified(second_boot: SecondBoot) -> None:
    assert "CE PC EST EFFACÉ ET VÉRIFIÉ" in second_boot.shown["done"]
    assert short_code(second_boot.report_id) in second_boot.shown["done"]


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


def test_all_of_that_went_well_on_an_old_processor(second_boot: SecondBoot, report: Any) -> None:
    """With little memory; and nothing met an instruction that it does not have."""
    assert ITS_NAME in report["inventory"]["processor"]["model"]
    assert report["inventory"]["memory"]["total_bytes"] < 1024 * MIB
    told = re.search(r"^processor flags: (.+)$", second_boot.facts, re.MULTILINE)
    assert told
    flags = set(told[1].split())
    assert "ssse3" in flags
    assert not flags & {"aes", "sse4_1", "popcnt", "avx"}
    assert "Linux version" in second_boot.kernel_log, "its beginning is there"
    assert WENT_WRONG.findall(second_boot.kernel_log) == []


def test_the_overwritten_drive_can_be_regenerated_by_a_stranger(story: Story, report: Any) -> None:
    """The published key and `openssl` alone say what every byte of the drive must be."""
    drives = {drive["identity"].get("serial"): drive for drive in report["drives"]}
    attempt = drives[HDD_SERIAL]["attempts"][-1]
    assert attempt["stream"] == "chacha20", "its processor has no AES instructions"
    for offset in (0, 256 * MIB, HDD_SIZE - MIB):
        with story.hdd.image.open("rb") as image:
            image.seek(offset)
            seen = image.read(MIB)
        assert seen == regenerate(attempt, offset, MIB)


def test_the_report_fits_its_schema(report: Any) -> None:
    schemas = ROOT / "app" / "reprise" / "schemas"
    jsonschema.validate(report, json.loads((schemas / "report-1.json").read_text()))
    inventory = json.loads((schemas / "inventory-1.json").read_text())
    jsonschema.validate(report["inventory"], inventory)


def test_the_report_was_on_the_stick_before_any_network(second_boot: SecondBoot) -> None:
    assert f"{second_boot.report_id}.jws" in second_boot.on_stick_offline


def test_the_station_joined_by_a_code_over_https(second_boot: SecondBoot, server: Server) -> None:
    """A person was told whose server it is; its key is the stick's own, made by the station."""
    assert second_boot.address.startswith("https://")
    asked = second_boot.shown["join-asks"]
    assert ORGANISATION in asked and STATION in asked and second_boot.address in asked
    told = tomllib.loads(second_boot.settings)["server"]
    assert (told["url"], told["ca_file"]) == (second_boot.address, "ca.pem")
    key = requests.get(f"{server.url}/api/v1/server-key", timeout=10).json()
    assert told["key"] == key["x"]
    kid = thumbprint(load_public_key(second_boot.kid_file.read_bytes(), "station.pub.pem"))
    page = server.page("/stations?lang=en").text
    assert kid in page and STATION in page
    assert re.search(r'data-label="Last seen">[^–<]', page)


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
        console = Console(vm, Reader(installed_fonts(story.fonts, tmp_path)))
        console.wait_for("login:", 150 * SLOW)
        console.keep("login")
