"""Handing in a report, over HTTP: PUT /api/v1/reports/<report id>."""

from __future__ import annotations

import asyncio
import contextvars
import logging
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from django.db import close_old_connections

from reprise import codec
from reprise.errors import StorageError
from reprise.server.database_errors import FullError
from reprise.server.front.body import DISCARD_BYTES, Body, Receive, limit_text
from reprise.server.front.budget import Budget
from reprise.server.front.replies import Reply, Scope, header, problem_reply
from reprise.server.front.writer import Writer
from reprise.server.logs import told
from reprise.server.problems import Problem, ProblemError, ProblemKind
from reprise.server.quarantine.services import check_or_keep
from reprise.server.reports.intake import (
    JOSE,
    Answer,
    answer_of,
    checked_id,
    is_canonical,
    known_sender,
)
from reprise.server.reports.storing import Checked
from reprise.server.stations.services import Station, count_stations

log = logging.getLogger("reprise.server")
_LEAST_BUDGET = 64 * 1024 * 1024  # bytes of reports that are held at one moment
_GRACE_S = 10.0  # where there is no room, who is behind the pace for so long makes some
_CHECKERS = 4
_SENDER_S = 2.0  # what is known of a sender is not asked for again
_MOST_SENDERS = 256
P = ParamSpec("P")
T = TypeVar("T")


async def in_thread(pool: Executor, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Work that asks the database, in the language of this request."""

    def run() -> T:
        close_old_connections()
        return context.run(work, *args, **kwargs)

    context = contextvars.copy_context()
    return await asyncio.get_running_loop().run_in_executor(pool, run)


class Intake:
    """To be made in the event loop that it serves."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        most = max(_LEAST_BUDGET, 4 * limit)
        self._budget = Budget(most, most // 4, _GRACE_S)
        self._checkers = ThreadPoolExecutor(_CHECKERS, "checker")
        self._writer = Writer()
        self._senders: dict[bytes, tuple[Station, float]] = {}  # by the head of what they send

    def wait_until_open(self) -> None:
        self._writer.wait_until_open()

    def check(self) -> None:
        """Raises StorageError where no report can be taken."""
        self._writer.check()
        count_stations()

    async def try_to_write(self) -> None:
        """Raises StorageError where the database takes no report; ProblemError where too many
        wait."""
        await self._writer.try_to_write()

    def held(self) -> tuple[int, int, int]:
        """(reports that wait for the disk, bytes that come in, how many there may be)."""
        return self._writer.waiting, *self._budget.held

    def stop(self) -> None:
        self._checkers.shutdown()
        self._writer.stop()

    async def put(self, report_id: str, scope: Scope, receive: Receive) -> tuple[Reply, str]:
        """The answer, and in a word what became of the report."""
        try:
            status, receipt = await self._take(report_id, scope, receive)
        except ProblemError as error:
            return _refused(report_id, error.problem)
        except FullError as error:
            log.warning("report not stored: %s", error.what)
            return _refused(report_id, Problem(ProblemKind.NO_ROOM))
        except StorageError as error:
            log.warning("report not stored: %s", error.what)
            return _refused(report_id, Problem(ProblemKind.STORAGE))
        word = "stored" if status == 201 else "known"
        facts = told("report", report_id=report_id, result=word, sha256=receipt.sha256)
        log.info("report %s: %d", report_id, status, extra=facts)
        headers = {"Location": f"/reports/{report_id}", "Content-Type": "application/json"}
        return Reply(status, codec.to_json(receipt), headers), word

    async def _take(self, report_id: str, scope: Scope, receive: Receive) -> Answer:
        _check_length(scope, self._limit)
        async with Body(receive, self._limit, self._budget) as body:
            try:
                _check_headers(scope)
                checked_id(report_id)
                sender = await self._sender(await body.head())
                data = await body.all(sender.kid)
                checked = await in_thread(self._checkers, check_or_keep, report_id, data, sender)
            except (ProblemError, StorageError):
                await body.throw_away()
                raise
            if not isinstance(checked, Checked):
                return checked
            return answer_of(*await self._writer.put(checked))

    async def _sender(self, head: bytes) -> Station:
        """As known_sender says, or said a moment ago: whether its key still signs is asked again
        where its report is stored."""
        now = asyncio.get_running_loop().time()
        sender, until = self._senders.get(head, (None, 0.0))
        if sender is None or sender.is_closed or until < now:
            sender = await in_thread(self._checkers, known_sender, head)
            if len(self._senders) >= _MOST_SENDERS:
                self._senders.clear()
            self._senders[head] = sender, now + _SENDER_S
        return sender


def _refused(report_id: str, problem: Problem) -> tuple[Reply, str]:
    """What the sender wrote stays out of the log, but for a report's number. It reads the rest in
    its answer."""
    word = problem.kind.value
    named = report_id if is_canonical(report_id) else None
    log.warning(
        "report refused", extra=told("report", report_id=named, result=word, key=problem.key)
    )
    return problem_reply(problem), word


def _check_length(scope: Scope, limit: int) -> None:
    """Raises ProblemError of what is so long that nobody waits for its end."""
    length = header(scope, "content-length")
    if length.isdecimal() and int(length) > limit + DISCARD_BYTES:
        raise ProblemError(ProblemKind.TOO_LARGE, limit_text(limit))


def _check_headers(scope: Scope) -> None:
    kind = header(scope, "content-type").partition(";")[0].strip().lower()
    packed = (header(scope, "content-encoding") or "identity").strip().lower()
    if kind != JOSE or packed != "identity":
        raise ProblemError(ProblemKind.WRONG_MEDIA_TYPE)
