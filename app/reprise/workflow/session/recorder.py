"""The session's journal as its workflow sees it: whatever is journalled is folded and told."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from threading import RLock

from reprise.domain.drives.volumes import Volume
from reprise.domain.erasure.progress import Progress
from reprise.domain.pc.hardware import DriveIdentity
from reprise.domain.report.events import Event, Stamped, Update
from reprise.ports import Journal
from reprise.workflow.past.sessions import Past
from reprise.workflow.session.state import SessionState, apply, read_inside, remember, take_over

OnState = Callable[[SessionState], None]


class Recorder:
    """A Journal. The fact is on the medium before the state says it, and the state before the
    screen does. Threads may append at once; `on_state` is called from the appending thread."""

    def __init__(self, journal: Journal, on_state: OnState) -> None:
        self._journal = journal
        self._on_state = on_state
        self._lock = RLock()
        self._state = SessionState()
        self._progress: dict[str, Progress] = {}

    @property
    def state(self) -> SessionState:
        return self._state

    def append(self, event: Event) -> Stamped:
        """Raises ValueError on an event that is illegal now (it stays journalled)."""
        with self._lock:
            stamped = self._journal.append(event)
            self._state = apply(self._state, event, stamped.monotonic_s)
        self._on_state(self._state)
        return stamped

    def digest(self) -> str:
        return self._journal.digest()

    def events(self) -> Sequence[Stamped]:
        return self._journal.events()

    def so_far(self) -> tuple[SessionState, Sequence[Stamped]]:
        """The state and its events, of one moment."""
        with self._lock:
            return self._state, self._journal.events()

    def remember(self, known: Mapping[str, Past], absent: Sequence[DriveIdentity]) -> None:
        with self._lock:
            self._state = remember(self._state, known, absent)

    def read_inside(self, volumes: Mapping[str, tuple[Volume, ...]]) -> None:
        """What is on the drives, for the screen; no event, so in no journal and no report."""
        with self._lock:
            self._state = read_inside(self._state, volumes)
        self._on_state(self._state)

    def take_over(self) -> None:
        with self._lock:
            self._state = take_over(self._state)
        self._on_state(self._state)

    def tick(self, item: Update) -> None:
        """Keep the newest Progress; events were journalled by whoever emits them."""
        if isinstance(item, Progress):
            with self._lock:
                self._progress[item.drive] = item

    def progress(self) -> dict[str, Progress]:
        """The newest tick of each drive (a copy)."""
        with self._lock:
            return dict(self._progress)
