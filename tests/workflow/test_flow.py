"""The flow's rules, which screens and plain lines share."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reprise import i18n
from reprise.domain.report.events import Operator, SessionStarted
from reprise.workflow.engine.flow import Flow, Landing, landing
from reprise.workflow.engine.port import StationStatus, Work
from reprise.workflow.session.state import SessionState

STATUS = StationStatus()


def session(name: str = "s1", **facts: object) -> SessionState:
    started = object.__new__(SessionStarted)
    object.__setattr__(started, "session_id", name)
    return SessionState(started=started, **facts)  # type: ignore[arg-type]


ERASING = session(confirmed=True)


@pytest.mark.parametrize(
    ("state", "work", "expected"),
    [
        (session(), Work.WAITING, None),
        (ERASING, Work.WAITING, Landing.ERASING),
        (session(confirmed=True, install=object()), Work.WAITING, Landing.INSTALLING),
        (ERASING, Work.ENDED, Landing.DONE),
        (session(), Work.ENDED, Landing.DONE),
    ],
)
def test_who_comes_late_lands_where_the_state_says(
    state: SessionState, work: Work, expected: Landing | None
) -> None:
    assert landing(state, work) is expected


def test_the_landing_is_told_only_where_it_changes() -> None:
    flow = Flow()
    assert flow.look(session(), STATUS).to is None
    assert flow.look(ERASING, STATUS).to is Landing.ERASING
    assert flow.look(ERASING, STATUS).to is None  # a person may look elsewhere meanwhile
    assert flow.look(ERASING, replace(STATUS, work=Work.ENDED)).to is Landing.DONE


def test_an_engine_that_was_started_again_leads_back_to_the_drives() -> None:
    flow = Flow()
    first = flow.look(ERASING, STATUS)
    assert (first.fresh, first.again, first.back) == (True, False, False)
    gone = flow.look(SessionState(), STATUS)
    assert (gone.fresh, gone.back) == (False, True)
    other = flow.look(session("s2"), STATUS)
    assert (other.fresh, other.again, other.back) == (True, True, True)
    assert not flow.look(session("s2"), STATUS).back


def test_problems_are_told_once_and_anew_in_another_session() -> None:
    flow, status = Flow(), replace(STATUS, problems=("one",))
    assert flow.look(session(), status).problems == ("one",)
    assert flow.look(session(), status).problems == ()
    assert flow.look(session(), replace(status, problems=("one", "two"))).problems == ("two",)
    assert flow.look(session("s2"), status).problems == ("one",)


@pytest.mark.parametrize(
    "now", [("two", "one"), ("one", "two"), ("one", "two", "one")], ids=["before", "after", "both"]
)
def test_a_problem_that_is_new_is_told_wherever_it_stands(now: tuple[str, ...]) -> None:
    """The session's come before the engine's."""
    flow = Flow()
    flow.look(session(), replace(STATUS, problems=("one",)))
    told = flow.look(session(), replace(STATUS, problems=now)).problems
    assert told == (("two", "one") if now.count("one") == 2 else ("two",))


def test_what_passes_is_told_once_each_time_it_begins() -> None:
    flow, passing = Flow(), replace(STATUS, passing="now")
    turns = [flow.look(session(), status) for status in (passing, passing, STATUS, passing)]
    assert [turn.passing for turn in turns] == ["now", "", "", "now"]
    assert not any(turn.problems for turn in turns)


def test_a_person_at_another_screen_is_told_once_and_counts_in_the_sessions_to_come() -> None:
    flow = Flow()
    assert not flow.look(session(), STATUS).person
    assert flow.look(session(by_hand=True), STATUS).person
    assert not flow.look(session(by_hand=True), STATUS).person
    assert flow.by_hand
    assert not flow.look(session("s2", by_hand=True), STATUS).person
    assert flow.by_hand


def test_a_person_here_is_none_at_another_screen() -> None:
    flow = Flow()
    flow.by_hand = True
    assert not flow.look(session(by_hand=True), STATUS).person


def test_nobody_is_named_before_a_person_said_who_works() -> None:
    flow, operator = Flow(), Operator(name="A")
    assert flow.names(operator, session()) is None
    flow.named = True
    assert flow.names(operator, SessionState()) is None
    assert flow.names(None, session()) is None
    assert flow.names(operator, session()) is operator


def test_the_settings_language_holds_until_a_person_chooses() -> None:
    status = replace(STATUS, language="en")
    flow = Flow(follow_language=True)
    assert flow.language(STATUS) == ""  # not known yet
    assert flow.language(status) == "en"
    assert flow.language(status) == ""  # once
    chosen = Flow(follow_language=True)
    with i18n.using("fr"):
        assert chosen.other_language() == "en"
    with i18n.using("en"):
        assert chosen.other_language() == "fr"
    assert chosen.language(status) == ""
    assert Flow().language(status) == ""
