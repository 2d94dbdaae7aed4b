"""What comes before the first attempt of a drive: unlock or refuse, hidden areas."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from reprise.domain.drives.capabilities import AtaCapabilities, Capabilities, OwnWord, Support
from reprise.domain.drives.remembered_capabilities import shown
from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.erasure.preparing import STOPPED
from reprise.domain.planning.plan import Preparation, RefusalCode
from reprise.domain.planning.techniques import Verdict
from reprise.domain.report.events import AttemptStarted, DriveRefused
from reprise.workflow.erasure.jobs import EraseOrder, Jobs
from reprise.workflow.erasure.sanitize import erase_all
from unit.domain.drives.drives import aes
from workflow.erase_kit import (
    CAN_FORMAT,
    MemoryJournal,
    Probe,
    Scripted,
    drive,
    ends,
    kinds,
    plan,
    services,
)
from workflow.prepare_kit import HPA, LARGER, THAW, UNLOCK, Hands, run


@pytest.mark.parametrize("steps", [(), (Preparation.ATTACH_NAMESPACES,)])
def test_namespaces_are_attached_by_the_overwrite_itself(steps: tuple[Preparation, ...]) -> None:
    one = drive()
    _out, _journal, ready, hands = run((one, steps))
    assert hands.jobs == []
    order = EraseOrder(one, replace(plan(one), preparations=steps))
    jobs = list(Jobs(order, ready.probe, ready.policy, aes).of(one, hidden_left=False))
    assert [job.attaches for job in jobs] == [bool(steps)] * len(order.plan.attempts)


def test_a_removed_area_makes_the_same_drive_larger() -> None:
    one = drive()
    (outcome,), journal, ready, _hands = run((one, (HPA,)))
    assert outcome.state is DriveState.SANITIZED
    (started,) = [e for e in journal.said() if isinstance(e, AttemptStarted)]
    assert started.drive == one.identity.key  # the name that was confirmed
    assert started.identity.size_bytes == LARGER
    (sanitizer,) = [s for s in ready.sanitizers.values() if isinstance(s, Scripted) and s.jobs]
    assert sanitizer.jobs[0].drive.identity.size_bytes == LARGER
    assert sanitizer.jobs[0].key == one.identity.key
    assert not sanitizer.jobs[0].hidden_left


def test_who_prepares_is_told_what_the_drive_can_do_now() -> None:
    """The plan is older: the drive may have been unplugged, or woken, since."""
    one = drive()
    _out, _journal, _ready, hands = run((one, (THAW, HPA)))
    (job,) = hands.jobs
    assert (job.drive, job.steps, job.capabilities) == (one, (HPA,), CAN_FORMAT)
    assert job.drive_key == one.identity.key


def test_an_area_that_is_left_is_told_to_the_judge() -> None:
    _out, _journal, ready, _hands = run((drive(), (HPA,)), cannot=frozenset({HPA}))
    jobs = [job for s in ready.sanitizers.values() if isinstance(s, Scripted) for job in s.jobs]
    assert jobs
    assert all(job.hidden_left for job in jobs)


@pytest.mark.parametrize(
    ("why", "code"),
    [
        (RefusalCode.SECURITY_LOCKED, RefusalCode.SECURITY_LOCKED),
        (RefusalCode.UNPLUGGED, RefusalCode.UNPLUGGED),
        (RefusalCode.HELD, RefusalCode.HELD),
        ("", RefusalCode.PROBE_INCOMPLETE),
    ],
)
def test_a_drive_that_stays_locked_is_refused_for_what_kept_it_so(
    why: str, code: RefusalCode
) -> None:
    """Only somebody else's password is a reason to have it destroyed."""
    (outcome,), journal, _ready, _hands = run(
        (drive(), (UNLOCK,)), cannot=frozenset({UNLOCK}), why=why
    )
    assert outcome.state is DriveState.REFUSED
    (refused,) = [e for e in journal.said() if isinstance(e, DriveRefused)]
    assert [r.code for r in refused.refusals] == [code]
    assert "AttemptStarted" not in kinds(journal)


def test_a_stop_before_a_drive_is_unlocked_is_no_lock() -> None:
    one, journal, stop = drive(), MemoryJournal(), threading.Event()
    probe = Probe(one)
    hands = Hands(probe, frozenset({UNLOCK}), STOPPED)
    stop.set()
    (outcome,) = erase_all(
        [EraseOrder(one, replace(plan(one), preparations=(UNLOCK,)))],
        replace(
            services(probe, journal, ends(Verdict.VERIFIED), ends(Verdict.VERIFIED)),
            preparer=hands,
        ),
        stop,
        lambda _item: None,
    )
    assert (outcome.state, outcome.reasons) == (DriveState.INTERRUPTED, ("operator",))
    assert not {"DriveRefused", "AttemptStarted"} & set(kinds(journal))


def test_another_drive_after_the_preparation_is_not_touched() -> None:
    (outcome,), journal, _ready, _hands = run((drive(), (HPA,)), swap=True)
    assert outcome.state is DriveState.REFUSED
    assert "AttemptStarted" not in kinds(journal)


@pytest.mark.parametrize(
    "ata",
    [
        AtaCapabilities(visible_sectors=1000, native_sectors=2000),  # the policy leaves it
        AtaCapabilities(visible_sectors=1000, hpa=Support.YES),  # it does not say
        AtaCapabilities(visible_sectors=1000, amac=Support.YES),
    ],
)
def test_what_the_drive_still_hides_is_told_to_the_judge(
    monkeypatch: pytest.MonkeyPatch, ata: AtaCapabilities
) -> None:
    hides = Capabilities(ata=ata)
    monkeypatch.setattr(Probe, "probe_capabilities", lambda _self, _drive: hides)
    _out, _journal, ready, hands = run((drive(), ()))
    jobs = [job for s in ready.sanitizers.values() if isinstance(s, Scripted) for job in s.jobs]
    assert hands.jobs == []
    assert [job.hidden_left for job in jobs] == [True]


IDENTIFIED = Capabilities(ata=AtaCapabilities(visible_sectors=2000, known=True))


def test_a_drive_that_tells_nothing_any_more_may_hide_what_it_told_of() -> None:
    _out, _journal, ready, _hands = run((drive(), ()), knew=shown(IDENTIFIED))
    jobs = [job for s in ready.sanitizers.values() if isinstance(s, Scripted) for job in s.jobs]
    assert [job.hidden_left for job in jobs] == [True]


@pytest.mark.parametrize(("told", "hides"), [(2 << 30, True), (1 << 30, False), (None, False)])
def test_a_drive_larger_than_the_kernel_reaches_is_told_to_the_judge(
    monkeypatch: pytest.MonkeyPatch, told: int | None, hides: bool
) -> None:
    able = Capabilities(own=OwnWord("nvme", "S1", "", told))
    monkeypatch.setattr(Probe, "probe_capabilities", lambda _self, _drive: able)
    _out, _journal, ready, _hands = run((drive(), ()))
    jobs = [job for s in ready.sanitizers.values() if isinstance(s, Scripted) for job in s.jobs]
    assert [job.hidden_left for job in jobs] == [hides]
