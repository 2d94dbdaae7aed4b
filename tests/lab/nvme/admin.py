"""The admin commands (Base 5)."""

from __future__ import annotations

import struct
import threading

from lab.media import Media
from lab.nvme.codes import (
    ALL_NAMESPACES,
    ALLOWED_WHILE_SANITIZING,
    DO_NOT_RETRY,
    NAMESPACE_CHANGED_EVENT,
    Admin,
    Oacs,
    Status,
)
from lab.nvme.config import LBA_FORMATS
from lab.nvme.format import run_format, run_sanitize
from lab.nvme.identify import CONTROLLER_ID, MAX_NAMESPACES, identify
from lab.nvme.logs import log_page
from lab.nvme.nvm import fail
from lab.nvme.subsystem import SECTOR, Command, Namespace, Subsystem
from lab.nvme.wire import Answer, Sqe

_QUEUES, _KEEP_ALIVE_TIMER, _WRITE_PROTECT = 0x07, 0x0F, 0x84
# Features that a host sets and reads back (Base 5.27.1): arbitration, power, temperature, error
# recovery, write cache, event configuration, host identifier.
_FEATURES = frozenset((0x01, 0x02, 0x04, 0x05, 0x06, 0x0B, _KEEP_ALIVE_TIMER, 0x81))
_UNRECORDED = (Admin.KEEP_ALIVE, Admin.ABORT)


def run_admin(subsystem: Subsystem, sqe: Sqe, data: bytes) -> Answer | None:
    """None: the power went, there is no answer. Never called for event requests."""
    subsystem.settle()
    if not subsystem.stays_on(subsystem.hang.get(sqe.opcode, 0.0)):
        return None
    answer = _answer(subsystem, sqe, data)
    if sqe.opcode not in _UNRECORDED and answer is not None:
        status = answer.status & ~DO_NOT_RETRY
        cdw = sqe.cdw
        seen = Command(sqe.opcode, sqe.nsid, cdw[10], cdw[11], status, subsystem.clock())
        subsystem.commands.append(seen)
    return answer


def _answer(subsystem: Subsystem, sqe: Sqe, data: bytes) -> Answer | None:
    refused = subsystem.refuse.get(sqe.opcode)
    if refused is not None:
        return Answer(refused)
    closed = _closed(subsystem, sqe)
    if closed is not None:
        return fail(closed)
    if sqe.opcode == Admin.FORMAT_NVM:
        return run_format(subsystem, sqe)  # takes its time without the lock
    with subsystem.lock:
        return _quick(subsystem, sqe, data)


def _closed(subsystem: Subsystem, sqe: Sqe) -> Status | None:
    if sqe.opcode in ALLOWED_WHILE_SANITIZING:
        return None
    if subsystem.sanitizing.running:
        return Status.SANITIZE_IN_PROGRESS
    if subsystem.sanitizing.in_failure and sqe.opcode != Admin.SANITIZE:
        return Status.SANITIZE_FAILED
    return None


def _quick(subsystem: Subsystem, sqe: Sqe, data: bytes) -> Answer:
    if sqe.opcode in subsystem.more:
        answer: Answer = subsystem.more[sqe.opcode](sqe, data)
        return answer
    if sqe.opcode == Admin.IDENTIFY:
        found = identify(subsystem, sqe.cdw[10] & 0xFF, sqe.nsid)
        return fail(found) if isinstance(found, Status) else Answer(data=found)
    if sqe.opcode == Admin.GET_LOG_PAGE:
        return _log(subsystem, sqe)
    if sqe.opcode in (Admin.KEEP_ALIVE, Admin.ABORT):
        return Answer(result=int(sqe.opcode == Admin.ABORT))  # 1: not aborted
    if sqe.opcode == Admin.SANITIZE:
        return run_sanitize(subsystem, sqe)
    if sqe.opcode in (Admin.SET_FEATURES, Admin.GET_FEATURES):
        return _features(subsystem, sqe)
    return _namespaces(subsystem, sqe, data)


def _log(subsystem: Subsystem, sqe: Sqe) -> Answer:
    page = log_page(subsystem, sqe.cdw[10] & 0xFF)
    if isinstance(page, Status):
        return fail(page)
    size = ((sqe.cdw[10] >> 16 | (sqe.cdw[11] & 0xFFFF) << 16) + 1) * 4
    offset = sqe.cdw[12] | sqe.cdw[13] << 32
    return Answer(data=page[offset : offset + size].ljust(size, b"\0"))


