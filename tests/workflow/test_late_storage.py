"""What comes up after the inventory: the PC is not erased then, for nobody erased that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from threading import Event as Flag

import pytest

from reprise.domain.drives.late import Glimpse, Storage, glimpse_of
from reprise.domain.drives.unreached import StorageLooked, Unreached, UnreachedKind
from reprise.domain.drives.usb_port import UsbPort
from reprise.domain.pc.hardware import Drive, DriveIdentity, Transport
from reprise.domain.report.fold import fold
from reprise.domain.report.outcome import Outcome
from reprise.domain.report.report_outcome import report_outcome, unreached_storage
from reprise.errors import ToolError
from reprise.workflow.session.late import look_again
from reprise.workflow.session.session import Session
from reprise.workflow.session.state import Stage
from station_kit.facts import with_facts
from station_kit.machines import hdd, laptop
from station_kit.ports import FakeProbe, Kit
from workflow.test_session import opened

LATE = Glimpse("/dev/sdz", DriveIdentity(serial="LATE", size_bytes=1 << 30), Transport.SATA)


@dataclass
class LateProbe(FakeProbe):
    """`now`: what the last look shows; None: as the inventory; an error: it fails."""

    now: Storage | ToolError | None = None

    def probe_storage(self, _known: Sequence[Drive] = (), /) -> Storage:
        if isinstance(self.now, ToolError):
            raise self.now
        return self.now or glimpse_of(self.inventory)


def _erased(
    now: Storage | ToolError | None, *drives: Drive, probe: type[LateProbe] | None = None
) -> tuple[Kit, Session]:
    pc = laptop(*(drives or (hdd(),)))
    kit = Kit(pc)
    session = Session(
        replace(kit.services(), probe=(probe or LateProbe)(pc, now)), lambda _state: None
    )
    session.start()
    session.look()
    session.confirm(session.state.digest)
    session.run(None, kit.services().install_defaults, Flag())
    assert session.state.sealed is not None
    return kit, session


def _with(*late: Glimpse, unreached: tuple[Unreached, ...] = ()) -> Storage:
    found = glimpse_of(laptop(hdd()))
    return Storage((*found.drives, *late), (*found.unreached, *unreached))


def _outcomes(kit: Kit, session: Session) -> set[Outcome]:
    """On the screen, and in the report."""
    return {session.state.outcome, report_outcome(fold(kit.journal.events()))}


def test_a_quiet_end_is_erased() -> None:
    kit, session = _erased(None)
    assert _outcomes(kit, session) == {Outcome.ERASED}
    looks = [one.event for one in kit.journal.lines if isinstance(one.event, StorageLooked)]
    assert looks == [StorageLooked(), StorageLooked()]


@pytest.mark.parametrize(
    "late",
    [
        LATE,
        replace(LATE, transport=Transport.USB, port=UsbPort.FIXED),
        replace(LATE, identity=DriveIdentity(size_bytes=1 << 30)),  # nothing is known of it
    ],
)
def test_a_drive_that_came_up_meanwhile_leaves_the_pc_unfinished(late: Glimpse) -> None:
    kit, session = _erased(_with(late))
    assert _outcomes(kit, session) == {Outcome.INCOMPLETE}
    report = fold(kit.journal.events())
    (why,) = unreached_storage(report)
    assert (why.kind, why.where) == (UnreachedKind.APPEARED, "sdz")
    assert session.state.unreached == (why,)
    assert report.stated == (), "nobody's word that nothing is there"
    assert session.seal(), "sealing again tells nothing twice"
    looks = [one.event for one in kit.journal.lines if isinstance(one.event, StorageLooked)]
    assert [len(one.found) for one in looks] == [1]


@pytest.mark.parametrize(
    "late",
    [
        replace(LATE, transport=Transport.USB, port=UsbPort.OUTSIDE),
        replace(LATE, transport=Transport.USB),
    ],
)
def test_what_was_plugged_in_to_do_the_work_is_not_of_the_pc(late: Glimpse) -> None:
    assert _outcomes(*_erased(_with(late))) == {Outcome.ERASED}


def test_another_drive_under_the_old_name_is_another_drive() -> None:
    (was,) = glimpse_of(laptop(hdd())).drives
    for identity in (
        replace(was.identity, serial="ANOTHER"),
        DriveIdentity(size_bytes=1 << 30),  # nothing but its size tells
    ):
        other = replace(was, identity=identity)
        assert _outcomes(*_erased(Storage((other,), ()))) == {Outcome.INCOMPLETE}


@pytest.mark.parametrize(
    "change",
    [
        {"node": "/dev/sdq"},  # its size was changed, and it came back
        # nobody tells its number any more
        {"identity": DriveIdentity(size_bytes=hdd().identity.size_bytes)},
    ],
)
def test_the_same_drive_is_no_news(change: dict[str, object]) -> None:
    (was,) = glimpse_of(laptop(hdd())).drives
    now = with_facts(was, **change)
    assert _outcomes(*_erased(Storage((now,), ()))) == {Outcome.ERASED}


def test_a_twin_beside_it_is_another_drive() -> None:
    (was,) = glimpse_of(laptop(hdd())).drives
    twin = replace(was, node="/dev/sdq")
    assert _outcomes(*_erased(Storage((was, twin), ()))) == {Outcome.INCOMPLETE}


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [
        (UnreachedKind.SILENT, Outcome.INCOMPLETE),
        (UnreachedKind.NO_NODE, Outcome.INCOMPLETE),
        # a long erase pushed what was known out of the kernel's log
        (UnreachedKind.UNREADABLE, Outcome.ERASED),
    ],
)
def test_a_place_where_a_drive_is_seen_since(kind: UnreachedKind, outcome: Outcome) -> None:
    assert _outcomes(*_erased(_with(unreached=(Unreached(kind, "link7"),)))) == {outcome}


def test_a_last_look_that_fails_is_told() -> None:
    kit, session = _erased(ToolError("no answer"))
    assert _outcomes(kit, session) == {Outcome.INCOMPLETE}
    (why,) = session.state.unreached
    assert why.kind is UnreachedKind.NOT_LISTED
    assert "no answer" in why.detail


def test_what_is_gone_again_before_the_report_is_no_drive_of_the_pc() -> None:
    """A stick in each port in turn is what the check of the ports asks for."""
    looks = [_with(LATE), _with()]

    class Passing(LateProbe):
        def probe_storage(self, _known: Sequence[Drive] = (), /) -> Storage:
            return looks.pop(0)

    kit, session = _erased(None, probe=Passing)
    assert looks == []
    assert _outcomes(kit, session) == {Outcome.ERASED}
    told = [one.event for one in kit.journal.lines if isinstance(one.event, StorageLooked)]
    assert told == [StorageLooked()]


def test_nobody_looks_once_the_report_is_kept() -> None:
    """Its bytes are final: what came up after them would stand on the screen alone."""
    kit, session = _erased(None)
    (name,) = (name for name in kit.store.files if name.startswith("reports/"))
    cut = replace(session.state, stage=Stage.CONFIRMED)  # between the report and its event
    seen = len(kit.journal.lines)
    look_again(cut, LateProbe(laptop(hdd()), _with(LATE)), kit.outbox, kit.journal)
    assert len(kit.journal.lines) == seen
    kit.store.files[name] = b"rubbish that lies in its place"
    look_again(cut, LateProbe(laptop(hdd()), _with(LATE)), kit.outbox, kit.journal)
    assert kit.journal.kinds()[seen:] == ["StorageLooked"]


def test_a_seal_that_failed_says_so() -> None:
    kit = Kit(laptop(hdd()))
    session = opened(kit)
    kit.store.full = True
    assert session.seal() is False
    assert any("no room left" in one for one in session.problems)
    kit.store.full = False
    assert session.seal() is True
