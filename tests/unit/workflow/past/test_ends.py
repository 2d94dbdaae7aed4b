"""How earlier erasures of a drive ended: a surely later one that ended otherwise takes "erased"
away, and is told; a station without a person begins nothing that it did not before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from reprise import i18n
from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.install.events import InstallFinished, InstallStarted
from reprise.domain.pc.hardware import Drive, Machine
from reprise.domain.planning.plan import DrivePlan, Plan
from reprise.domain.planning.techniques import Verdict
from reprise.domain.report import events as ev
from reprise.domain.station.unattended import Unattended
from reprise.line_interface.shown import drive_list
from reprise.sentences.drives import already_text, before_text
from reprise.tui.drawing import paint
from reprise.tui.drawing.texts import intent_parts
from reprise.workflow.erasure.unattended import obstacles
from reprise.workflow.past.sessions import Past, find_earlier
from reprise.workflow.session.state import SessionState, apply, remember
from unit.adapters.delivery.delivery_samples import (
    ATTEMPT,
    DRIVE,
    KEY,
    attempt,
    checkpoint,
    finished,
    started,
)
from unit.domain.drives.drives import hdd, pc
from unit.workflow.past.test_sessions import EARLY, LATE, NOON, Session, session

HERE = Machine(serial="PC-1")
SEALED = ev.ReportSealed("r", "0" * 64, "stick")
BLANK = replace(DRIVE, partitions=(), partition_table=None)
OTHER = hdd(2)


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    before = i18n.language()
    i18n.set_language("en")
    yield
    i18n.set_language(before)


def ended(name: str, after: tuple[str, ...], at: str, *events: ev.Event) -> Session:
    taken = ev.InventoryTaken(pc(DRIVE, machine=HERE))
    return session(name, after, at, taken, attempt(name), *events)


def erased(name: str, after: tuple[str, ...] = (), at: str = EARLY) -> Session:
    return ended(name, after, at, finished(name), SEALED)


def other_end(
    end: DriveState, name: str = "b", after: tuple[str, ...] = ("a",), at: str = NOON
) -> Session:
    if end is DriveState.INTERRUPTED:
        return ended(name, after, at, checkpoint(5, name), SEALED)
    verdict = Verdict.FAILED if end is DriveState.FAILED else Verdict.UNVERIFIED
    return ended(name, after, at, finished(name, verdict), SEALED)


def today(*sessions: Session, drives: tuple[Drive, ...] = (BLANK,)) -> SessionState:
    taken = pc(*drives, machine=HERE)
    plans = tuple(DrivePlan(one.identity, one.node, attempts=(ATTEMPT,)) for one in drives)
    state = SessionState()
    for event in (started(), ev.InventoryTaken(taken), ev.PlanMade(Plan(plans, "p"), "d")):
        state = apply(state, event)
    return remember(state, find_earlier(sessions).pasts(taken))


def why_not(*sessions: Session, drives: tuple[Drive, ...] = (BLANK,)) -> tuple[str, ...]:
    return obstacles(today(*sessions, drives=drives), Unattended(erase=True), "stick")


def past(*sessions: Session) -> Past:
    found = today(*sessions).drive(KEY)
    assert found is not None
    return found.past


def words(*sessions: Session) -> tuple[str, str]:
    view = today(*sessions).drive(KEY)
    assert view is not None
    return before_text(view), already_text(view)


ENDS = pytest.mark.parametrize(
    ("end", "told", "state"),
    [
        (DriveState.FAILED, "earlier erasure FAILED", "Erasure failed"),
        (DriveState.UNVERIFIED, "earlier erasure NOT VERIFIED", "Erasure not verified"),
        (DriveState.INTERRUPTED, "INTERRUPTED – not erased", "Interrupted"),
    ],
)


@ENDS
def test_a_surely_later_erasure_that_ended_otherwise_is_what_is_told(
    end: DriveState, told: str, state: str
) -> None:
    sessions = [erased("a"), other_end(end)]
    assert (past(*sessions).erased, past(*sessions).ended) == (True, end)
    assert words(*sessions) == (told, "")
    third = erased("c", ("b",), LATE)
    assert past(*sessions, third) == Past(erased=True)
    assert words(*sessions, third) == ("", "this stick erased and verified it before")


def test_screen_and_plain_lines_say_both_before_it_is_erased_again() -> None:
    state = today(erased("a"))
    view = state.drive(KEY)
    assert view is not None
    told = "this stick erased and verified it before"
    said = paint.line(*intent_parts(view)).plain
    assert "WILL BE ERASED" in said and told in said
    assert f"WILL BE ERASED, {told}" in list(drive_list(state))


@ENDS
def test_where_nobody_knows_which_was_later_the_worse_is_told(
    end: DriveState, told: str, state: str
) -> None:
    for at in (EARLY, LATE):
        assert words(erased("a", at=NOON), other_end(end, after=(), at=at)) == (told, "")


@ENDS
def test_one_that_ended_otherwise_before_it_counts_no_more(
    end: DriveState, told: str, state: str
) -> None:
    sessions = [other_end(end, "a", (), LATE), erased("b", ("a",))]
    assert past(*sessions) == Past(erased=True)
    assert words(*sessions) == ("", "this stick erased and verified it before")


@ENDS
def test_its_end_is_told_where_it_was_never_erased(end: DriveState, told: str, state: str) -> None:
    assert words(other_end(end, after=())) == (told, "")
    assert not past(other_end(end, after=())).erased


@ENDS
def test_the_drive_by_another_of_its_names_is_meant(end: DriveState, told: str, state: str) -> None:
    late = replace(DRIVE.identity, wwn=None)
    _name, events = erased("a")
    first = tuple(
        replace(one, event=replace(one.event, identity=late))
        if isinstance(one.event, ev.AttemptStarted)
        else one
        for one in events
    )
    assert words(("a", first), other_end(end)) == (told, "")


# --- a station that goes on by itself ------------------------------------------------------------


@pytest.mark.parametrize(
    ("end", "state"),
    [
        (DriveState.FAILED, "Erasure failed"),
        (DriveState.UNVERIFIED, "Erasure not verified"),
    ],
)
@pytest.mark.parametrize("drives", [(BLANK,), (DRIVE,), (BLANK, OTHER), (DRIVE, OTHER)])
def test_what_any_session_erased_needs_a_person_and_the_last_end_is_said(
    drives: tuple[Drive, ...], end: DriveState, state: str
) -> None:
    (why,) = why_not(erased("a"), other_end(end), drives=drives)
    assert why == (
        f"This stick erased sda once; another of its erasures there ended thus: {state}."
    )
    assert why_not(other_end(end, "a", ()), drives=drives) == (), "it was never given away"


def test_what_was_erased_and_then_cut_off_goes_on_only_where_it_holds_nothing() -> None:
    sessions = [erased("a"), other_end(DriveState.INTERRUPTED)]
    assert why_not(*sessions) == ()
    (why,) = why_not(*sessions, drives=(DRIVE,))
    assert (
        why == "This stick erased sda once; another of its erasures there ended thus: Interrupted."
    )


def test_where_nothing_later_is_known_it_is_the_pc_that_was_erased() -> None:
    (why,) = why_not(erased("a"))
    assert why.startswith("This stick has already erased this PC")
    (why,) = why_not(other_end(DriveState.FAILED, "a", ()), erased("b", ("a",)))
    assert why.startswith("This stick has already erased this PC")
    (why,) = why_not(erased("a"), drives=(DRIVE, OTHER))
    assert why == "This stick has already erased sda, and it holds something again."


def test_a_system_that_was_installed_is_said_whatever_came_later() -> None:
    installs = (
        InstallStarted(KEY, DRIVE.node, "debian", "13", "0" * 64),
        InstallFinished(KEY, ok=True, duration_s=1.0, detail=""),
    )
    done = ended("a", (), EARLY, finished("a"), *installs, SEALED)
    (why,) = why_not(done, other_end(DriveState.FAILED, after=()))
    assert why.startswith("This stick has already installed a system on sda")
