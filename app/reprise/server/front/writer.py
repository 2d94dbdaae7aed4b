"""The one writer of this process: reports in the order in which they came, and one wait for the
disk for all that came while it waited for the last one."""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

from django.db import close_old_connections, connection

from reprise.errors import StorageError
from reprise.i18n import _
from reprise.server.database import database_file, reading, try_to_write
from reprise.server.database_errors import is_away
from reprise.server.problems import ProblemError, ProblemKind
from reprise.server.reports.storing import Checked, Result, put_all

log = logging.getLogger("reprise.server")
_TOGETHER = 64  # reports in one transaction
# From one transaction to the next, where reports come so fast: of three together each costs half
# (docs/decisions/0237). PostgreSQL has several such writers, and to each come few.
_GATHER_S = {"sqlite": 0.04, "postgresql": 0.1}
_MOST_WAITING = 512
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Waiting:
    checked: Checked
    done: asyncio.Future[Result]


@dataclass(frozen=True, slots=True)
class _Trying:
    done: asyncio.Future[None]


class Writer:
    """To be made in the event loop whose tasks wait for it. `stop` ends its thread, once what came
    before is stored."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._queue: queue.SimpleQueue[_Waiting | _Trying | None] = queue.SimpleQueue()
        self._open = threading.Event()
        self._file = database_file()
        self._gather_s = _GATHER_S[connection.vendor]
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    def wait_until_open(self) -> None:
        """Until the database was asked for the first time, with whatever success."""
        self._open.wait()

    async def put(self, checked: Checked) -> Result:
        """As put_all does, for one. Raises FullError, StorageError; ProblemError where too many
        reports wait."""
        self._refuse_too_many()
        done: asyncio.Future[Result] = self._loop.create_future()
        self._queue.put(_Waiting(checked, done))
        return await done

    @property
    def waiting(self) -> int:
        return self._queue.qsize()

    async def try_to_write(self) -> None:
        """In its turn, as if it were a report, but nothing is changed. Raises StorageError;
        ProblemError where too many reports wait."""
        self._refuse_too_many()
        done: asyncio.Future[None] = self._loop.create_future()
        self._queue.put(_Trying(done))
        await done

    def _refuse_too_many(self) -> None:
        if self._queue.qsize() >= _MOST_WAITING:
            raise ProblemError(ProblemKind.BUSY)

    def check(self) -> None:
        """Raises StorageError where the database's file was taken away or replaced: SQLite would go
        on writing to what nobody finds again."""
        if database_file() != self._file or not self._thread.is_alive():
            raise StorageError(
                _("The database's file was removed or replaced while the server ran."),
                _("Start the server again; put the right file in its place before."),
            )

    def stop(self) -> None:
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        # While one connection is open SQLite has its files: a full disk keeps nobody from reading.
        with suppress(StorageError), reading():
            pass
        self._file = database_file()
        self._open.set()
        began = 0.0
        while (first := self._queue.get()) is not None:
            time.sleep(max(0.0, began + self._gather_s - time.monotonic()))
            began = time.monotonic()
            every = [first]
            ended = False
            while len(every) < _TOGETHER and not ended and not self._queue.empty():
                following = self._queue.get()
                ended = following is None
                every += [] if following is None else [following]
            self._store([one for one in every if isinstance(one, _Waiting)])
            self._try_for([one for one in every if isinstance(one, _Trying)])
            if ended:
                return

    def _try_for(self, asking: Sequence[_Trying]) -> None:
        if not asking:
            return
        error: Exception | None = None
        try:
            self.check()
            close_old_connections()
            try_to_write()
        except Exception as failed:  # noqa: BLE001 (whoever asks is told)
            error = failed
        for one in asking:
            self._loop.call_soon_threadsafe(_tell, one.done, error)

    def _store(self, together: Sequence[_Waiting]) -> None:
        if not together:
            return
        try:
            self.check()
            close_old_connections()
            results = put_all([waiting.checked for waiting in together])
        except Exception as error:  # noqa: BLE001 (its requests are told)
            self._failed(together, error)
            return
        for waiting, result in zip(together, results, strict=True):
            self._loop.call_soon_threadsafe(_tell, waiting.done, result)

    def _failed(self, together: Sequence[_Waiting], error: Exception) -> None:
        """A database that is away fails all; one that will not take one report, that one."""
        away = is_away(error)
        if len(together) > 1 and not away:
            for waiting in together:
                self._store([waiting])
            return
        if not isinstance(error, StorageError):
            log.error("reports not stored", exc_info=error)
        for waiting in together:
            self._loop.call_soon_threadsafe(_tell, waiting.done, error)


def _tell(done: asyncio.Future[T], what: T | Exception) -> None:
    if done.done():  # its request has ended
        return
    if isinstance(what, Exception):
        done.set_exception(what)
    else:
        done.set_result(what)
