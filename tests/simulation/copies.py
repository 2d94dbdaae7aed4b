"""What each copy of the truth says of a PC and of its drives, reduced to what can be compared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.report.outcome import Outcome
from reprise.domain.report.report import Report
from reprise.domain.report.report_outcome import own_records, proven, report_outcome
from reprise.line_interface import shown
from reprise.sentences import done
from reprise.wording.outcome import report_title
from reprise.workflow.engine.port import StationStatus
from reprise.workflow.session.state import SessionState

ERASED = "THIS PC IS ERASED AND VERIFIED"


@dataclass(frozen=True)
class Told:
    """`drives`: DriveIdentity.key -> whether it is called erased and verified."""

    pc_erased: bool
    drives: dict[str, bool] = field(default_factory=dict)
    words: str = ""


def of_screen(state: SessionState) -> Told:
    title = done.headline(state)
    mark = done.word_for_the_pc(state)
    erased = title == ERASED
    if erased != (mark == "erased and verified"):
        raise AssertionError(f"the screen contradicts itself: {title}, {mark}")
    drives = _together((view.key, view.state) for view in state.own)
    return Told(erased, drives, title)


def _together(states: Iterable[tuple[str, DriveState]]) -> dict[str, bool]:
    """Two drives may bear one identity: whoever calls it erased means both."""
    found: dict[str, bool] = {}
    for key, state in states:
        found[key] = found.get(key, True) and state is DriveState.SANITIZED
    return found


def of_lines(status: StationStatus, state: SessionState) -> Told:
    lines = list(shown.end(status, state, None))
    return Told(ERASED in lines, {}, lines[0])


def of_report(report: Report) -> Told:
    """The certificate's title is made of this."""
    drives = _together(
        (record.identity.key, proven(record).state) for record in own_records(report)
    )
    return Told(report_outcome(report) is Outcome.ERASED, drives, report_title(report))


def of_server(report: Report) -> Told:
    return of_word(report_outcome(report).value)


def of_word(word: str) -> Told:
    """A row of the server's own list."""
    return Told(word == Outcome.ERASED.value, {}, word)
