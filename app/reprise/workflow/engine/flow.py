"""The flow's rules, once for screens and plain lines: where to land, whether a person is here,
which session hears who works, which language is spoken. Remembers what was seen of one engine; asks
it nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto

from reprise import i18n
from reprise.domain.report.events import Operator
from reprise.workflow.engine.port import StationStatus, Work
from reprise.workflow.session.state import SessionState


class Landing(Enum):
    """What goes on by itself: who comes late, or finds an engine that was started again, lands
    there."""

    ERASING = auto()
    INSTALLING = auto()
    DONE = auto()


def landing(state: SessionState, work: Work) -> Landing | None:
    """None: the person leads."""
    if work is Work.ENDED:
        return Landing.DONE
    if state.confirmed:
        return Landing.ERASING if state.install is None else Landing.INSTALLING
    return None


@dataclass(frozen=True, slots=True)
class FlowChange:
    """What a change at the engine means. `to`: go there; it is told only where it changes, so that
    a person may look elsewhere meanwhile. `back`: nothing goes on by itself any more, or in another
    session: who was past the drives goes back to them. `fresh`: a session that was not known;
    `again`: its engine was started again. `problems`: those that are new. `passing`: see
    StationStatus, where it is new. `person`: somebody is at another screen, and nobody was here so
    far."""

    to: Landing | None = None
    back: bool = False
    fresh: bool = False
    again: bool = False
    problems: tuple[str, ...] = ()
    passing: str = ""
    person: bool = False


class Flow:
    """`follow_language`: speak the language of the engine's settings until a person chooses
    another one."""

    def __init__(self, *, follow_language: bool = False) -> None:
        self.by_hand = False  # a person is here, or was at another screen
        self.named = False  # a person said who works
        self._follow_language = follow_language
        self._session = ""
        self._known: set[str] = set()
        self._problems = Counter[str]()  # that were told
        self._passing = ""
        self._landed: Landing | None = None

    def look(self, state: SessionState, status: StationStatus) -> FlowChange:
        session = _session_of(state)
        changed, self._session = session != self._session, session
        if changed:
            self._problems = Counter()
        problems, self._problems = _new(status.problems, self._problems)
        passing = status.passing if status.passing != self._passing else ""
        self._passing = status.passing
        fresh = session not in self._known | {""}
        again = fresh and bool(self._known)
        if fresh:
            self._known.add(session)
        wanted = landing(state, status.work)
        moved, self._landed = wanted is not self._landed, wanted
        back = wanted is None and (changed or moved)
        person = state.by_hand and not self.by_hand
        self.by_hand = self.by_hand or person
        to = wanted if moved else None
        return FlowChange(to, back, fresh, again, problems, passing, person)

    def names(self, operator: Operator | None, state: SessionState) -> Operator | None:
        """Whom the session is to hear of: once it is there, and again where a person changed
        something."""
        return operator if self.named and _session_of(state) else None

    def language(self, status: StationStatus) -> str:
        """What is spoken from now on; "" where nothing changes."""
        if not (self._follow_language and status.language):
            return ""
        self._follow_language = False
        return status.language

    def other_language(self) -> str:
        """A person chose it: it stays."""
        self._follow_language = False
        return "en" if i18n.language() == "fr" else "fr"


def proposed_operator(state: SessionState, status: StationStatus) -> Operator | None:
    """With whom the first step begins, where nobody said anything else; None: not known yet."""
    return state.operator or status.operator


def _new(problems: Iterable[str], told: Counter[str]) -> tuple[tuple[str, ...], Counter[str]]:
    """Those that were not told, wherever they stand, and how often each is there now: the same
    thing may go wrong again."""
    now, new = Counter[str](), list[str]()
    for problem in problems:
        now[problem] += 1
        if now[problem] > told[problem]:
            new.append(problem)
    return tuple(new), now


def _session_of(state: SessionState) -> str:
    return state.started.session_id if state.started is not None else ""
