"""What each copy of the truth says of a PC and of its drives, reduced to what can be compared."""

from __future__ import annotations

from dataclasses import dataclass, field

from reprise.domain.lifecycle import DriveState
from reprise.domain.report import Report
from reprise.linear import shown
from reprise.sentences import done
from reprise.sentences.outcome import own_drives
from reprise.server import outcome as server_outcome
from reprise.wording import outcome as report_outcome
from reprise.workflow.desk.port import Board
from reprise.workflow.session_state import SessionState

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
    drives = {view.key: view.state is DriveState.SANITIZED for view in own_drives(state)}
    return Told(erased, drives, title)


def of_lines(board: Board, state: SessionState) -> Told:
    lines = list(shown.end(board, state, None))
    return Told(ERASED in lines, {}, lines[0])


def of_report(report: Report) -> Told:
    """The certificate's title is made of this."""
    drives = {
        record.identity.key: report_outcome.drive_ok(record)
        for record in report_outcome.records(report)
        if report_outcome.in_scope(report, record)
    }
    title = report_outcome.report_title(report)
    return Told(report_outcome.report_ok(report), drives, title)


def of_server(report: Report) -> Told:
    return of_word(server_outcome.outcome(report).value)


def of_word(word: str) -> Told:
    """A row of the server's own list."""
    return Told(word == server_outcome.Outcome.SANITIZED.value, {}, word)
