"""A drive that told its WWN late (udev was slow, a bridge hides it) is the drive that it was."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from reprise.domain.install.events import InstallFinished, InstallStarted
from reprise.domain.pc.hardware import Drive, DriveIdentity, Machine
from reprise.domain.report import events as ev
from reprise.domain.report.events import ObservationKind
from reprise.workflow.erasure.jobs import resume_of
from reprise.workflow.erasure.recovery import for_drive
from reprise.workflow.past.installs import find_cut_installs, find_installed
from reprise.workflow.past.sessions import Past, find_earlier
from unit.adapters.delivery.delivery_samples import DRIVE, KEY, attempt, checkpoint, finished
from unit.domain.drives.drives import pc
from unit.workflow.past.test_sessions import EARLY, LATE, NOON, Session, session

NAMED = DRIVE.identity
NAMELESS_WWN = replace(NAMED, wwn=None)
NAMELESS_SERIAL = replace(NAMED, serial=None)
GROWN = replace(NAMED, size_bytes=NAMED.size_bytes * 2)
HERE = Machine(serial="PC-1")
SEALED = ev.ReportSealed("r", "0" * 64, "stick")
BEGUN = InstallStarted(KEY, DRIVE.node, "debian", "13.2", "0" * 64)
INSTALLED = InstallFinished(KEY, ok=True, duration_s=1.0, detail="")
ERASED = (attempt("j"), finished("j"))

WAYS = pytest.mark.parametrize(
    ("then", "now"),
    [
        (NAMELESS_WWN, NAMED),
        (NAMED, NAMELESS_WWN),
        (NAMELESS_SERIAL, NAMED),
        (replace(NAMED, model=None), NAMED),
        (replace(NAMELESS_WWN, size_bytes=1), NAMED),
        (GROWN, NAMED),
        (NAMED, NAMED),
    ],
)


def named(identity: DriveIdentity, *events: ev.Event) -> list[ev.Event]:
    """What a session told of the drive, had it known it by this."""
    told: list[ev.Event] = []
    for event in events:
        changes: dict[str, Any] = {"drive": identity.key} if hasattr(event, "drive") else {}
        if hasattr(event, "identity"):
            changes["identity"] = identity
        told.append(replace(event, **changes) if changes else event)
    return told


def now_as(identity: DriveIdentity) -> Drive:
    return replace(DRIVE, identity=identity)


def past(identity: DriveIdentity, *sessions: Session) -> Past:
    (found,) = find_earlier(sessions).pasts(pc(now_as(identity), machine=HERE)).values()
    return found


@WAYS
def test_what_was_erased_and_installed_is_its_own(then: DriveIdentity, now: DriveIdentity) -> None:
    done = session("a", (), EARLY, *named(then, *ERASED, BEGUN, INSTALLED, SEALED))
    assert past(now, done) == Past(erased=True, installed="debian")
    cut = session("a", (), EARLY, *named(then, *ERASED, BEGUN))
    assert past(now, cut) == Past(erased=True, cut_install="debian")


@WAYS
def test_a_lie_is_its_own(then: DriveIdentity, now: DriveIdentity) -> None:
    kinds = (ObservationKind.COMMAND_FINISHED, ObservationKind.CANARY_SURVIVED)
    lie = [ev.Observation(KEY, kind) for kind in kinds]
    told = session("a", (), EARLY, *named(then, attempt("j"), *lie, *ERASED[1:]))
    assert [one.kind for one in find_earlier([told]).lied(now_as(now))] == list(kinds)


@pytest.mark.parametrize(
    "other",
    [
        replace(NAMED, serial="OTHER"),
        replace(NAMED, wwn="0x5000000000000999"),
        replace(NAMED, model="OTHER"),
        replace(NAMED, serial="OTHER", wwn=None),
    ],
)
def test_another_drive_has_none_of_it(other: DriveIdentity) -> None:
    lie = [
        ev.Observation(KEY, kind)
        for kind in (ObservationKind.COMMAND_FINISHED, ObservationKind.CANARY_SURVIVED)
    ]
    done = session("a", (), EARLY, attempt("j"), *lie, finished("j"), BEGUN, INSTALLED, SEALED)
    cut = session("b", (), EARLY, attempt("k"), finished("k"), BEGUN)
    for told in ([done], [cut], [done, cut]):
        assert past(other, *told) == Past()
        assert find_earlier(told).lied(now_as(other)) == ()


@WAYS
def test_a_surely_later_erasure_by_another_name_ends_what_was_installed(
    then: DriveIdentity, now: DriveIdentity
) -> None:
    done = session("a", (), EARLY, *named(then, *ERASED, BEGUN, INSTALLED, SEALED))
    again = named(now, attempt("k"), finished("k"), SEALED)
    assert find_installed([done, session("b", ("a",), NOON, *again)]) == {}
    assert past(now, done, session("b", ("a",), NOON, *again)).installed == ""
    assert past(then, done, session("b", (), NOON, *again)).installed == "debian"
    cut = session("a", (), EARLY, *named(then, *ERASED, BEGUN))
    for after in (("a",), ()):
        assert find_cut_installs([cut, session("b", after, NOON, *again)]) == {}


@WAYS
def test_an_interruption_ends_where_the_drive_was_surely_erased_since(
    then: DriveIdentity, now: DriveIdentity
) -> None:
    cut = session("a", (), EARLY, *named(then, attempt("j"), checkpoint(9, "j")))
    again = named(now, attempt("k"), finished("k"), SEALED)
    for today in (then, now):
        assert past(today, cut, session("b", ("a",), NOON, *again)) == Past(erased=True)
        unsure = find_earlier([cut, session("b", (), NOON, *again)])
        left = for_drive(unsure.interrupted, now_as(today))
        assert left is not None and resume_of(left) is None
    begun = session("b", ("a",), NOON, *named(now, attempt("k"), SEALED))
    third = session("c", ("b",), LATE, *named(then, attempt("l"), checkpoint(5, "l")))
    left = for_drive(find_earlier([cut, begun]).interrupted, now_as(then))
    assert left is not None and resume_of(left) is None, "its surface holds no one stream"
    left = for_drive(find_earlier([cut, begun, third]).interrupted, now_as(then))
    assert left is not None and left.job_id == "l"
    assert resume_of(left) is not None


def test_the_word_of_a_journal_that_lost_its_look_tells_the_drive() -> None:
    lost = session("a", (), EARLY, *named(NAMELESS_WWN, BEGUN, INSTALLED))
    assert past(NAMED, lost).installed == "debian"
    strange = [replace(one, drive="nobody") for one in (BEGUN, INSTALLED)]
    assert past(NAMED, session("a", (), EARLY, *strange)) == Past()


def test_what_told_no_number_here_may_have_been_this_one() -> None:
    """It was erased, set up and given away; today it tells its serial."""
    nobody = replace(NAMED, serial=None, wwn=None)
    taken = ev.InventoryTaken(pc(now_as(nobody), machine=HERE))
    done = session("a", (), EARLY, taken, *named(nobody, *ERASED), SEALED)
    assert past(NAMED, done) == Past(unended=True)
    assert past(replace(NAMED, model="OTHER"), done) == Past()
    there = find_earlier([done]).pasts(pc(DRIVE, machine=Machine(serial="PC-2")))
    assert there[KEY] == Past()
