"""Looks at the PC: one at a time, and one more where the stick comes after the first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

from reprise.errors import RefusedError
from reprise.i18n import _
from reprise.workflow.session.session import Session

_WAIT_S = 20.0  # what is asked waits so long for a look that has begun


class Looks:
    """`passing`: see StationStatus."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._looked_for: frozenset[str] = frozenset()  # sessions that came late
        self.passing = ""

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Raises RefusedError where another look does not end soon."""
        if not self._lock.acquire(timeout=_WAIT_S):
            raise self._does_not_end()
        try:
            yield
        finally:
            self._lock.release()

    @contextmanager
    def between(self, session: Session) -> Iterator[None]:
        """A look that goes on asks the drives: it comes to its end first, where it does soon. One
        that does not changes nothing any more (see Session.look), but what a stick holds that is
        still there must be known: else it raises RefusedError."""
        held = self._lock.acquire(timeout=_WAIT_S)
        try:
            if not held and session.not_known:
                raise self._does_not_end()
            yield
        finally:
            if held:
                self._lock.release()

    def _does_not_end(self) -> RefusedError:
        if self.passing:
            return RefusedError(
                _("A look at the drives that began when the stick came does not end."),
                _("Pull that stick, or start this PC again."),
            )
        return RefusedError(
            _("The drives are still being read."), _("If that does not end, start this PC again.")
        )

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
            self.passing = _("The stick came later: the drives are being read again.")
            tell()
            try:
                session.look()
            finally:
                self.passing = ""
                tell()
