"""In which order earlier sessions stand, and what is taken up of what they left."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest

from reprise.domain.pc.hardware import Machine
from reprise.domain.planning.plan import Attempt
from reprise.domain.planning.techniques import Method, Technique, Verdict, VerifyDepth
from reprise.domain.report import events as ev
from reprise.workflow.erasure.jobs import Resume, resume_of
from reprise.workflow.erasure.recovery import UNKNOWN_CAUSE, Interrupted
from reprise.workflow.past.order import in_order, named_by, newest
from reprise.workflow.past.sessions import Earlier, Elsewhere, Past, find_earlier
from station_kit.shortcuts import find_interrupted
from unit.adapters.delivery.delivery_samples import (
    DRIVE,
    KEY,
    attempt,
    called_erased,
    checkpoint,
    finished,
    started,
)
from unit.domain.drives.drives import pc

WHO = DRIVE.identity
EARLY, NOON, LATE = (f"2026-11-24T{hour:02}:00:00.000Z" for hour in (8, 12, 16))
Session = tuple[str, tuple[ev.Stamped, ...]]


def session(name: str, after: tuple[str, ...] | None, at: str, *events: ev.Event) -> Session:
    every = (started(session_id=name, after=after), *events)
    return name, tuple(ev.Stamped(n, at, float(n), one) for n, one in enumerate(every, 1))


def names(*sessions: Session) -> set[tuple[str, ...]]:
    """In whatever order they are found in the store."""
    return {tuple(name for name, _e in in_order(p).sessions) for p in permutations(sessions)}


def test_sessions_that_name_nobody_go_by_their_clock_then_by_their_number() -> None:
    a, b, c = session("a", (), LATE), session("b", (), EARLY), session("c", (), NOON)
    assert names(a, b, c) == {("b", "c", "a")}
    assert names(session("y", (), NOON), session("x", (), NOON)) == {("x", "y")}


def test_what_a_session_named_goes_before_every_clock() -> None:
    a, b, c = session("a", (), LATE), session("b", ("a",), EARLY), session("c", ("b",), NOON)
    assert names(a, b, c) == {("a", "b", "c")}
    d = session("d", (), EARLY)
    assert names(a, b, c, d) == {("d", "a", "b", "c")}


def test_a_session_comes_after_each_that_it_named() -> None:
    a, b = session("a", (), NOON), session("b", (), LATE)
    both = session("c", ("a", "b", "gone"), EARLY)
    assert names(a, b, both) == {("a", "b", "c")}
    order = in_order([both, b, a])
    assert order.surely_before("a", "c") and order.surely_before("b", "c")
    assert not order.surely_before("a", "b") and not order.surely_before("b", "a")
    assert not order.surely_before("gone", "c") and not order.surely_before("a", "gone")


def test_older_versions_stand_in_a_row_by_their_clock() -> None:
    old = session("z", None, EARLY), session("y", None, NOON), session("x", None, LATE)
    assert names(*old) == {("z", "y", "x")}
    order = in_order(reversed(old))
    assert order.surely_before("z", "x") and order.surely_before("y", "x")
    assert not order.surely_before("x", "z")


def test_a_journal_of_which_nothing_was_read_comes_first() -> None:
    empty: Session = ("e", ())
    assert named_by(()) is None
    assert names(empty, session("a", None, EARLY)) == {("e", "a")}


def test_sessions_in_a_circle_come_last_by_their_clock() -> None:
    a, b = session("a", ("b",), LATE), session("b", ("a",), NOON)
    assert names(a, b, session("c", (), LATE)) == {("c", "b", "a")}


def test_the_newest_are_those_that_no_other_names() -> None:
    assert newest({"a": ("b",), "b": None, "c": ("b", "d")}) == ("a", "c")


# what is left of an interrupted erasure

ERASE = Attempt(Technique.ATA_SANITIZE_BLOCK, Method.PURGE, VerifyDepth.FULL)
PLANTED = ev.Observation(KEY, ev.ObservationKind.CANARIES_PLANTED)
ACCEPTED = ev.Observation(KEY, ev.ObservationKind.COMMAND_ACCEPTED)


def left(*sessions: Session) -> Interrupted | None:
    found = find_interrupted(sessions)
    assert len(found) <= 1
    return found[0] if found else None


def test_all_that_is_known_of_it() -> None:
    taken = ev.InventoryTaken(pc(DRIVE, machine=Machine(serial="PC-1")))
    found = left(session("a", (), NOON, taken, attempt("j", resumed=40), checkpoint(90, "j")))
    assert found is not None
    assert (found.job_id, found.phase, found.cause) == ("j", "write", UNKNOWN_CAUSE)
    assert (found.node, found.at, found.done_bytes) == (DRIVE.node, NOON, 90)
    assert found.machine == Machine(serial="PC-1")
    assert left(session("a", (), NOON, attempt("j", resumed=40))).done_bytes == 40  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("technique", "events", "goes_on"),
    [
        (Technique.ATA_SANITIZE_BLOCK, (PLANTED, ACCEPTED), True),
        (Technique.ATA_SANITIZE_BLOCK, (ACCEPTED,), False),
        (Technique.ATA_SANITIZE_BLOCK, (ACCEPTED, PLANTED), False),
        (Technique.ATA_SANITIZE_BLOCK, (PLANTED,), False),
        (Technique.NVME_FORMAT_CRYPTO, (PLANTED, ACCEPTED), False),
        (Technique.OVERWRITE, (PLANTED, ACCEPTED), False),
    ],
)
def test_only_a_drive_that_goes_on_by_itself_and_bears_its_marks_is_re_attached_to(
    technique: Technique, events: tuple[ev.Event, ...], goes_on: bool
) -> None:
    found = left(session("a", (), NOON, attempt("j", technique=technique), *events))
    assert found is not None and found.reattachable is goes_on
    expected = Resume("j", found.job_key, 0, reattach=found.attempt) if goes_on else None
    assert resume_of(found) == expected


def test_marks_of_an_earlier_attempt_are_no_marks_of_this_one() -> None:
    again = attempt("k", technique=Technique.ATA_SANITIZE_BLOCK)
    found = left(
        session("a", (), NOON, attempt("j", technique=ERASE.technique), PLANTED, again, ACCEPTED)
    )
    assert found is not None
    assert (found.job_id, found.reattachable) == ("k", False)


def test_an_overwrite_goes_on_where_it_wrote_something_with_its_key() -> None:
    written = left(session("a", (), NOON, attempt("j"), checkpoint(90, "j")))
    assert written is not None
    assert resume_of(written) == Resume("j", written.job_key, 90)
    assert resume_of(replace(written, done_bytes=0)) is None
    assert resume_of(replace(written, resumable=False)) is None
    assert resume_of(None) is None


def test_events_about_another_attempt_change_nothing() -> None:
    found = left(session("a", (), NOON, attempt("j"), checkpoint(90, "j"), finished("other")))
    assert found is not None and found.done_bytes == 90
    other = ev.DriveInterrupted(KEY, "other", "operator", 5)
    found = left(session("a", (), NOON, attempt("j"), other, checkpoint(7, "other")))
    assert found is not None
    assert (found.cause, found.done_bytes) == (UNKNOWN_CAUSE, 0)


def test_a_success_in_the_same_session_ends_what_that_session_left() -> None:
    cut_then_done = session("a", (), NOON, attempt("j"), attempt("k"), finished("k"))
    assert left(cut_then_done) is None
    failed = session(
        "a", (), NOON, attempt("j"), checkpoint(5, "j"), attempt("k"), finished("k", Verdict.FAILED)
    )
    found = left(failed)
    assert found is not None
    assert (found.job_id, found.resumable, found.done_bytes) == ("j", False, 0)


def test_the_newest_of_several_cuts_is_the_one_that_counts() -> None:
    first = session("a", (), LATE, attempt("j"), checkpoint(5, "j"))
    second = session("b", ("a",), EARLY, attempt("k"), checkpoint(6, "k"))
    for sessions in ((first, second), (second, first)):
        found = left(*sessions)
        assert found is not None
        assert (found.session_id, found.done_bytes, found.resumable) == ("b", 6, True)


def test_what_was_erased_needs_a_verified_end_of_an_attempt_that_began() -> None:
    assert called_erased(find_earlier([session("a", (), NOON, attempt("j"), finished("j"))])) == {
        DRIVE.identity
    }
    assert called_erased(find_earlier([session("a", (), NOON, finished("j"))])) == set()
    for verdict in (Verdict.FAILED, Verdict.UNVERIFIED):
        done = session("a", (), NOON, attempt("j"), finished("j", verdict))
        assert called_erased(find_earlier([done])) == set()


# what the technician is told of it

HERE = Machine(serial="PC-1")


def past(machine: Machine, *sessions: Session) -> Past:
    (found,) = find_earlier(sessions).pasts(pc(DRIVE, machine=machine)).values()
    return found


def begun(machine: Machine) -> Session:
    taken = ev.InventoryTaken(pc(DRIVE, machine=machine))
    return session("a", (), NOON, taken, attempt("j"))


@pytest.mark.parametrize(
    ("then", "now", "told"),
    [
        (HERE, HERE, Elsewhere.NO),
        (HERE, Machine(serial="PC-2"), Elsewhere.YES),
        (HERE, Machine(), Elsewhere.PERHAPS),
        (Machine(), HERE, Elsewhere.PERHAPS),
        (HERE, Machine(uuid="u-1"), Elsewhere.PERHAPS),
        (Machine(serial="PC-1", uuid="u"), Machine(serial="PC-2", uuid="u"), Elsewhere.YES),
    ],
)
def test_where_it_began(then: Machine, now: Machine, told: Elsewhere) -> None:
    found = past(now, begun(then))
    assert (found.interrupted, found.cause, found.elsewhere) == (True, UNKNOWN_CAUSE, told)
    assert found.unfinished and not found.erased


def test_without_an_inventory_nobody_knows_in_which_pc_it_began() -> None:
    assert past(HERE, session("a", (), NOON, attempt("j"))).elsewhere is Elsewhere.PERHAPS


def test_of_a_drive_that_no_session_met_nothing_is_told() -> None:
    assert past(HERE) == Past()
    assert not Past().unfinished
    assert Past(cut_install="debian").unfinished


def test_a_drive_that_was_erased_is_told_as_that() -> None:
    done = session("a", (), NOON, attempt("j"), finished("j"), ev.ReportSealed("r", "0", "stick"))
    assert past(HERE, done) == Past(erased=True)


def test_of_those_that_are_gone_the_one_that_was_begun_last_comes_last() -> None:
    """However long ago it was first met, and whatever the clock says."""
    sessions: list[Session] = []
    for at, serial in zip((LATE, NOON, EARLY), ("OLD", "OTHER", "OLD"), strict=True):
        who = replace(WHO, serial=serial, wwn=None)
        taken = ev.InventoryTaken(pc(replace(DRIVE, identity=who), machine=HERE))
        begins = replace(attempt(f"j{len(sessions)}"), drive=who.key, identity=who)
        known = tuple(name for name, _e in sessions)
        sessions.append(session(f"s{len(sessions)}", known, at, taken, begins))
    gone = find_earlier(sessions).absent(pc(machine=HERE))
    assert [one.serial for one in gone] == ["OTHER", "OLD"]


def test_each_journal_that_cannot_be_read_is_a_problem_that_is_told() -> None:
    earlier = Earlier(unread=("one", "two"))
    assert ["one" in str(earlier.problems[0]), "two" in str(earlier.problems[1])] == [True, True]
    assert Earlier().problems == ()
