"""NVMe Sanitize, followed through its log: only our own operation, seen to its end, counts."""

from __future__ import annotations

import errno
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from disks.played_nvme import (
    DONE,
    FAILED,
    GET_LOG,
    RUNNING,
    SANITIZE,
    SIZE,
    PlayedNvme,
    Said,
    Trouble,
    erase,
    half,
    nothing,
    zeros,
)
from disks.rig import filled_file
from reprise.adapters.drives.firmware import nvme_watch
from reprise.domain.drives.capabilities import Support
from reprise.domain.erasure.verification import ReasonCode
from reprise.domain.pc.hardware import MediaKind
from reprise.domain.planning.policy import Policy
from reprise.domain.planning.techniques import Technique, Verdict
from reprise.domain.report.events import DriveInterrupted, Observation, ObservationKind

BLOCK, CRYPTO = Technique.NVME_SANITIZE_BLOCK, Technique.NVME_SANITIZE_CRYPTO
OVERWRITE = Technique.NVME_SANITIZE_OVERWRITE
OLD = Said(0xFFFF, DONE, 0x0A)  # a block erase of ours, long ago
WRITTEN = Said(0xFFFF, 1, 0x0A)  # the same, and the drive was written to since


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return filled_file(tmp_path / "disk", SIZE)


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nvme_watch, "_SETTLE_S", 1.0)


def kinds(events: list[object]) -> list[ObservationKind]:
    return [event.kind for event in events if isinstance(event, Observation)]


# ---- following a sanitize ----


