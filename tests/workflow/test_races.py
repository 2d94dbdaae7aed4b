"""What happens at the same time as something else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from threading import Event as Flag
from threading import Thread

import pytest

from reprise.domain.events import AttemptFinished, AttemptStarted, Event, Stamped
from reprise.domain.hardware import Drive, Inventory
from reprise.domain.lifecycle import DriveState
from reprise.domain.plan import Attempt, DrivePlan
from reprise.domain.policy import Policy
from reprise.domain.techniques import Method, Technique, VerifyDepth
from reprise.errors import StorageError
from reprise.workflow.jobs import EraseOrder, Resume
from reprise.workflow.sanitize import EraseServices, erase_all, erase_drive
from reprise.workflow.session import Session
from station_kit.machines import hdd, laptop, ssd
from station_kit.ports import FakeJournal, FakeProbe, FakeSanitizer, Kit

FORMAT = Attempt(Technique.NVME_FORMAT_USER_DATA, Method.PURGE, VerifyDepth.FULL)
OVERWRITE = Attempt(Technique.OVERWRITE, Method.CLEAR, VerifyDepth.FULL)


class SlowProbe(FakeProbe):
    """Looks until it is let go."""

    begun: Flag
    go: Flag

    def probe_inventory(self, _known: Sequence[Drive] = (), /) -> Inventory:
        if hasattr(self, "go"):
            self.begun.set()
            self.go.wait(10)
        return super().probe_inventory()


def test_a_look_that_ends_after_the_confirmation_changes_nothing() -> None:
    kit = Kit(laptop(hdd()))
    probe = SlowProbe(laptop(hdd()))
    session = Session(replace(kit.services(), probe=probe), lambda _state: None)
    session.start()
    session.look()
    probe.begun, probe.go = Flag(), Flag()
    errors: list[BaseException] = []

    def look() -> None:
        try:
            session.look()
        except BaseException as error:  # noqa: BLE001 - shown to the test
            errors.append(error)

    thread = Thread(target=look)
    thread.start()
    assert probe.begun.wait(10)
    session.confirm(session.state.digest)
    probe.go.set()
    thread.join(10)
    assert not errors
    assert kit.journal.kinds()[-1] == "PlanConfirmed"
    session.run(None, kit.services().install_defaults, Flag())
    assert [d.state for d in session.state.drives] == [DriveState.SANITIZED]


class FullJournal(FakeJournal):
    """Takes no verdict any more."""

    def append(self, event: Event) -> Stamped:
        if not isinstance(event, AttemptStarted) and self.lines:
            raise StorageError("no room left")
        return super().append(event)


def _services(journal: FakeJournal, sanitizer: FakeSanitizer) -> EraseServices:
    return EraseServices(
        FakeProbe(laptop(hdd(), ssd())),
        dict.fromkeys(Technique, sanitizer),
        journal,
        Policy(),
    )


def test_a_full_journal_is_one_error_for_people_however_many_drives() -> None:
    journal = FullJournal()
    orders = [
        EraseOrder(one, DrivePlan(one.identity, one.node, (OVERWRITE,))) for one in (hdd(), ssd())
    ]
    with pytest.raises(StorageError):
        erase_all(orders, _services(journal, FakeSanitizer()), Flag(), lambda _item: None)
    assert not any(isinstance(line.event, AttemptFinished) for line in journal.lines)


def test_an_overwrite_that_the_plan_does_not_list_any_more_is_not_gone_on_with() -> None:
    """The policy changed between two sessions: the plan that was confirmed is what is run."""
    sanitizer = FakeSanitizer()
    order = EraseOrder(
        ssd(), DrivePlan(ssd().identity, ssd().node, (FORMAT,)), Resume("j", b"k" * 32, 1 << 20)
    )
    journal = FakeJournal()
    outcome = erase_drive(order, _services(journal, sanitizer), Flag(), lambda _item: None)
    assert outcome.state is DriveState.SANITIZED
    assert [job.resume_from_bytes for job in sanitizer.jobs] == [0]
