"""Stations that send whatever happens, and somebody who asks how the server is."""

from __future__ import annotations

import asyncio
import json
import math
import sys
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from load.http import Answer, ask
from load.memory import largest
from load.outcome import Outcome
from load.stations import Reports
from reprise.adapters.signing.jws import Ed25519Signer
from reprise.codec import sha256_hex

JOSE = {"Content-Type": "application/jose"}
_AGAIN_S = 0.25  # before a station tries again what was not taken
_MEMORY_S = 1.0
_TESTS = Path(__file__).resolve().parents[1]
_OVER_S = 60.0
FAILURES = (OSError, TimeoutError, ValueError)  # of load.http.ask


class Traffic:
    """To be made in the event loop. `process`: the first one of the server's, at this moment."""

    def __init__(
        self,
        port: int,
        keys: Sequence[Ed25519Signer],
        outcome: Outcome,
        process: Callable[[], int],
    ) -> None:
        self._port, self._keys, self._outcome, self._process = port, keys, outcome, process
        self._reports = Reports(1)
        self._outboxes: list[deque[tuple[str, bytes]]] = [deque() for _key in keys]
        self.acknowledged: dict[str, str] = {}  # report id -> SHA-256
        self._stored: list[tuple[float, float]] = []  # since when each was sent, and when it was
        self._downs: list[tuple[float, float]] = []  # since when it was, and until when
        self._making = True
        self._now = asyncio.get_running_loop().time
        self._tasks: list[asyncio.Task[None]] = []

    def begin(self, rate: float) -> None:
        """Reports a second, of all stations."""
        begin = asyncio.create_task
        for number in range(len(self._keys)):
            self._tasks.append(begin(self._make(number, len(self._keys) / rate)))
            self._tasks.append(begin(self._send(self._outboxes[number])))
        self._tasks += [begin(self._hear_of_health()), begin(self._watch_memory())]

    def down(self) -> None:
        """From now on nobody expects an answer."""
        self._downs.append((self._now(), math.inf))

    def up(self) -> None:
        self._downs[-1] = (self._downs[-1][0], self._now())

    async def first_stored(self, since: float) -> None:
        """Waits for a report that was sent after this moment, and stored; notes how long it took.
        A minute is for ever."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_OVER_S):
                while not self._stored or max(self._stored)[0] <= since:
                    await asyncio.sleep(0.01)
        ends = [end for began, end in self._stored if began > since]
        self._outcome.again_s.append(min(ends, default=math.inf) - since)

    async def finish(self) -> None:
        """Nothing new is made; what is in the outboxes has a minute to be taken."""
        self._making = False
        until = self._now() + _OVER_S
        while any(self._outboxes) and self._now() < until:
            await asyncio.sleep(0.05)
        for task in self._tasks:
            task.cancel()
        for ended in await asyncio.gather(*self._tasks, return_exceptions=True):
            if isinstance(ended, Exception):
                raise ended
        self._outcome.left = sum(map(len, self._outboxes))
        self._outcome.acknowledged = len(self.acknowledged)

    async def _make(self, number: int, every_s: float) -> None:
        due = self._now() + every_s * number / len(self._keys)
        while self._making:
            await asyncio.sleep(max(0.0, due - self._now()))
            self._outboxes[number].append(self._reports.next(self._keys[number]))
            due += every_s

    async def _send(self, outbox: deque[tuple[str, bytes]]) -> None:
        """The oldest first, the same bytes until they are acknowledged."""
        while True:
            if not outbox:
                await asyncio.sleep(0.01)
            elif await self._put(*outbox[0]):
                outbox.popleft()
            else:
                await asyncio.sleep(_AGAIN_S)

    async def _put(self, report_id: str, jws: bytes) -> bool:
        began = self._now()
        try:
            answer = await ask(self._port, "PUT", f"/api/v1/reports/{report_id}", JOSE, jws)
        except FAILURES as error:
            self._outcome.refused[type(error).__name__] += 1
            return False
        if answer.status not in (200, 201):
            self._outcome.refused[str(answer.status)] += 1
            return False
        digest = sha256_hex(jws)
        if not _is_receipt(answer, digest):
            self._outcome.altered += 1
            return False
        self.acknowledged[report_id] = digest
        if answer.status == 201:
            self._stored.append((began, self._now()))
        return True

    async def _hear_of_health(self) -> None:
        """What is told by load.health, of the time in which the server was meant to be up; a
        question of a time in which it was not is answered late."""
        argv = (sys.executable, "-m", "load.health", str(self._port))
        asking = await asyncio.create_subprocess_exec(
            *argv, cwd=_TESTS, stdout=asyncio.subprocess.PIPE
        )
        assert asking.stdout is not None
        try:
            while line := await asking.stdout.readline():
                began, ended, status = map(float, line.split())
                if all(back < began or ended < gone for gone, back in self._downs):
                    self._outcome.health_ms.append((ended - began) * 1000)
                    self._outcome.unwell += status != 200
        finally:
            asking.kill()
            await asking.wait()

    async def _watch_memory(self) -> None:
        while True:
            size = await asyncio.to_thread(largest, self._process())
            self._outcome.memory = max(self._outcome.memory, size)
            await asyncio.sleep(_MEMORY_S)


def _is_receipt(answer: Answer, digest: str) -> bool:
    """Whether it is for these very bytes."""
    try:
        return bool(json.loads(answer.body)["sha256"] == digest)
    except (ValueError, LookupError, TypeError):
        return False
