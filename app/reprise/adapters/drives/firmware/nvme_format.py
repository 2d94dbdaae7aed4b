"""Procedure: NVMe Format NVM with a secure erase setting."""

from __future__ import annotations

import errno
import threading
from collections.abc import Generator

from reprise.adapters.drives.blockio import BlockFile
from reprise.adapters.drives.firmware.nvme_session import (
    NvmeSession,
    another_controller,
    check_planned,
)
from reprise.adapters.drives.passthrough.nvme_admin import Answer, KernelNvmeAdmin, NvmeAdmin
from reprise.adapters.drives.surface.meter import Meter
from reprise.adapters.drives.surface.record import Record
from reprise.domain.planning.policy import Policy
from reprise.domain.report.events import ObservationKind, Update
from reprise.errors import ToolError
from reprise.ports import Job, StopFlag
from reprise.wire.nvme import (
    ALL_NAMESPACES,
    AdminCommand,
    Controller,
    identify_controller,
    identify_namespace,
    parse_controller,
)
from reprise.wire.nvme_erase import LbaFormat, format_nvm, parse_lba_format
from reprise.wire.nvme_status import Meaning, meaning

_ASK_MS = 60_000
_TICK_S = 0.25
# One format at a time on a controller, by its serial number: it may refuse a second one while it
# works (NVM Express Base 2.0, status Format in Progress).
_TURNS: dict[str, threading.Lock] = {}
# a controller whose formats reach everything may want to be told so
_WANTS_BROADCAST = (Meaning.INVALID_NAMESPACE, Meaning.INVALID_FIELD)


class NvmeFormat:
    """Implements firmware.witnessed.Procedure for both secure erase settings.

    The sectors keep their size, metadata and protection. The command ends when the drive has
    erased itself: there is no status to ask for, and nothing to re-attach to.
    """

    def __init__(self, policy: Policy, admin: NvmeAdmin | None = None) -> None:
        self._timeout_ms = policy.nvme_format_timeout_s * 1000
        self._admin = admin or KernelNvmeAdmin()

    def check(self, device: BlockFile, job: Job) -> None:
        """See Procedure."""
        check_planned(self._admin, device, job, format_=True)

    def run(
        self, device: BlockFile, job: Job, record: Record, stop: StopFlag
    ) -> Generator[Update, None, bool]:
        """See Procedure."""
        meter = Meter(record.drive, record.phase, 0)
        session = NvmeSession(self._admin, device, record, stop, meter)
        namespace_id = self._admin.namespace_id(device)
        facts = yield from self._facts(session, namespace_id, record)
        if facts is None:
            return False
        controller, lba_format = facts
        if another_controller(controller, job):
            yield record.observe(
                ObservationKind.IDENTITY_CHANGED, fact="serial", found=controller.serial
            )
            return False
        command = format_nvm(namespace_id, lba_format, job.attempt.technique)
        answer = yield from self._in_turn(session, controller, command)
        if _to_all(answer, controller):
            command = format_nvm(ALL_NAMESPACES, lba_format, job.attempt.technique)
            answer = yield from self._in_turn(session, controller, command)
        if isinstance(answer, OSError) or not answer.ok:
            yield self._not_done(session, command, answer, record)
            return False
        took_s = round(answer.duration_s, 3)
        yield record.observe(ObservationKind.COMMAND_ACCEPTED, command=command.name)
        yield record.observe(
            ObservationKind.COMMAND_FINISHED, command=command.name, duration_s=took_s
        )
        return True

    def _in_turn(
        self, session: NvmeSession, controller: Controller, command: AdminCommand
    ) -> Generator[Update, None, Answer | OSError]:
        """Waits until no other namespace of this controller is being formatted by us."""
        turn = _TURNS.setdefault(controller.serial, threading.Lock())
        while not turn.acquire(timeout=_TICK_S):
            session.check_stop()
            yield from session.meter.same()
        try:
            return (yield from session.run(command, self._timeout_ms))
        finally:
            turn.release()

    def _facts(
        self, session: NvmeSession, namespace_id: int, record: Record
    ) -> Generator[Update, None, tuple[Controller, LbaFormat] | None]:
        """What the command must be made of, asked now."""
        answers: list[bytes] = []
        for command in (identify_controller(), identify_namespace(namespace_id)):
            answer = yield from session.run(command, _ASK_MS)
            if isinstance(answer, OSError) or not answer.ok:
                yield session.failed(command, answer)
                return None
            answers.append(answer.data)
        try:
            return parse_controller(answers[0]), parse_lba_format(answers[1])
        except ToolError as error:
            yield record.observe(
                ObservationKind.COMMAND_FAILED, command="Identify", error=str(error)
            )
            return None

    def _not_done(
        self,
        session: NvmeSession,
        command: AdminCommand,
        answer: Answer | OSError,
        record: Record,
    ) -> Update:
        if not self._timed_out(session, answer):
            return session.failed(command, answer)
        return record.observe(
            ObservationKind.COMMAND_HUNG, command=command.name, seconds=round(session.took_s)
        )

    def _timed_out(self, session: NvmeSession, answer: Answer | OSError) -> bool:
        """The kernel gave the command up (EINTR, or an abort); whether the drive still works on
        it is not known."""
        if isinstance(answer, OSError):
            aborted = answer.errno in (errno.EINTR, errno.ETIMEDOUT)
        else:
            aborted = meaning(answer.status) in (Meaning.HOST_ABORTED, Meaning.ABORTED)
        return aborted and session.took_s * 1000 >= 0.9 * self._timeout_ms


def _to_all(answer: Answer | OSError, controller: Controller) -> bool:
    """Whether to try NSID FFFFFFFFh: refused for the one namespace, and the drive says that a
    format reaches all of them. That there is then but one was checked before."""
    return (
        isinstance(answer, Answer)
        and meaning(answer.status) in _WANTS_BROADCAST
        and controller.format_reaches_all
        and controller.takes_broadcast
    )
