"""SCSI SANITIZE, followed by REQUEST SENSE: accepted, seen to its end, and looked at afterwards."""

from __future__ import annotations

import errno
import threading
from pathlib import Path

import pytest

from disks.played_nvme import SIZE, half, noise, nothing, zeros, zeros_but_old_text
from disks.played_scsi import (
    ATTENTION,
    BAD_FIELD,
    BAD_OPCODE,
    CALM,
    FAILED,
    SANITIZE,
    SENSE,
    TUR,
    WRITE_PROTECTED,
    Effect,
    PlayedScsi,
    erase,
    lost,
    refused,
    running,
    sense,
)
from disks.rig import Ran, filled_file
from reprise.domain.erasure.verification import ReasonCode
from reprise.domain.planning.policy import Policy
from reprise.domain.planning.techniques import Method, Technique, Verdict
from reprise.domain.report.events import CommandRan, DriveInterrupted, Observation, ObservationKind

BLOCK, CRYPTO = Technique.SCSI_SANITIZE_BLOCK, Technique.SCSI_SANITIZE_CRYPTO
OVERWRITE = Technique.SCSI_SANITIZE_OVERWRITE
IMPATIENT = Policy(sanitize_stuck_after_s=1)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return filled_file(tmp_path / "disk", SIZE)


def all_of(ran: Ran, kind: ObservationKind) -> list[Observation]:
    return [one for one in ran.events if isinstance(one, Observation) and one.kind is kind]