@pytest.mark.parametrize(("technique", "cdw10"), [(BLOCK, 0x0A), (CRYPTO, 0x0C), (OVERWRITE, 0x1B)])
def test_a_sanitize_is_seen_running_and_then_finished(
    file: Path, technique: Technique, cdw10: int
) -> None:
    drive = PlayedNvme(file)
    ran = erase(drive, technique)
    assert ran.finished.verdict is Verdict.VERIFIED
    assert [command.cdw10 for command in drive.sent(SANITIZE)] == [cdw10]
    assert ran.seen(ObservationKind.COMMAND_RUNNING).detail["percent"] == 25
    assert ran.seen(ObservationKind.COMMAND_FINISHED).detail["cdw10"] == f"{cdw10:#010x}"
    assert any(one.phase == "sanitize" and one.done_bytes == SIZE // 4 for one in ran.progress)


@pytest.mark.parametrize(
    ("told", "purged", "cdw10", "verdict"),
    [
        (Support.YES, 1 << 11, 0x80A, Verdict.VERIFIED),
        (Support.YES, 0, 0x80A, Verdict.FAILED),
        (Support.NO, 0, 0x0A, Verdict.VERIFIED),
        (Support.UNKNOWN, 0, 0x0A, Verdict.VERIFIED),
    ],
)
def test_a_drive_that_tells_a_purge_from_a_clear_is_asked_to_purge(
    file: Path, told: Support, purged: int, cdw10: int, verdict: Verdict
) -> None:
    drive = PlayedNvme(file, script=(Said(0x4000, RUNNING), Said(0xFFFF, DONE | purged)))
    ran = erase(drive, BLOCK, beside={"sanitize_purge": told})
    assert ran.finished.verdict is verdict
    assert drive.sent(SANITIZE)[0].cdw10 == cdw10
    if verdict is Verdict.FAILED:
        assert ran.seen(ObservationKind.COMMAND_FAILED).detail["sstat"] == f"{DONE:#06x}"


def test_an_end_that_was_not_seen_running_counts_where_the_log_changed(file: Path) -> None:
    drive = PlayedNvme(file, log=Said(0xFFFF, 1, 0x0A), script=(Said(0xFFFF, DONE),))
    assert erase(drive, BLOCK).finished.verdict is Verdict.VERIFIED
    assert erase(PlayedNvme(file, script=(Said(0xFFFF, DONE),)), BLOCK).finished.verdict is (
        Verdict.VERIFIED
    )


@pytest.mark.usefixtures("soon")
@pytest.mark.parametrize(
    ("log", "script"),
    [
        (OLD, (OLD,)),  # nothing happened
        (Said(0xFFFF, DONE, 0x0C), (Said(0xFFFF, DONE, 0x0C),)),  # nor here
        (Said(0xFFFF, 0, 0), (Said(0, RUNNING, 0x0C), Said(0xFFFF, DONE, 0x0C))),  # a stranger's
        (OLD, (Said(0, RUNNING, 0x0A), Said(0xFFFF, 0, 0))),  # forgot it
    ],
)
def test_a_success_that_is_not_ours_proves_nothing(
    file: Path, log: Said, script: tuple[Said, ...]
) -> None:
    ran = erase(PlayedNvme(file, log=log, script=script), BLOCK)
    assert ran.seen(ObservationKind.STATUS_NOT_OURS)
    assert ObservationKind.COMMAND_FINISHED not in kinds(list(ran.events))
    assert ran.finished.verdict is Verdict.UNVERIFIED


def test_a_log_that_could_not_be_read_before_asks_for_more(file: Path) -> None:
    """Only what was then seen running is ours."""
    ran = erase(PlayedNvme(file, trouble={GET_LOG: [0, 0x4002]}), BLOCK)
    assert ran.finished.verdict is Verdict.VERIFIED


def test_a_sanitize_that_fails_leaves_a_drive_that_can_be_written_to(file: Path) -> None:
    drive = PlayedNvme(file, half, script=(Said(0x8000, RUNNING), Said(0xFFFF, FAILED)))
    ran = erase(drive, BLOCK)
    assert ran.finished.verdict is Verdict.FAILED
    assert ran.seen(ObservationKind.COMMAND_FAILED).detail["state"] == "failed"
    assert [command.cdw10 for command in drive.sent(SANITIZE)] == [0x0A, 0x01]


def test_a_sanitize_without_progress_is_hung(file: Path) -> None:
    drive = PlayedNvme(file, script=(Said(655, RUNNING),))
    ran = erase(drive, BLOCK, Policy(sanitize_stuck_after_s=1))
    assert ran.seen(ObservationKind.COMMAND_HUNG).detail["percent"] == 0
    assert ran.finished.verdict is Verdict.UNVERIFIED


def test_a_log_that_goes_silent_for_a_while_is_waited_for(file: Path) -> None:
    silent: list[Trouble] = [0, 0, 0x4371, OSError(errno.EINTR, "reset"), 0]
    drive = PlayedNvme(file, trouble={GET_LOG: silent})
    assert erase(drive, BLOCK).finished.verdict is Verdict.VERIFIED
    drive = PlayedNvme(file, trouble={GET_LOG: [0, 0, *(0x4371,) * 99]})
    ran = erase(drive, BLOCK, Policy(sanitize_stuck_after_s=1))
    assert ran.seen(ObservationKind.COMMAND_HUNG)


def test_a_sanitize_of_somebody_else_is_not_disturbed(file: Path) -> None:
    before = file.read_bytes()
    drive = PlayedNvme(file, log=Said(0x1000, RUNNING, 0x0C))
    ran = erase(drive, BLOCK)
    assert ran.seen(ObservationKind.COMMAND_FAILED).detail["refusal"] == "sanitize-in-progress"
    assert not drive.sent(SANITIZE)
    assert file.read_bytes() == before


def test_a_drive_in_failure_mode_is_brought_out_of_it_first(file: Path) -> None:
    drive = PlayedNvme(file, log=Said(0xFFFF, FAILED, 0x0A))
    assert erase(drive, BLOCK).finished.verdict is Verdict.VERIFIED
    assert [command.cdw10 for command in drive.sent(SANITIZE)] == [0x01, 0x0A]


def test_a_failure_mode_that_cannot_be_left_is_ended_by_another_sanitize(file: Path) -> None:
    twice = (Said(0x4000, RUNNING), Said(0xFFFF, DONE), Said(0, RUNNING), Said(0xFFFF, DONE))
    drive = PlayedNvme(
        file, log=Said(0xFFFF, FAILED, 0x02), script=twice, trouble={SANITIZE: [0x401C]}
    )
    ran = erase(drive, BLOCK)
    assert [command.cdw10 for command in drive.sent(SANITIZE)] == [0x01, 0x02, 0x0A]
    order = [event.kind for event in ran.events if isinstance(event, Observation)]
    planted = order.index(ObservationKind.CANARIES_PLANTED)
    assert planted < order.index(ObservationKind.COMMAND_ACCEPTED), "the first does not count"
    assert ran.finished.verdict is Verdict.VERIFIED


@pytest.mark.parametrize(
    ("media", "estimate_s", "technique", "verdict"),
    [
        (MediaKind.HDD, 7200, OVERWRITE, Verdict.UNVERIFIED),
        (MediaKind.HDD, 300, OVERWRITE, Verdict.VERIFIED),
        (MediaKind.HDD, 7200, CRYPTO, Verdict.VERIFIED),
        (MediaKind.SSD, 7200, OVERWRITE, Verdict.VERIFIED),
    ],
)
def test_a_disk_cannot_write_all_of_itself_in_no_time(
    file: Path, media: MediaKind, estimate_s: int, technique: Technique, verdict: Verdict
) -> None:
    ran = erase(PlayedNvme(file), technique, media=media, estimate_s=estimate_s)
    assert ran.finished.verdict is verdict
    quick = ReasonCode.TOO_QUICK in ran.finished.reasons
    assert quick == (verdict is Verdict.UNVERIFIED)


def test_a_stop_leaves_the_drive_to_its_work(file: Path) -> None:
    stop = threading.Event()

    def on_event(item: object) -> None:
        if isinstance(item, Observation) and item.kind is ObservationKind.COMMAND_RUNNING:
            stop.set()

    began = time.monotonic()
    drive = PlayedNvme(file, script=(Said(0x1000, RUNNING),))
    ran = erase(drive, BLOCK, on_event=on_event, stop=stop)
    assert isinstance(ran.end, DriveInterrupted)
    assert ran.end.cause == "operator"
    assert time.monotonic() - began < 20


# ---- coming back to it ----


def attached(file: Path, log: Said, *then: Said) -> PlayedNvme:
    return PlayedNvme(file, log=log, script=(log, *then))


@pytest.mark.parametrize(
    "drive",
    [
        lambda file: attached(file, Said(0x2000, RUNNING, 0x0A), Said(0xFFFF, DONE, 0x0A)),
        lambda file: attached(file, OLD),
    ],
)
def test_a_sanitize_that_went_on_without_us_is_taken_up_again(
    file: Path, drive: Callable[[Path], PlayedNvme]
) -> None:
    zeros(file)
    played = drive(file)
    ran = erase(played, BLOCK, reattach=True)
    assert ran.finished.verdict is Verdict.VERIFIED
    assert ran.seen(ObservationKind.REATTACHED)
    assert ran.seen(ObservationKind.COMMAND_ACCEPTED).detail["earlier"] == 1
    assert not played.sent(SANITIZE)


@pytest.mark.parametrize(
    ("log", "verdict", "kind"),
    [
        (Said(0xFFFF, DONE, 0x0C), Verdict.UNVERIFIED, ObservationKind.STATUS_NOT_OURS),
        (Said(0xFFFF, 0, 0), Verdict.UNVERIFIED, ObservationKind.STATUS_NOT_OURS),
        (WRITTEN, Verdict.UNVERIFIED, ObservationKind.STATUS_NOT_OURS),
        (Said(0xFFFF, FAILED, 0x0A), Verdict.FAILED, ObservationKind.COMMAND_FAILED),
    ],
)
def test_what_is_found_afterwards_must_be_our_own_success(
    file: Path, log: Said, verdict: Verdict, kind: ObservationKind
) -> None:
    zeros(file)
    ran = erase(attached(file, log), BLOCK, reattach=True)
    assert ran.finished.verdict is verdict
    assert ran.seen(kind)


def test_marks_that_still_stand_after_the_power_cut_are_found(file: Path) -> None:
    first = PlayedNvme(file, nothing, script=(Said(0, RUNNING),))
    erase(first, BLOCK, Policy(sanitize_stuck_after_s=1))
    ran = erase(attached(file, OLD), BLOCK, reattach=True)
    assert ran.finished.verdict is Verdict.FAILED
    assert ReasonCode.CANARY_SURVIVED in ran.finished.reasons
