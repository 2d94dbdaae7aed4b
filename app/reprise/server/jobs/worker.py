"""The process that does jobs, one at a time."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import NoReturn, Protocol

from django.db import close_old_connections

from reprise.errors import Failures, StorageError
from reprise.server.database import close_database
from reprise.server.files.store import StoreError
from reprise.server.jobs import bell, services
from reprise.server.jobs.child import LateError, made_in_child
from reprise.server.jobs.services import Job, Trouble

log = logging.getLogger("reprise.server")
_FIRST_CLEAN_S, _CLEAN_S = 60.0, 3600.0
_AGAIN_S = 2.0  # after the database or the store did not answer
_OFTEN_S = 2.0


class Work(Protocol):
    """One job, begun. `make` is called in a process of its own, without a database; `keep` here,
    with what it made."""

    def make(self) -> bytes: ...

    def keep(self, made: bytes) -> None: ...


class Kind(Protocol):
    """What is done for jobs of one kind."""

    maker: str  # whose jobs it can do

    def begin(self, job: Job) -> Work | None:
        """None: it is done already."""
        ...

    def clean(self) -> None:
        """Now and then."""
        ...


class Worker:
    """`seconds`: that one job may take. `housekeeping` is done now and then, too; `often`, between
    jobs, every few seconds."""

    def __init__(
        self,
        kinds: Mapping[str, Kind],
        seconds: float,
        housekeeping: Sequence[Callable[[], None]] = (),
        often: Sequence[Callable[[], None]] = (),
    ) -> None:
        self._housekeeping, self._often = housekeeping, often
        self._kinds, self._seconds = kinds, seconds
        self._makers = {name: kind.maker for name, kind in kinds.items()}
        self._served = 0  # whose job was the last
        self._clean_at = time.monotonic() + _FIRST_CLEAN_S
        self._often_at = 0.0

    def run(self) -> NoReturn:
        """Until SIGTERM."""
        failures = Failures(log, "no job can be done: ")
        while True:
            try:
                close_old_connections()
                idle = not self._do_one()
                self._clean_now_and_then()
                failures.well()
            except StorageError as error:
                failures.failed(error)
                time.sleep(_AGAIN_S)
                continue
            if idle:
                bell.wait()

    def _do_one(self) -> bool:
        """Whether there was one. Raises StorageError where the database is away: its lease ends by
        itself."""
        job = services.take(self._makers, self._served)
        if job is None:
            return False
        self._served = job.whose
        try:
            self._attempt(job)
        except SystemExit:
            with suppress(StorageError):
                services.give_back(job)
            raise
        except StoreError as error:
            _put_off(job, Trouble.STORE, error)
            time.sleep(_AGAIN_S)  # the next would fare no better
        except StorageError:
            raise
        except LateError as error:
            _put_off(job, Trouble.LATE, error)
        except Exception as error:
            log.exception("%s %s", job.kind, job.name)
            _put_off(job, Trouble.FAILED, error)
        return True

    def _attempt(self, job: Job) -> None:
        began = time.monotonic()
        work = self._kinds[job.kind].begin(job)
        if work is None:
            return
        close_database()  # a copy of this process must not have its connection
        made = made_in_child(work.make, self._seconds, lambda: _hold_on(job))
        work.keep(made)
        took = time.monotonic() - began
        log.info("%s %s: made in %.2f s, %d bytes", job.kind, job.name, took, len(made))

    def _clean_now_and_then(self) -> None:
        now = time.monotonic()
        if now >= self._clean_at:
            self._clean_at = now + _CLEAN_S
            cleans = [kind.clean for kind in self._kinds.values()]
            for keep in (services.forget_old, *cleans, *self._housekeeping):
                close_old_connections()
                try:
                    _kept(keep)
                except StorageError as error:  # the next may need neither database nor store
                    log.warning("housekeeping: %s", error)
        if now >= self._often_at:
            self._often_at = now + _OFTEN_S
            for keep in self._often:
                _kept(keep)


def _kept(keep: Callable[[], None]) -> None:
    """Raises StorageError."""
    try:
        keep()
    except StorageError:
        raise
    except Exception:  # the jobs go on, and so does what else is kept in order
        log.exception("housekeeping")


def _hold_on(job: Job) -> None:
    with suppress(StorageError):  # then another may do it, too; its result is the same
        close_old_connections()
        services.hold_on(job)


def _put_off(job: Job, trouble: Trouble, error: Exception) -> None:
    given_up = services.put_off(job, trouble)
    what = "given up" if given_up else "put off"
    log.error("%s %s: %s after attempt %d: %s", job.kind, job.name, what, job.attempts, error)
