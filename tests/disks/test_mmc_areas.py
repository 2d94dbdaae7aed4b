"""An eMMC's boot and general purpose areas, whoever erases the user area: what was seen to hold
data is erased and looked at again, or it is said. Real block reads and writes on loop devices."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from disks.played_mmc import BOOT, Card, PlayedMmc
from disks.rig import Ran, filled_file, loop_device, lying_device
from reprise.adapters.drives.blockio import BlockFile, aligned_buffer
from reprise.adapters.drives.firmware import mmc_areas
from reprise.domain.drives.capabilities import MmcCapabilities, Support
from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.erasure.verification import ReasonCode
from reprise.domain.planning.techniques import Verdict
from reprise.domain.report.events import Observation, ObservationKind

KEPT, ERASED, UNKNOWN = (
    ObservationKind.AREA_KEPT_DATA,
    ObservationKind.AREA_ERASED,
    ObservationKind.AREA_UNKNOWN,
)
BOTH = MmcCapabilities(Support.YES, Support.YES, Support.YES, 2, 0)
WP_VIOLATION = 1 << 26


@pytest.fixture
def card(tmp_path: Path) -> Iterator[Card]:
    with ExitStack() as stack:
        yield Card(tmp_path, stack, PlayedMmc())


def areas_of(ran: Ran, kind: ObservationKind) -> list[str]:
    found = [one for one in ran.events if isinstance(one, Observation) and one.kind is kind]
    return sorted(str(one.detail["area"]) for one in found)


# ---- overwrite ----


def test_an_overwrite_covers_the_other_areas_too(card: Card) -> None:
    card.make({"boot0": None, "boot1": b"\0", "gp0": None})
    told = MmcCapabilities(Support.YES, Support.YES, Support.YES, 2, 1)
    ran = card.overwrite(told)
    for name in ("boot0", "gp0"):
        assert card.files[name].read_bytes() == bytes(BOOT)
    assert areas_of(ran, ERASED) == ["boot0", "boot1", "gp0"]
    assert areas_of(ran, KEPT) == areas_of(ran, UNKNOWN) == []
    assert ran.finished.verdict is Verdict.VERIFIED


def test_a_node_that_has_come_to_mean_another_device_is_not_opened(tmp_path: Path) -> None:
    lock = tmp_path / "force_ro"
    lock.write_text("1")
    with loop_device(filled_file(tmp_path / "area", BOOT)) as node:
        area = mmc_areas.Area("boot0", node, "250:250", lock)
        with pytest.raises(OSError, match=node), mmc_areas.open_area(area, writable=True):
            pytest.fail("it was opened")
    assert lock.read_text() == "1"


def test_the_kernels_write_protection_is_lifted_only_meanwhile(
    card: Card, monkeypatch: pytest.MonkeyPatch
) -> None:
    card.make({"boot0": None, "boot1": b"\0"})
    opened: list[tuple[str, str]] = []

    class Guarded(BlockFile):
        """As the kernel does it: no writing before force_ro is 0."""

        def __init__(self, node: str, *, writable: bool, exclusive: bool = True) -> None:
            name = node.rpartition("mmcblk0")[2]
            if writable:
                opened.append((name, card.force_ro(name).read_text().strip()))
                if card.force_ro(name).read_text().strip() != "0":
                    raise OSError(errno.EACCES, os.strerror(errno.EACCES), node)
            super().__init__(node, writable=writable, exclusive=exclusive)

    monkeypatch.setattr(mmc_areas, "BlockFile", Guarded)
    assert card.overwrite(BOTH).finished.verdict is Verdict.VERIFIED
    assert opened == [("boot0", "0")]  # what is blank is not written
    assert [card.force_ro(name).read_text().strip() for name in ("boot0", "boot1")] == ["1", "1"]


def test_an_area_that_cannot_be_written_keeps_its_data_and_that_is_said(card: Card) -> None:
    card.make({"boot0": None, "boot1": b"\0"}, read_only=("boot0",))
    ran = card.overwrite(BOTH)
    assert areas_of(ran, KEPT) == ["boot0"]
    assert areas_of(ran, ERASED) == ["boot1"]
    assert ran.finished.verdict is Verdict.UNVERIFIED
    assert ran.finished.reasons == (ReasonCode.AREA_KEPT_DATA,)
    assert b"SECRET" in card.files["boot0"].read_bytes()


def test_an_area_that_cannot_be_written_and_holds_nothing_is_fine(card: Card) -> None:
    card.make({"boot0": b"\0", "boot1": b"\xff"}, read_only=("boot0", "boot1"))
    ran = card.overwrite(BOTH)
    assert areas_of(ran, ERASED) == ["boot0", "boot1"]
    assert ran.finished.verdict is Verdict.VERIFIED


@pytest.mark.parametrize(
    ("lie", "kind", "reason"),
    [
        ({"drop": [[0, 4096]]}, KEPT, ReasonCode.AREA_KEPT_DATA),
        ({"read_error": [[4096, 8192]]}, UNKNOWN, ReasonCode.AREA_UNKNOWN),
        ({"write_error": [[0, 512]]}, KEPT, ReasonCode.AREA_KEPT_DATA),
    ],
)
def test_an_area_that_lies_or_fails(
    card: Card,
    tmp_path: Path,
    lie: dict[str, object],
    kind: ObservationKind,
    reason: ReasonCode,
) -> None:
    """A FUSE file under the loop device: its writes are acknowledged and forgotten, or fail."""
    card.make({"boot0": b"\0", "boot1": b"\0"})
    with lying_device(tmp_path, BOOT) as liar:
        with BlockFile(liar.node, writable=True) as device:
            buffer = aligned_buffer(4096)
            buffer[:6] = b"SECRET"
            device.write_from(0, buffer)
        liar.set(**lie)
        card.swap("boot0", liar.node)
        ran = card.overwrite(BOTH)
    assert areas_of(ran, kind) == ["boot0"]
    assert areas_of(ran, ERASED) == ["boot1"]
    assert reason in ran.finished.reasons
    assert ran.finished.verdict is Verdict.UNVERIFIED


def test_an_area_that_cannot_be_opened_is_not_taken_for_an_empty_one(card: Card) -> None:
    card.make({"boot0": b"\0", "boot1": b"\0"})
    (card.root / "dev/mmcblk0boot1").unlink()
    ran = card.overwrite(BOTH)
    assert areas_of(ran, UNKNOWN) == ["boot1"]
    assert ran.finished.verdict is Verdict.UNVERIFIED


@pytest.mark.parametrize("told", [BOTH, MmcCapabilities(), None])
def test_areas_that_the_kernel_does_not_show_may_hold_anything(
    card: Card, told: MmcCapabilities | None
) -> None:
    card.make({})
    ran = card.overwrite(told)
    assert areas_of(ran, UNKNOWN) == ["areas"]
    assert ran.finished.verdict is Verdict.UNVERIFIED


@pytest.mark.parametrize(
    ("kind", "told"),
    [("SD", None), ("MMC", MmcCapabilities(Support.YES, Support.NO, Support.NO, 0, 0))],
)
def test_a_card_without_such_areas_is_whole(
    card: Card, kind: str, told: MmcCapabilities | None
) -> None:
    card.make({}, kind)
    ran = card.overwrite(told)
    assert areas_of(ran, UNKNOWN) == []
    assert ran.finished.verdict is Verdict.VERIFIED


# ---- erase ----


def test_an_erase_that_only_says_so_leaves_its_area_in_the_verdict(card: Card) -> None:
    card.played.lies = ("boot0",)
    card.make({"boot0": None, "boot1": b"\0"})
    ran = card.erase()
    assert areas_of(ran, KEPT) == ["boot0"]
    assert areas_of(ran, ERASED) == ["boot1"]
    assert ran.finished.verdict is Verdict.UNVERIFIED
    assert ran.finished.reasons == (ReasonCode.AREA_KEPT_DATA,)


def test_what_an_erase_could_not_reach_an_overwrite_may(card: Card) -> None:
    """Hole 2 of the audit: the overwrite of the user area "verified" with this in boot0."""
    card.played.trouble["erase"] = [0, WP_VIOLATION]  # of boot0
    card.make({"boot0": None, "boot1": b"\0"})
    first = card.erase()
    assert areas_of(first, KEPT) == ["boot0"]
    assert b"SECRET" in card.files["boot0"].read_bytes()
    second = card.overwrite(BOTH)
    assert areas_of(second, ERASED) == ["boot0", "boot1"]
    assert second.finished.verdict is Verdict.VERIFIED
    assert card.files["boot0"].read_bytes() == bytes(BOOT)


@pytest.mark.parametrize(
    ("read_only", "state", "reasons"),
    [
        (("boot0",), DriveState.UNVERIFIED, (ReasonCode.AREA_KEPT_DATA,)),
        ((), DriveState.SANITIZED, (ReasonCode.READ_BACK_IN_FULL,)),
    ],
)
def test_what_the_drive_came_to_after_both(
    card: Card, read_only: tuple[str, ...], state: DriveState, reasons: tuple[ReasonCode, ...]
) -> None:
    card.played.trouble["erase"] = [0, WP_VIOLATION]  # of boot0
    card.make({"boot0": None, "boot1": b"\0"}, read_only=read_only)
    came = card.whole(BOTH)
    assert (came.state, came.reasons) == (state, reasons)
    assert (b"SECRET" in card.files["boot0"].read_bytes()) is bool(read_only)
