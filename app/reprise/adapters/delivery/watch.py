"""Notices that sending may succeed now: the network changed or a report was queued. And looks
after something else meanwhile."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from reprise.errors import Failures
from reprise.ports import StopFlag

_logger = logging.getLogger(__name__)
_POLL_S = 2.0
_NET = Path("/sys/class/net")
# Addresses and routes as the kernel lists them; each is small and readable by anyone.
_TABLES = (Path("/proc/net/route"), Path("/proc/net/if_inet6"), Path("/proc/net/fib_trie"))


class PollingWatch:
    """workflow.delivery.deliver.Watch. `queued` gives the numbers of the reports in the outbox;
    `chosen`: files of what is set on the station itself, which may change the way."""

    def __init__(
        self,
        queued: Callable[[], frozenset[str]],
        stop: StopFlag,
        *chosen: Path,
    ) -> None:
        self._queued, self._stop, self._chosen = queued, stop, chosen
        self._network = self._state()
        self._listing = Failures(_logger)

    def wait(self, timeout_s: float, known: frozenset[str]) -> bool:
        until = time.monotonic() + timeout_s
        while not self._stop.is_set():
            before, self._network = self._network, self._state()
            if self._network != before or self._is_more_queued(known):
                return True
            left = until - time.monotonic()
            if left <= 0:
                return False
            time.sleep(min(_POLL_S, left))
        return False

    def _is_more_queued(self, known: frozenset[str]) -> bool:
        try:
            queued = self._queued()
        except Exception as error:  # noqa: BLE001 - told; what cannot be listed wakes nobody
            self._listing.failed(error)
            return False
        self._listing.well()
        return bool(queued - known)

    def _state(self) -> tuple[str, ...]:
        return (*network_state(), *map(_text, self._chosen))


@contextmanager
def beside(look: Callable[[], object], every_s: float = _POLL_S) -> Iterator[None]:
    """`look` at once and again and again, in a thread of its own, until the end: nothing that the
    caller waits for holds it up. A failure is logged, and the next look comes all the same."""
    done = threading.Event()

    def run() -> None:
        looking = Failures(_logger)
        while not done.is_set():
            try:
                look()
                looking.well()
            except Exception as error:  # noqa: BLE001 - told; there must be another look
                looking.failed(error)
            done.wait(every_s)

    thread = threading.Thread(target=run, name="beside", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def network_state() -> tuple[str, ...]:
    """Links with their state, addresses and routes: differs whenever a try may end otherwise."""
    try:
        links = sorted(_NET.iterdir())
    except OSError:
        links = []
    states = [f"{link.name}={_text(link / 'operstate')}" for link in links if link.name != "lo"]
    return (*states, *(_text(table) for table in _TABLES))


def _text(path: Path) -> str:
    try:
        return path.read_text("ascii", "replace").strip()
    except OSError:
        return ""