def _features(subsystem: Subsystem, sqe: Sqe) -> Answer:
    which, sets = sqe.cdw[10] & 0xFF, sqe.opcode == Admin.SET_FEATURES
    if which == _QUEUES:
        return Answer(result=0x0003_0003)  # four and four, counted from 0
    if which == _WRITE_PROTECT and not sets:
        one = subsystem.attached(sqe.nsid)
        return fail(Status.INVALID_NAMESPACE) if one is None else Answer(result=one.write_protected)
    if which not in _FEATURES:
        return fail(Status.INVALID_FIELD)
    if sets:
        subsystem.features[which] = sqe.cdw[11]
    return Answer(result=0 if sets else subsystem.features.get(which, 0))


def _namespaces(subsystem: Subsystem, sqe: Sqe, data: bytes) -> Answer:
    if not subsystem.config.oacs & Oacs.NAMESPACE_MANAGEMENT:
        return fail(Status.INVALID_OPCODE)
    select = sqe.cdw[10] & 0xF
    if sqe.opcode == Admin.NAMESPACE_MANAGEMENT:
        return _create(subsystem, data) if select == 0 else _delete(subsystem, sqe.nsid)
    if sqe.opcode == Admin.NAMESPACE_ATTACHMENT:
        return _attach(subsystem, sqe.nsid, select == 0, data)
    return fail(Status.INVALID_OPCODE)


def _create(subsystem: Subsystem, data: bytes) -> Answer:
    """Out of the start of the unallocated capacity, with what lies there (Base 5.23)."""
    size, lba_format = struct.unpack_from("<Q", data)[0], data[26] & 0xF
    if lba_format >= len(LBA_FORMATS):
        return fail(Status.INVALID_FORMAT)
    sectors = size * LBA_FORMATS[lba_format] // SECTOR
    pool = subsystem.unallocated
    if not 0 < sectors <= pool.sectors:
        return fail(Status.NAMESPACE_INSUFFICIENT_CAPACITY)
    nsid = next(n for n in range(1, MAX_NAMESPACES + 1) if n not in subsystem.namespaces)
    media = Media(sectors, SECTOR, 2048, "ssd")
    media.write(0, pool.read(0, sectors))
    rest = Media(pool.sectors - sectors, SECTOR, 0, "ssd")
    if rest.sectors:
        rest.write(0, pool.read(sectors, rest.sectors))
    subsystem.unallocated = rest
    subsystem.namespaces[nsid] = Namespace(nsid, media, lba_format, attached=False)
    return Answer(result=nsid)


def _delete(subsystem: Subsystem, nsid: int) -> Answer:
    """What it held stays on the medium, in the unallocated capacity."""
    doomed = list(subsystem.namespaces) if nsid == ALL_NAMESPACES else [nsid]
    if any(one not in subsystem.namespaces for one in doomed):
        return fail(Status.INVALID_NAMESPACE)
    for one in doomed:
        gone, pool = subsystem.namespaces.pop(one).media, subsystem.unallocated
        joined = Media(pool.sectors + gone.sectors, SECTOR, 0, "ssd")
        joined.write(0, pool.read(0, pool.sectors) + gone.read(0, gone.sectors))
        subsystem.unallocated = joined
        if gone.spare:
            orphan = Media(len(gone.spare) // SECTOR, SECTOR, 0, "ssd")
            orphan.write(0, gone.spare)
            subsystem.orphans.append(orphan)
    _tell(subsystem, doomed)
    return Answer()


def _attach(subsystem: Subsystem, nsid: int, attach: bool, data: bytes) -> Answer:
    one = subsystem.namespaces.get(nsid)
    if one is None:
        return fail(Status.INVALID_NAMESPACE)
    if struct.unpack_from("<HH", data) != (1, CONTROLLER_ID):
        return fail(Status.INVALID_FIELD)
    if one.attached == attach:
        already = Status.NAMESPACE_ALREADY_ATTACHED
        return fail(already if attach else Status.NAMESPACE_NOT_ATTACHED)
    one.attached = attach
    _tell(subsystem, [nsid])
    return Answer()


def _tell(subsystem: Subsystem, nsids: list[int]) -> None:
    """The event goes out after the answer to the command that caused it."""
    subsystem.changed += nsids
    threading.Timer(0.05, subsystem.notify, (NAMESPACE_CHANGED_EVENT,)).start()
