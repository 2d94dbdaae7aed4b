"""eMMC erase: real block reads and writes on loop devices that stand for the areas of one eMMC. No
emulated eMMC exists here: the bytes of the commands are checked against the kernel's headers in
unit/wire/test_wire_mmc.py."""

from __future__ import annotations

import errno
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path

import pytest

from disks.played_mmc import (
    BOOT,
    GROUP,
    SECURE_ERASE,
    SIZE,
    TRIM,
    Card,
    PlayedMmc,
    Trouble,
)
from disks.rig import Ran, filled_file, loop_device
from reprise.adapters.drives.firmware import mmc_session
from reprise.domain.erasure.verification import ReasonCode
from reprise.domain.planning.techniques import Method, Verdict
from reprise.domain.report.events import CommandRan, DriveInterrupted, Observation, ObservationKind


@pytest.fixture
def card(tmp_path: Path) -> Iterator[Card]:
    with ExitStack() as stack:
        yield Card(tmp_path, stack, PlayedMmc())


def all_of(ran: Ran, kind: ObservationKind) -> list[Observation]:
    return [one for one in ran.events if isinstance(one, Observation) and one.kind is kind]


BLANK = {"boot0": b"\0", "boot1": b"\xff"}


def test_every_area_is_erased_and_then_purged(card: Card) -> None:
    card.make({"boot0": None, "boot1": b"\0"})
    ran = card.erase()
    assert ran.finished.verdict is Verdict.VERIFIED
    assert ran.finished.achieved is Method.CLEAR  # never Purge: no mapping is known
    assert card.played.what() == [("erase", "user"), ("erase", "boot0"), ("sanitize",)]
    assert card.files["boot0"].read_bytes() == bytes(BOOT)
    done = ran.seen(ObservationKind.COMMAND_FINISHED).detail
    assert done["areas"] == "user boot1:blank boot0:erased"
    assert done["sanitized"] == 1
    # the kernel's write protection is as it was
    for name in ("boot0", "boot1"):
        assert (card.folder / f"mmcblk0{name}/force_ro").read_text().strip() == "1"
    shown = [one for one in ran.of(CommandRan) if isinstance(one, CommandRan)]
    assert shown[0].argv[:3] == ("eMMC", "ERASE", "CMD38")
    assert "area=boot0" in shown[1].argv


def test_erased_cells_may_read_as_ones(card: Card) -> None:
    card.played.erased = 0xFF
    card.make({"boot0": None, "boot1": None})
    assert card.erase().finished.verdict is Verdict.VERIFIED


def test_an_old_device_gets_secure_erase(card: Card) -> None:
    card.played.features = SECURE_ERASE | TRIM
    card.make({"boot0": None, "boot1": b"\0"})
    ran = card.erase()
    assert ran.finished.verdict is Verdict.VERIFIED
    assert card.played.what() == [("secure", "user"), ("secure", "boot0")]
    assert ran.seen(ObservationKind.COMMAND_FINISHED).detail["sanitized"] == 0


def test_where_the_kernel_knows_better_a_plain_erase_is_used(card: Card) -> None:
    card.played.features = SECURE_ERASE | TRIM
    card.played.trouble["secure"] = [OSError(errno.EOPNOTSUPP, "quirk")] * 2
    card.make({"boot0": None, "boot1": b"\0"})
    assert card.erase().finished.verdict is Verdict.VERIFIED
    assert card.played.what() == [
        ("secure", "user"),
        ("erase", "user"),
        ("secure", "boot0"),
        ("erase", "boot0"),
    ]


def test_parts_are_whole_erase_groups(card: Card, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mmc_session, "_PART_BYTES", 5 * GROUP + 1)
    card.make(BLANK)
    ran = card.erase()
    assert ran.finished.verdict is Verdict.VERIFIED
    spans = [(int(one[2]), int(one[3]) + 512) for one in card.played.asked if one[0] == "erase"]
    assert spans[0] == (0, 5 * GROUP)
    assert all(end == start for (_a, end), (start, _b) in pairwise(spans))
    assert spans[-1][1] == SIZE


# ---- what is not reached, and lies ----


def test_an_area_that_cannot_be_opened_is_left_and_said(card: Card) -> None:
    card.make({"boot0": None, "boot1": None})
    (card.root / "dev/mmcblk0boot1").unlink()
    ran = card.erase()
    left = ran.seen(ObservationKind.AREA_UNKNOWN).detail
    assert (left["area"], left["errno"]) == ("boot1", "ENOENT")
    assert ran.finished.verdict is Verdict.UNVERIFIED
    assert ReasonCode.AREA_UNKNOWN in ran.finished.reasons
    assert b"SECRET" in card.files["boot1"].read_bytes()


