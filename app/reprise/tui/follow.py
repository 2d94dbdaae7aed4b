"""What a change at the engine's desk means for the screen: where to go, what to say. A screen that
comes late, or finds an engine that was started again, lands where the state says."""

from __future__ import annotations

from dataclasses import dataclass

from reprise.sentences.engine import started_again
from reprise.tui.steps import STEPS, StepName
from reprise.workflow.desk.port import Desk, Work
from reprise.workflow.session_state import SessionState


@dataclass(frozen=True, slots=True)
class Turn:
    """What the application does now. `to`: the step to go to; None: stay. `session`: the number of
    a session that was not known, "" otherwise. `trouble`: a sentence to show, or ""."""

    to: StepName | None = None
    session: str = ""
    trouble: str = ""


def landing(state: SessionState, work: Work) -> StepName | None:
    """The step that shows what is going on by itself; None: the operator leads."""
    if work is Work.ENDED:
        return StepName.DONE
    if state.confirmed:
        return StepName.ERASING if state.install is None else StepName.INSTALLING
    return None


class Follower:
    """Remembers what was seen of one desk. It moves the screen only where the landing changes, so
    that a person may look elsewhere meanwhile."""

    def __init__(self) -> None:
        self._session = ""
        self._known: set[str] = set()
        self._problems = 0
        self._landed: StepName | None = None

    def look(self, desk: Desk, here: StepName) -> Turn:
        state, board = desk.state, desk.board
        session = state.started.session_id if state.started is not None else ""
        changed, self._session = session != self._session, session
        if changed:
            self._problems = 0
        to = self._step(landing(state, board.work), here, changed=changed)
        new = board.problems[self._problems :]
        self._problems = len(board.problems)
        said = board.problems[-1:] if to is StepName.DONE else new
        known = not session or session in self._known
        trouble = [] if known or not self._known else [started_again()]
        if not known:
            self._known.add(session)
        return Turn(to, "" if known else session, " ".join((*trouble, *said)))

    def _step(self, wanted: StepName | None, here: StepName, *, changed: bool) -> StepName | None:
        moved, self._landed = wanted is not self._landed, wanted
        if moved and wanted is not None:
            return wanted
        names = [step.name for step in STEPS]
        far = names.index(here) > names.index(StepName.DRIVES)
        return StepName.DRIVES if (changed or moved) and wanted is None and far else None
