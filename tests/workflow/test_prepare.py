"""What comes before the first attempt: one suspend for all, unlock or refuse, hidden areas."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest

from reprise.domain.drives.capabilities import AtaCapabilities, Capabilities, OwnWord, Support
from reprise.domain.drives.remembered_capabilities import shown
from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.erasure.preparing import DrivePrepared, SystemSuspended
from reprise.domain.pc.hardware import Drive
from reprise.domain.planning.plan import UNHIDES, Preparation, RefusalCode
from reprise.domain.planning.techniques import Verdict
from reprise.domain.report.events import AttemptStarted, DriveRefused, Update
from reprise.domain.report.outcome import DriveResult
from reprise.ports import PrepareJob, StopFlag
from reprise.workflow.erasure.jobs import EraseOrder, Jobs
from reprise.workflow.erasure.sanitize import EraseServices, erase_all
from unit.domain.drives.drives import aes, pc
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

THAW, UNLOCK, HPA = Preparation.THAW, Preparation.UNLOCK, Preparation.REMOVE_HPA
LARGER = 3 << 30


class Sleeper:
    def __init__(self, obstacle: str = "") -> None:
        self.why, self.slept = obstacle, 0

    def obstacle(self) -> str:
        return self.why

    def suspend(self) -> SystemSuspended:
        self.slept += 1
        return SystemSuspended(ok=True, duration_s=8.0, detail="")


class Hands:
    """ports.Preparer: does all but what is in `cannot`; a removed area makes the drive larger."""

    def __init__(self, probe: Probe, cannot: frozenset[Preparation] = frozenset()) -> None:
        self.probe, self.cannot = probe, cannot
        self.jobs: list[PrepareJob] = []

    def run(self, job: PrepareJob, stop: StopFlag) -> Iterator[Update]:
        self.jobs.append(job)
        done = tuple(step for step in job.steps if step not in self.cannot)
        left = tuple(step for step in job.steps if step in self.cannot)
        identity = job.drive.identity
        if UNHIDES.intersection(done):
            identity = replace(identity, size_bytes=LARGER)
        self.probe.drives[job.drive.node] = replace(job.drive, identity=identity)
        yield DrivePrepared(job.drive_key, done, left, job.drive.node, identity.size_bytes, "said")


def run(
    *orders: tuple[Drive, tuple[Preparation, ...]],
    sleeper: Sleeper | None = None,
    cannot: frozenset[Preparation] = frozenset(),
    swap: bool = False,
    knew: Mapping[str, str] | None = None,
) -> tuple[tuple[DriveResult, ...], MemoryJournal, EraseServices, Hands]:
    probe = Probe(*(one for one, _steps in orders))
    journal = MemoryJournal()
    hands = Hands(probe, cannot)
    if swap:
        honest = hands.run

        def swapped(job: PrepareJob, stop: StopFlag) -> Iterator[Update]:
            yield from honest(job, stop)
            seen = probe.drives[job.drive.node]
            probe.drives[job.drive.node] = replace(
                seen, identity=replace(seen.identity, serial="ANOTHER")
            )

        hands.run = swapped  # type: ignore[method-assign]
    ready = replace(
        services(probe, journal, ends(Verdict.VERIFIED), ends(Verdict.VERIFIED)),
        preparer=hands,
        suspender=sleeper,
    )
    plans = [
        (one, replace(plan(one), preparations=steps, capabilities=knew or {}))
        for one, steps in orders
    ]
    outcomes = erase_all(
        [EraseOrder(one, planned) for one, planned in plans],
        ready,
        threading.Event(),
        lambda _item: None,
    )
    return outcomes, journal, ready, hands


def test_one_suspend_for_all_frozen_drives_and_none_without() -> None:
    sleeper = Sleeper()
    _out, journal, _ready, hands = run(
        (drive(1), (THAW,)), (drive(2), (THAW,)), (drive(3), ()), sleeper=sleeper
    )
    assert sleeper.slept == 1
    assert kinds(journal)[0] == "SystemSuspended"  # before any drive is busy
    assert hands.jobs == []
    sleeper = Sleeper()
    run((drive(1), ()), sleeper=sleeper)
    assert sleeper.slept == 0


@pytest.mark.parametrize("steps", [(), (Preparation.ATTACH_NAMESPACES,)])
def test_namespaces_are_attached_by_the_overwrite_itself(steps: tuple[Preparation, ...]) -> None:
    one = drive()
    _out, _journal, ready, hands = run((one, steps))
    assert hands.jobs == []
    order = EraseOrder(one, replace(plan(one), preparations=steps))
    jobs = list(Jobs(order, ready.probe, ready.policy, aes).of(one, hidden_left=False))
    assert [job.attaches for job in jobs] == [bool(steps)] * len(order.plan.attempts)


@pytest.mark.parametrize("sleeper", [None, Sleeper("no-deep-sleep")])
def test_a_pc_that_cannot_sleep_says_so_and_goes_on(sleeper: Sleeper | None) -> None:
    (outcome,), journal, _ready, _hands = run((drive(), (THAW,)), sleeper=sleeper)
    (event,) = [e for e in journal.said() if isinstance(e, SystemSuspended)]
    assert not event.ok
    assert event.detail
    assert outcome.state is DriveState.SANITIZED  # by whatever needs no thawed drive


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


def test_a_drive_locked_by_somebody_else_is_refused() -> None:
    (outcome,), journal, _ready, _hands = run((drive(), (UNLOCK,)), cannot=frozenset({UNLOCK}))
    assert outcome.state is DriveState.REFUSED
    (refused,) = [e for e in journal.said() if isinstance(e, DriveRefused)]
    assert [r.code for r in refused.refusals] == [RefusalCode.SECURITY_LOCKED]
    assert "AttemptStarted" not in kinds(journal)


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


HAS_PASSWORD = AtaCapabilities(security_enabled=Support.YES)


@pytest.mark.parametrize("chosen", [True, False])
@pytest.mark.parametrize(
    ("held", "slept"),
    [
        (Capabilities(ata=replace(HAS_PASSWORD, security_locked=Support.NO)), 0),
        (Capabilities(ata=replace(HAS_PASSWORD, security_locked=Support.YES)), 1),
        (Capabilities(opal_open=Support.YES), 0),
        (Capabilities(opal_open=Support.NO), 1),
    ],
)
def test_no_suspend_where_a_drive_of_the_pc_would_come_back_locked(
    monkeypatch: pytest.MonkeyPatch, chosen: bool, held: Capabilities, slept: int
) -> None:
    """Whether that drive is to be erased or not. One that is locked already has nothing to lose."""

    def tells(_self: Probe, one: Drive) -> Capabilities:
        return held if one.node == "/dev/test2" else CAN_FORMAT

    monkeypatch.setattr(Probe, "probe_capabilities", tells)
    there = pc(drive(1), drive(2))
    monkeypatch.setattr(Probe, "probe_inventory", lambda _self, *_known: there)
    sleeper = Sleeper()
    orders = [(drive(1), (THAW,)), (drive(2), ())]
    _out, journal, _ready, _hands = run(*orders[: 1 + chosen], sleeper=sleeper)
    assert sleeper.slept == slept
    (told,) = [one for one in journal.said() if isinstance(one, SystemSuspended)]
    assert told.detail == ("" if slept else "drive-would-lock")


@pytest.mark.parametrize(
    ("held", "slept"),
    [
        (AtaCapabilities(known=True), 0),
        (AtaCapabilities(known=True, security_enabled=Support.NO), 1),
        (AtaCapabilities(known=True, security_locked=Support.YES), 1),
        (AtaCapabilities(), 1),  # nothing says that it is an ATA drive
        (None, 1),
    ],
)
def test_no_suspend_where_a_drive_of_the_pc_may_come_back_locked(
    monkeypatch: pytest.MonkeyPatch, held: AtaCapabilities | None, slept: int
) -> None:
    """It could not be asked, as when it cannot be opened."""
    able = Capabilities(ata=held)
    monkeypatch.setattr(
        Probe, "probe_capabilities", lambda _self, one: able if "2" in one.node else CAN_FORMAT
    )
    there = pc(drive(1), drive(2))
    monkeypatch.setattr(Probe, "probe_inventory", lambda _self, *_known: there)
    sleeper = Sleeper()
    run((drive(1), (THAW,)), sleeper=sleeper)
    assert sleeper.slept == slept