@pytest.mark.parametrize(
    ("technique", "cdb", "data"),
    [
        (BLOCK, "48a20000000000000000", ""),
        (CRYPTO, "48a30000000000000000", ""),
        (OVERWRITE, "48a10000000000000800", "0100000400000000"),
    ],
)
def test_a_sanitize_is_seen_running_and_then_finished(
    file: Path, technique: Technique, cdb: str, data: str
) -> None:
    drive = PlayedScsi(file, zeros)
    ran = erase(drive, technique)
    assert ran.finished.verdict is Verdict.VERIFIED
    assert ran.finished.achieved is Method.PURGE
    assert [(one.hex(), sent.hex()) for one, sent in drive.sent if one[0] == SANITIZE] == [
        (cdb, data)
    ]
    assert ran.seen(ObservationKind.COMMAND_RUNNING).detail["percent"] == 25
    assert any(one.phase == "sanitize" and one.done_bytes == SIZE // 4 for one in ran.progress)
    shown = [one for one in ran.of(CommandRan) if isinstance(one, CommandRan)]
    assert shown[0].argv[0] == "SCSI"
    assert f"cdb={cdb}" in shown[0].argv
    assert shown[0].exit_code == 0
    assert any("041b" in one.output for one in shown)  # the proof that it ran


def test_noise_only_after_a_sanitize_that_may_throw_a_key_away(file: Path) -> None:
    assert erase(PlayedScsi(file, noise), CRYPTO).finished.verdict is Verdict.VERIFIED
    assert erase(PlayedScsi(file, noise), OVERWRITE).finished.verdict is Verdict.UNVERIFIED


@pytest.mark.parametrize("technique", [BLOCK, CRYPTO, OVERWRITE])
@pytest.mark.parametrize("effect", [nothing, half, zeros_but_old_text])
def test_a_drive_that_only_says_so_is_found_out(
    file: Path, technique: Technique, effect: Effect
) -> None:
    ran = erase(PlayedScsi(file, effect), technique)
    assert ran.finished.verdict is Verdict.FAILED
    assert ran.finished.achieved is Method.NONE


def test_progress_is_told_every_tenth(file: Path) -> None:
    script = (*(running(n << 10) for n in range(0, 64, 2)), CALM)
    ran = erase(PlayedScsi(file, zeros, script=script), BLOCK)
    told = [one.detail["percent"] for one in all_of(ran, ObservationKind.COMMAND_RUNNING)]
    assert ran.finished.verdict is Verdict.VERIFIED
    assert 5 <= len(told) <= 11
    assert told == sorted(told)


def test_a_quick_sanitize_is_never_seen_running(file: Path) -> None:
    drive = PlayedScsi(file, zeros, script=(CALM,))
    ran = erase(drive, BLOCK)
    assert ran.finished.verdict is Verdict.VERIFIED
    assert not all_of(ran, ObservationKind.COMMAND_RUNNING)
    assert len(drive.cdbs(TUR)) == 2  # said twice before it was believed


def test_a_unit_that_is_not_ready_has_not_finished(file: Path) -> None:
    """A controller may answer REQUEST SENSE for the drive; the drive itself still works."""
    busy = [refused(running(0x8000)), refused(running(0x9000)), None]
    drive = PlayedScsi(file, zeros, script=(CALM,), trouble={TUR: busy})
    ran = erase(drive, BLOCK)
    assert ran.seen(ObservationKind.COMMAND_RUNNING).detail["percent"] == 50
    assert ran.finished.verdict is Verdict.VERIFIED


def test_a_unit_that_never_gets_ready_is_hung(file: Path) -> None:
    never = [refused(sense(2, 0x0402))] * 999
    ran = erase(PlayedScsi(file, zeros, script=(CALM,), trouble={TUR: never}), BLOCK, IMPATIENT)
    assert ran.seen(ObservationKind.COMMAND_HUNG)
    assert ran.finished.verdict is Verdict.UNVERIFIED
    odd = [refused(CALM)] * 999  # CHECK CONDITION without a reason
    ran = erase(PlayedScsi(file, zeros, script=(CALM,), trouble={TUR: odd}), BLOCK, IMPATIENT)
    assert ran.finished.verdict is Verdict.UNVERIFIED


def test_news_of_the_drive_come_first(file: Path) -> None:
    """UNIT ATTENTION: the command was not carried out; it is given again, and not for ever."""
    drive = PlayedScsi(file, zeros, trouble={SANITIZE: [refused(ATTENTION)]})
    assert erase(drive, BLOCK).finished.verdict is Verdict.VERIFIED
    assert drive.cdbs() == ["48a20000000000000000"] * 2
    drive = PlayedScsi(file, zeros, trouble={SANITIZE: [refused(ATTENTION)] * 99})
    ran = erase(drive, BLOCK)
    assert ran.finished.verdict is Verdict.FAILED
    assert len(drive.cdbs()) == 4


def test_news_while_it_runs_are_no_end(file: Path) -> None:
    script = (running(0x1000), ATTENTION, running(0x2000), CALM)
    ran = erase(PlayedScsi(file, zeros, script=script), BLOCK)
    assert ran.finished.verdict is Verdict.VERIFIED


def test_a_drive_that_does_not_know_ause_gets_none(file: Path) -> None:
    drive = PlayedScsi(file, zeros, trouble={SANITIZE: [refused(BAD_FIELD)]})
    assert erase(drive, BLOCK).finished.verdict is Verdict.VERIFIED
    assert drive.cdbs() == ["48a20000000000000000", "48820000000000000000"]


@pytest.mark.parametrize("why", [BAD_OPCODE, WRITE_PROTECTED, BAD_FIELD])
def test_a_refused_sanitize_failed(file: Path, why: bytes) -> None:
    before = file.read_bytes()
    drive = PlayedScsi(file, zeros, trouble={SANITIZE: [refused(why)] * 2})
    ran = erase(drive, BLOCK)
    assert ran.finished.verdict is Verdict.FAILED
    assert ReasonCode.COMMAND_FAILED in ran.finished.reasons
    assert len(before) == SIZE
    failed = ran.seen(ObservationKind.COMMAND_FAILED).detail
    assert str(failed["sense"]).startswith(f"{why[2]:X}h")
    assert ran.of(CommandRan)[-1].exit_code == 2


@pytest.mark.parametrize("trouble", [lost(), OSError(errno.ETIMEDOUT, "late")])
def test_a_command_without_an_answer_may_be_at_work(file: Path, trouble: object) -> None:
    ran = erase(PlayedScsi(file, zeros, trouble={SANITIZE: [trouble]}), BLOCK)  # type: ignore[list-item]
    assert ran.seen(ObservationKind.COMMAND_HUNG)
    assert ran.finished.verdict is Verdict.UNVERIFIED


def test_a_sanitize_that_fails_leaves_a_drive_that_can_be_written_to(file: Path) -> None:
    drive = PlayedScsi(file, half, script=(running(0x8000), FAILED))
    ran = erase(drive, BLOCK)
    assert ran.finished.verdict is Verdict.FAILED
    failed = ran.seen(ObservationKind.COMMAND_FAILED).detail
    assert failed["sense"] == "3h 31h/03h"
    assert drive.cdbs() == ["48a20000000000000000", "481f0000000000000000"]
    assert drive.now == CALM


def test_a_sanitize_without_progress_is_hung(file: Path) -> None:
    drive = PlayedScsi(file, zeros, script=(running(655),))
    ran = erase(drive, BLOCK, IMPATIENT)
    assert ran.seen(ObservationKind.COMMAND_HUNG).detail["percent"] == 0
    assert ran.finished.verdict is Verdict.UNVERIFIED


def test_a_drive_that_goes_silent_for_a_while_is_waited_for(file: Path) -> None:
    silent = [None, None, lost(1), OSError(errno.EINTR, "reset"), refused(BAD_OPCODE), None]
    drive = PlayedScsi(file, zeros, trouble={SENSE: list(silent)})
    assert erase(drive, BLOCK).finished.verdict is Verdict.VERIFIED
    drive = PlayedScsi(file, zeros, trouble={SENSE: [None, None, *(lost(1),) * 999]})
    ran = erase(drive, BLOCK, IMPATIENT)
    assert ran.seen(ObservationKind.COMMAND_HUNG)


def test_a_sanitize_of_somebody_else_is_not_disturbed(file: Path) -> None:
    before = file.read_bytes()
    drive = PlayedScsi(file, zeros, now=running(0x1000))
    ran = erase(drive, BLOCK)
    assert ran.seen(ObservationKind.COMMAND_FAILED).detail["refusal"] == "sanitize-in-progress"
    assert not drive.cdbs()
    assert file.read_bytes() == before


def test_a_drive_that_says_nothing_is_not_written_to(file: Path) -> None:
    before = file.read_bytes()
    drive = PlayedScsi(file, zeros, trouble={SENSE: [lost()]})
    assert erase(drive, BLOCK).finished.verdict is Verdict.FAILED
    assert not drive.cdbs()
    assert file.read_bytes() == before


def test_a_drive_in_failure_mode_is_brought_out_of_it_first(file: Path) -> None:
    drive = PlayedScsi(file, zeros, now=FAILED)
    assert erase(drive, BLOCK).finished.verdict is Verdict.VERIFIED
    assert drive.cdbs() == ["481f0000000000000000", "48a20000000000000000"]


def test_only_a_sanitize_ends_the_restricted_failure_mode(file: Path) -> None:
    """No marks can be planted there: a first sanitize frees the drive, the second is witnessed."""
    drive = PlayedScsi(file, zeros, now=FAILED, restricted=True)
    ran = erase(drive, BLOCK)
    free, ours = "48820000000000000000", "48a20000000000000000"
    assert drive.cdbs() == ["481f0000000000000000", ours, free, ours]
    assert ran.finished.verdict is Verdict.VERIFIED
    assert len(all_of(ran, ObservationKind.COMMAND_ACCEPTED)) == 1


def test_a_drive_that_cannot_leave_its_failure_mode_failed(file: Path) -> None:
    before = file.read_bytes()
    script = (running(0x8000), FAILED)
    drive = PlayedScsi(file, nothing, now=FAILED, restricted=True, script=script)
    ran = erase(drive, BLOCK)
    assert ran.finished.verdict is Verdict.FAILED
    assert ReasonCode.COMMAND_FAILED in ran.finished.reasons
    assert file.read_bytes() == before


def test_a_stop_leaves_the_drive_to_its_work(file: Path) -> None:
    stop = threading.Event()

    def on_event(item: object) -> None:
        if isinstance(item, Observation) and item.kind is ObservationKind.COMMAND_RUNNING:
            stop.set()

    drive = PlayedScsi(file, zeros, script=(running(0x1000),))
    ran = erase(drive, BLOCK, on_event=on_event, stop=stop)
    assert isinstance(ran.end, DriveInterrupted)
    assert ran.end.cause == "operator"


# ---- coming back to it ----


def test_a_sanitize_that_went_on_without_us_is_taken_up_again(file: Path) -> None:
    zeros(file)
    drive = PlayedScsi(file, nothing, script=(running(0x2000), CALM), attached=True)
    ran = erase(drive, BLOCK, reattach=True)
    assert ran.finished.verdict is Verdict.VERIFIED
    assert ran.seen(ObservationKind.REATTACHED)
    assert ran.seen(ObservationKind.COMMAND_ACCEPTED).detail["earlier"] == 1
    assert not drive.cdbs()


def test_a_drive_that_rests_tells_nothing_of_our_sanitize(file: Path) -> None:
    """SCSI keeps no word on a success: it may have ended, or never have begun."""
    zeros(file)
    drive = PlayedScsi(file, nothing)
    ran = erase(drive, BLOCK, reattach=True)
    assert ran.seen(ObservationKind.STATUS_NOT_OURS)
    assert ran.finished.verdict is Verdict.UNVERIFIED
    assert not drive.cdbs()


def test_a_sanitize_that_failed_meanwhile_is_known(file: Path) -> None:
    drive = PlayedScsi(file, nothing, now=FAILED)
    ran = erase(drive, BLOCK, reattach=True)
    assert ran.finished.verdict is Verdict.FAILED
    assert drive.cdbs() == ["481f0000000000000000"]