def test_areas_that_the_kernel_does_not_show_are_left_and_said(card: Card) -> None:
    card.make({})
    ran = card.erase()
    left = ran.seen(ObservationKind.AREA_UNKNOWN).detail
    assert (left["expected"], left["found"]) == (2, 0)
    assert ran.finished.verdict is Verdict.UNVERIFIED


def test_a_write_protected_area_is_left_and_said(card: Card) -> None:
    card.make({"boot0": None, "boot1": b"\0"})
    card.played.trouble["erase"] = [0, 1 << 26]  # WP_VIOLATION, of boot0
    ran = card.erase()
    left = ran.seen(ObservationKind.AREA_KEPT_DATA).detail
    assert (left["area"], left["status"]) == ("boot0", "WP_VIOLATION")
    assert ran.finished.verdict is Verdict.UNVERIFIED


def test_another_device_under_an_areas_name_is_not_touched(card: Card) -> None:
    card.make({"boot0": None, "boot1": b"\0"})
    stranger = filled_file(card.root / "stranger", BOOT)
    before = stranger.read_bytes()
    node = card.stack.enter_context(loop_device(stranger))
    link = card.root / "dev/mmcblk0boot0"
    link.unlink()
    link.symlink_to(node)
    ran = card.erase()
    assert ran.seen(ObservationKind.AREA_UNKNOWN).detail["errno"] == "ENODEV"
    assert stranger.read_bytes() == before


def test_an_erase_that_only_says_so_is_found_out(card: Card) -> None:
    card.played.lies = ("user",)  # of the other areas see test_mmc_areas.py
    card.make({"boot0": None, "boot1": b"\0"})
    ran = card.erase()
    assert ran.finished.verdict is Verdict.FAILED
    assert ReasonCode.CANARY_SURVIVED in ran.finished.reasons


@pytest.mark.parametrize(
    ("what", "trouble", "verdict", "kind"),
    [
        ("erase", OSError(errno.EIO, "no"), Verdict.FAILED, ObservationKind.COMMAND_FAILED),
        ("erase", 1 << 27, Verdict.FAILED, ObservationKind.COMMAND_FAILED),
        ("sanitize", 1 << 7, Verdict.FAILED, ObservationKind.COMMAND_FAILED),
        ("sanitize", OSError(errno.EIO, "no"), Verdict.FAILED, ObservationKind.COMMAND_FAILED),
        (
            "sanitize",
            OSError(errno.ETIMEDOUT, "late"),
            Verdict.UNVERIFIED,
            ObservationKind.COMMAND_HUNG,
        ),
    ],
)
def test_what_the_device_refuses(
    card: Card, what: str, trouble: Trouble, verdict: Verdict, kind: ObservationKind
) -> None:
    card.played.trouble[what] = [trouble]
    card.make(BLANK)
    ran = card.erase()
    assert ran.seen(kind)
    assert not all_of(ran, ObservationKind.COMMAND_FINISHED)
    assert ran.finished.verdict is verdict


def test_a_device_that_hangs(card: Card, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mmc_session, "KERNEL_LATE_S", 0.0)
    monkeypatch.setattr(mmc_session, "_SHORTEST_MS", 100)
    monkeypatch.setattr(mmc_session, "_LONGEST_MS", 100)
    card.played.slow_s = 3.0
    card.make(BLANK)
    ran = card.erase()
    assert ran.seen(ObservationKind.COMMAND_HUNG)
    assert ran.finished.verdict is Verdict.UNVERIFIED


# ---- before it starts ----


@pytest.mark.parametrize(
    ("kind", "trouble", "size"),
    [
        ("SD", [], SIZE),
        ("MMC", [OSError(errno.EIO, "no")], SIZE),
        ("MMC", [], SIZE + 512),  # a register that tells of another device
    ],
)
def test_nothing_is_sent_where_it_is_not_the_eMMC_that_was_planned(  # noqa: N802
    card: Card, kind: str, trouble: list[Trouble], size: int
) -> None:
    card.played.trouble["ext_csd"] = trouble
    card.played.size = size
    card.make(BLANK, kind)
    before = card.files["user"].read_bytes()
    ran = card.erase()
    assert ran.finished.verdict is Verdict.FAILED
    assert card.played.asked == []
    assert card.files["user"].read_bytes() == before


def test_an_erase_that_was_cut_off_begins_anew(card: Card) -> None:
    card.make(BLANK)
    ran = card.erase(reattach=True)
    assert ran.seen(ObservationKind.STATUS_NOT_OURS)
    assert ran.finished.verdict is Verdict.UNVERIFIED


def test_a_stop_is_honoured_between_parts(card: Card, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mmc_session, "_PART_BYTES", GROUP)
    card.make(BLANK)
    stop = threading.Event()

    def on_event(item: object) -> None:
        if isinstance(item, CommandRan):
            stop.set()

    ran = card.erase(on_event=on_event, stop=stop)
    assert isinstance(ran.end, DriveInterrupted)
    assert len(card.played.asked) == 1
