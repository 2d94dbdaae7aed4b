"""Notices that sending may succeed now: the network changed or a report was queued."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from reprise.ports import StopFlag

_POLL_S = 2.0
_NET = Path("/sys/class/net")
# Addresses and routes as the kernel lists them; each is small and readable by anyone.
_TABLES = (Path("/proc/net/route"), Path("/proc/net/if_inet6"), Path("/proc/net/fib_trie"))


class PollingWatch:
    """workflow.deliver.Watch. `tick` runs at every look (every 2 s): the stick is looked for
    there. `queued` gives the numbers of the reports in the outbox; `chosen`: the file of what is
    set on the station itself, which may change the way."""

    def __init__(
        self,
        queued: Callable[[], frozenset[str]],
        tick: Callable[[], None],
        stop: StopFlag,
        chosen: Path | None = None,
    ) -> None:
        self._queued, self._tick, self._stop, self._chosen = queued, tick, stop, chosen
        self._network = self._state()

    def wait(self, timeout_s: float, known: frozenset[str]) -> bool:
        until = time.monotonic() + timeout_s
        while not self._stop.is_set():
            self._tick()
            before, self._network = self._network, self._state()
            if self._network != before or self._queued() - known:
                return True
            left = until - time.monotonic()
            if left <= 0:
                return False
            time.sleep(min(_POLL_S, left))
        return False

    def _state(self) -> tuple[str, ...]:
        return (*network_state(), "" if self._chosen is None else _text(self._chosen))


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
