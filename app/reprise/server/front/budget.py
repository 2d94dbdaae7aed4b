"""Room for what comes in: so much of all senders at one moment, and so much of one. Where there is
none left, who came to a standstill gives way."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable

from reprise.domain.station.delivery import SLOWEST
from reprise.server.problems import ProblemError, ProblemKind


class Held:
    """What one body holds. `due`: on the monotonic clock, when it falls behind the slowest pace if
    nothing more comes."""

    def __init__(
        self, budget: Budget, whose: str, data: bytearray, patience: asyncio.Timeout
    ) -> None:
        self._budget, self.whose = budget, whose
        self._data, self._patience = data, patience
        self.count = 0
        self.due = time.monotonic() + budget.grace_s
        self.gave_way = False

    def take(self, count: int) -> None:
        """Raises ProblemError where there is no room, or where it gave its own away."""
        if self.gave_way:
            raise ProblemError(ProblemKind.BUSY)
        self._budget.take(count, self)
        self.due = min(self.due + count / SLOWEST, time.monotonic() + self._budget.grace_s)

    def settle(self) -> None:
        """All of it is here: what is done with it takes its own time."""
        self.due = float("inf")

    def cut(self) -> None:
        self.gave_way = True
        self.close()
        self._data.clear()
        if not self._patience.expired():
            self._patience.reschedule(asyncio.get_running_loop().time())

    def close(self) -> None:
        """Gives all back."""
        self._budget.give_back(self)


class Budget:
    """`most`: bytes of all; `share`: of one sender, by any name that anybody may give. `grace_s`:
    for so long nobody is cut who falls behind the slowest pace, however much it sent before."""

    def __init__(self, most: int, share: int, grace_s: float) -> None:
        self.grace_s = grace_s
        self._most, self._share, self._used = most, share, 0
        self._used_by: dict[str, int] = {}
        self._holding: set[Held] = set()

    def open(self, whose: str, data: bytearray, patience: asyncio.Timeout) -> Held:
        """For what comes into `data`. Where it is cut, `data` is emptied and `patience` ends: its
        sender is to be told to come again."""
        return Held(self, whose, data, patience)

    @property
    def held(self) -> tuple[int, int]:
        """(bytes that are held, how many may be)."""
        return self._used, self._most

    def take(self, count: int, held: Held) -> None:
        """Raises ProblemError where there is no room and everybody else keeps the pace."""
        while self._used_by.get(held.whose, 0) + count > self._share:
            self._cut_slowest([each for each in self._holding if each.whose == held.whose], held)
        while self._used + count > self._most:
            self._cut_slowest(self._holding, held)
        if count:
            self._holding.add(held)
            self._count(held, count)

    def give_back(self, held: Held) -> None:
        self._holding.discard(held)
        self._count(held, -held.count)

    def _count(self, held: Held, more: int) -> None:
        held.count += more
        self._used += more
        self._used_by[held.whose] = self._used_by.get(held.whose, 0) + more
        if not self._used_by[held.whose]:
            del self._used_by[held.whose]

    def _cut_slowest(self, among: Iterable[Held], newcomer: Held) -> None:
        others = (each for each in among if each is not newcomer)
        slowest = min(others, key=lambda each: each.due, default=None)
        if slowest is None or slowest.due > time.monotonic():
            raise ProblemError(ProblemKind.BUSY)
        slowest.cut()
