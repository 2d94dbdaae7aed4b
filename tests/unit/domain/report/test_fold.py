"""The report tells what the journal saw, and never more."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.erasure.preparing import DrivePrepared
from reprise.domain.install.events import InstallFinished, InstallStarted
from reprise.domain.pc.hardware import DriveIdentity
from reprise.domain.planning.plan import (
    Attempt,
    DrivePlan,
    Plan,
    Preparation,
    Refusal,
    RefusalCode,
)
from reprise.domain.planning.techniques import Method, Technique, Verdict, VerifyDepth
from reprise.domain.report import events as ev
from reprise.domain.report.fold import fold
from reprise.domain.report.fold_drive import IncompleteJournalError
from unit.domain.drives.drives import drive as made_drive
from unit.domain.drives.drives import pc

IDENTITY = DriveIdentity(model="Model", serial="S1", size_bytes=10**9)
KEY = IDENTITY.key
ATTEMPT = Attempt(
    Technique.OVERWRITE, Method.CLEAR, VerifyDepth.FULL, limitations=("hidden-areas",)
)
START = ev.SessionStarted("s", "r", "bench", "kid", "0.1", "image", False, "rtc")
DRIVE = made_drive(identity=IDENTITY)
INVENTORY = pc(DRIVE)
BEGIN = ev.AttemptStarted(KEY, IDENTITY, "/dev/sda", ATTEMPT, "job-1", "00" * 32)


def finished(verdict: Verdict, job: str = "job-1") -> ev.AttemptFinished:
    achieved = Method.CLEAR if verdict is Verdict.VERIFIED else Method.NONE
    return ev.AttemptFinished(
        KEY, job, Technique.OVERWRITE, verdict, achieved, ("why",), 10**9, 10**9, 1.0, 2.0
    )


def journal(*events: ev.Event) -> list[ev.Stamped]:
    head: list[ev.Event] = [START, ev.InventoryTaken(INVENTORY)]
    return [
        ev.Stamped(seq, f"2026-01-01T00:00:{seq:02}Z", float(seq), event)
        for seq, event in enumerate([*head, *events])
    ]


def test_a_verified_attempt_makes_a_sanitized_drive() -> None:
    report = fold(journal(BEGIN, finished(Verdict.VERIFIED)))
    (drive,) = report.drives
    assert drive.state is DriveState.SANITIZED
    assert drive.achieved is Method.CLEAR
    assert drive.limitations == ("hidden-areas",)
    assert drive.attempts[0].duration_s == 1.0
    assert drive.attempts[0].job_key == "00" * 32


@pytest.mark.parametrize(("pattern", "stands"), [("random", True), ("zeros", False)])
def test_noise_is_a_limitation_of_the_drive_where_it_was_read(pattern: str, stands: bool) -> None:
    erase = replace(
        ATTEMPT, technique=Technique.NVME_FORMAT_CRYPTO, limitations=("noise-may-be-data",)
    )
    seen = ev.Observation(KEY, ev.ObservationKind.READBACK_ERASED, {"pattern": pattern})
    begin = replace(BEGIN, attempt=erase)
    (drive,) = fold(journal(begin, seen, finished(Verdict.VERIFIED))).drives
    assert drive.limitations == (("noise-may-be-data",) if stands else ())
    assert drive.attempts[-1].attempt.limitations == ("noise-may-be-data",)  # as it was planned


def test_an_attempt_without_an_end_is_interrupted() -> None:
    (drive,) = fold(journal(BEGIN, ev.Checkpoint(KEY, "job-1", "write", 500))).drives
    assert drive.attempts[-1].written_bytes == 500
    assert drive.state is DriveState.INTERRUPTED
    assert drive.achieved is Method.NONE


@pytest.mark.parametrize(
    ("verdict", "state"),
    [(Verdict.FAILED, DriveState.FAILED), (Verdict.UNVERIFIED, DriveState.UNVERIFIED)],
)
def test_what_is_not_verified_claims_nothing(verdict: Verdict, state: DriveState) -> None:
    (drive,) = fold(journal(BEGIN, finished(verdict))).drives
    assert (drive.state, drive.achieved) == (state, Method.NONE)


def test_the_last_attempt_decides() -> None:
    again = replace(BEGIN, job_id="job-2")
    (drive,) = fold(journal(BEGIN, finished(Verdict.VERIFIED), again)).drives
    assert drive.state is DriveState.INTERRUPTED
    assert [a.verdict for a in drive.attempts] == [Verdict.VERIFIED, None]


def test_a_refused_drive_says_why() -> None:
    refusal = Refusal(RefusalCode.BOOT_MEDIUM, "label")
    plan = Plan((DrivePlan(IDENTITY, "/dev/sda", refusals=(refusal,)),), "default")
    (drive,) = fold(journal(ev.PlanMade(plan, "d"))).drives
    assert (drive.state, drive.refusals) == (DriveState.REFUSED, (refusal,))


def test_an_interruption_after_a_verdict_still_counts() -> None:
    stop = ev.DriveInterrupted(KEY, "job-1", "unplugged", 5)
    (drive,) = fold(journal(BEGIN, finished(Verdict.VERIFIED), stop)).drives
    assert drive.state is DriveState.INTERRUPTED


def test_install_is_recorded_with_its_end() -> None:
    report = fold(
        journal(
            InstallStarted(KEY, "/dev/sda", "debian", "13", "ab"),
            InstallFinished(KEY, True, 12.0, ""),
        )
    )
    assert report.install is not None
    assert report.install.ok is True


@pytest.mark.parametrize(
    "events",
    [
        [finished(Verdict.VERIFIED)],
        [BEGIN, finished(Verdict.VERIFIED, "another")],
        [InstallFinished(KEY, True, 1.0, "")],
        [ev.DriveRefused("nobody", ())],
    ],
)
def test_events_out_of_nowhere_are_refused(events: list[ev.Event]) -> None:
    with pytest.raises(IncompleteJournalError):
        fold(journal(*events))


def test_no_start_or_no_inventory_is_no_report() -> None:
    with pytest.raises(IncompleteJournalError):
        fold([])
    with pytest.raises(IncompleteJournalError):
        fold(journal()[:1])


@given(
    st.lists(
        st.sampled_from(
            [
                BEGIN,
                finished(Verdict.FAILED),
                finished(Verdict.UNVERIFIED),
                ev.VerifyStarted(KEY, "job-1", VerifyDepth.FULL),
                ev.Observation(KEY, ev.ObservationKind.READBACK_MATCHES),
                ev.DriveInterrupted(KEY, "job-1", "operator", 5),
            ]
        )
    )
)
def test_without_a_verified_end_nothing_is_ever_sanitized(events: list[ev.Event]) -> None:
    try:
        report = fold(journal(*events))
    except IncompleteJournalError:
        return
    assert all(drive.state is not DriveState.SANITIZED for drive in report.drives)
    assert all(drive.achieved is Method.NONE for drive in report.drives)


LARGER = replace(DRIVE, identity=replace(IDENTITY, size_bytes=2 * 10**9))
ERASED = (BEGIN, finished(Verdict.VERIFIED))
SHRUNK = DrivePrepared(KEY, (Preparation.REMOVE_HPA,), (), "/dev/sda", 2 * 10**9)


@pytest.mark.parametrize(
    "events",
    [
        (ev.InventoryTaken(pc(LARGER)), ev.InventoryTaken(INVENTORY), *ERASED),
        (*ERASED, ev.InventoryTaken(pc(LARGER))),
        (SHRUNK, ev.InventoryTaken(INVENTORY), *ERASED),
    ],
)
def test_a_drive_that_any_look_showed_larger_was_not_erased(events: tuple[ev.Event, ...]) -> None:
    """By its serial number it is one drive; what lies beyond was not written."""
    (drive,) = fold(journal(*events)).drives
    assert drive.state is DriveState.UNVERIFIED
