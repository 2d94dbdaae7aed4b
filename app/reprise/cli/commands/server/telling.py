"""How far a long work is, while Ctrl+C and SIGTERM end it in good order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from reprise.cli.stopping import stop_signals
from reprise.cli.ticker import Ticker
from reprise.domain.erasure.progress import Progress
from reprise.errors import StoppedError
from reprise.i18n import _


@contextmanager
def telling() -> Iterator[Callable[[Progress], None]]:
    """What is called with each step of a work; it raises StoppedError where the work is to end."""
    with stop_signals() as stop, Ticker() as ticker:

        def tell(progress: Progress) -> None:
            if stop.is_set():
                raise StoppedError(_("stopped by the operator"))
            ticker.take(progress)

        yield tell
