"""What happens at the same time as something else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from threading import Event as Flag
from threading import Thread

import pytest

from reprise.domain.checks.catalogue import CheckId
from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.pc.hardware import Drive, Inventory
from reprise.domain.planning.plan import Attempt, DrivePlan
from reprise.domain.planning.policy import Policy
from reprise.domain.planning.techniques import Method, Technique, VerifyDepth
from reprise.domain.report.events import AttemptFinished, AttemptStarted, Event, Operator, Stamped
from reprise.domain.report.fold import fold
from reprise.domain.report.outcome import Outcome
from reprise.domain.report.report_outcome import report_outcome
from reprise.errors import RefusedError, StorageError
from reprise.workflow.erasure.jobs import EraseOrder, Resume
from reprise.workflow.erasure.sanitize import EraseServices, erase_all
from reprise.workflow.session.session import Session
from reprise.workflow.session.state import Stage
from station_kit.checks import passed
from station_kit.machines import hdd, laptop, ssd
from station_kit.ports import FakeJournal, FakeProbe, FakeSanitizer, Kit
from station_kit.shortcuts import erase_drive
from unit.domain.drives.drives import aes
from workflow.test_nothing_attached import MAY_BE
from workflow.test_session import opened

FORMAT = Attempt(Technique.NVME_FORMAT_USER_DATA, Method.PURGE, VerifyDepth.FULL)
OVERWRITE = Attempt(Technique.OVERWRITE, Method.CLEAR, VerifyDepth.FULL)


class SlowProbe(FakeProbe):
    """Looks until it is let go."""

    begun: Flag
    go: Flag

    def probe_inventory(self, _known: Sequence[Drive] = (), /) -> Inventory:
        if hasattr(self, "go"):
            self.begun.set()
            self.go.wait(60)
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
    assert probe.begun.wait(60)
    session.confirm(session.state.digest)
    probe.go.set()
    thread.join(60)
    assert not errors
    assert kit.journal.kinds()[-1] == "PlanConfirmed"
    session.run(None, kit.services().install_defaults, Flag())
    assert [d.state for d in session.state.drives] == [DriveState.SANITIZED]


def test_a_look_that_ends_after_the_report_changes_nothing() -> None:
    """A drive that it would show could not be erased any more, and would stand in no report."""
    kit = Kit(laptop())
    probe = SlowProbe(laptop())
    session = Session(replace(kit.services(), probe=probe), lambda _state: None)
    session.start()
    session.look()
    probe.begun, probe.go = Flag(), Flag()
    probe.inventory = laptop(hdd())
    thread = Thread(target=session.look)
    thread.start()
    assert probe.begun.wait(60)
    assert session.seal()
    probe.go.set()
    thread.join(60)
    assert kit.journal.kinds()[-1] == "ReportSealed"
    assert session.state.stage is Stage.SEALED
    assert not session.state.drives
    assert session.state.outcome is report_outcome(fold(kit.journal.lines)) is Outcome.INCOMPLETE


def test_what_is_said_while_the_report_is_written_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It would stand on the screen and in no report."""
    kit = Kit(replace(laptop(hdd()), unreached=(MAY_BE,)))
    session = opened(kit)
    session.name_operator(Operator("A. Martin"))
    put, said = kit.outbox.put, list[str]()

    def late(about: Callable[[], None]) -> Thread:
        def say() -> None:
            with pytest.raises(RefusedError):
                about()
            said.append("refused")

        thread = Thread(target=say)
        thread.start()
        return thread

    threads = list[Thread]()

    def slow(report_id: str, jws: bytes) -> object:
        threads.append(late(lambda: session.state_storage(MAY_BE)))
        threads.append(late(lambda: session.record_check(passed(CheckId.SOUND))))
        threads.append(late(lambda: session.name_operator(Operator("B. Petit"))))
        for thread in threads:
            thread.join(0.3)
        assert not said  # they wait for what is being written
        return put(report_id, jws)

    monkeypatch.setattr(kit.outbox, "put", slow)
    session.confirm(session.state.digest)
    session.run(None, kit.services().install_defaults, Flag())
    for thread in threads:
        thread.join(60)
    assert said == ["refused"] * 3
    named = fold(kit.journal.lines).operator
    assert session.state.operator == named == Operator("A. Martin")
    assert kit.remembered[-1] == Operator("B. Petit"), "for the next PC"
    assert session.state.outcome is report_outcome(fold(kit.journal.lines)) is Outcome.INCOMPLETE


def test_who_is_named_once_the_report_is_signed_does_not_stand_on_the_screen() -> None:
    """The report names whoever worked, and nobody writes it again."""
    kit = Kit(laptop(hdd()))
    session = opened(kit)
    session.name_operator(Operator("A. Martin"))
    assert session.seal()
    session.name_operator(Operator("A. Martin"))  # a screen that comes back says it again
    with pytest.raises(RefusedError):
        session.name_operator(Operator("B. Petit"))
    assert session.state.operator == fold(kit.journal.lines).operator == Operator("A. Martin")
    assert kit.remembered[-1] == Operator("B. Petit"), "for the next PC"
    opened(kit_next := Kit(laptop(hdd()))).name_operator(Operator("B. Petit"))
    assert fold(kit_next.journal.lines).operator == Operator("B. Petit")


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
        aes,
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
