"""Looks at the PC: one at a time, and one more where the stick comes after the first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

from reprise.i18n import _
from reprise.workflow.session.session import Session

_WAIT_S = 20.0  # a confirmation waits so long for a look that has begun


class Looks:
    """`told`: that the drives are read again, as a sentence: nothing begins by itself meanwhile."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._looked_for: frozenset[str] = frozenset()  # sessions that came late
        self.told: tuple[str, ...] = ()

    @contextmanager
    def alone(self) -> Iterator[None]:
        with self._lock:
            yield

    @contextmanager
    def between(self) -> Iterator[None]:
        """A look that goes on asks the drives: it comes to its end first, where it does soon. One
        that does not changes nothing any more (see Session.look)."""
        held = self._lock.acquire(timeout=_WAIT_S)
        try:
            yield
        finally:
            if held:
                self._lock.release()

    def again(self, session: Session, tell: Callable[[], None]) -> None:
        """The stick may come after the first look, with what earlier sessions left of this PC."""
        with self._lock:
            late = session.not_known
            if not late:  # known by now, or the stick is away again
                self._looked_for = frozenset()
                return
            if session.state.confirmed or not late - self._looked_for:
                return
            self._looked_for = late  # once, should the look fail
            self.told = (_("The stick came later: the drives are being read again."),)
            tell()
            try:
                session.look()
            finally:
                self.told = ()
                tell()
