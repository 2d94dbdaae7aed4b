"""The I/O commands (NVM 3)."""

from __future__ import annotations

import struct

from lab.nvme.codes import ALL_NAMESPACES, DO_NOT_RETRY, Io, Status
from lab.nvme.subsystem import SECTOR, Namespace, Subsystem
from lab.nvme.wire import Answer, Sqe

_DEALLOCATE = 1 << 2  # NVM 3.2.3, Dataset Management, CDW11 bit 02
_WRITES = (Io.WRITE, Io.WRITE_ZEROES, Io.DATASET_MANAGEMENT)


def fail(status: Status) -> Answer:
    return Answer(status | DO_NOT_RETRY)


def _closed(subsystem: Subsystem, one: Namespace, opcode: int) -> Status | None:
    if subsystem.sanitizing.running:
        return Status.SANITIZE_IN_PROGRESS
    if subsystem.sanitizing.in_failure:
        return Status.SANITIZE_FAILED
    if one.formatting:
        return Status.FORMAT_IN_PROGRESS
    if one.write_protected and opcode in _WRITES:
        return Status.NAMESPACE_WRITE_PROTECTED
    return None


def run_io(subsystem: Subsystem, sqe: Sqe, data: bytes) -> Answer:
    subsystem.settle()
    with subsystem.lock:
        subsystem.io[sqe.opcode] += 1
        if sqe.opcode == Io.FLUSH and sqe.nsid == ALL_NAMESPACES:
            return Answer()
        one = subsystem.attached(sqe.nsid)
        if one is None:
            return fail(Status.INVALID_NAMESPACE)
        closed = _closed(subsystem, one, sqe.opcode)
        if closed is not None:
            return fail(closed)
        if sqe.opcode == Io.FLUSH:
            return Answer()
        if sqe.opcode == Io.DATASET_MANAGEMENT:
            return _dataset(one, sqe, data)
        return _transfer(subsystem, one, sqe, data)


def _span(one: Namespace, lba: int, count: int) -> tuple[int, int] | None:
    """In sectors of the medium; None past the end."""
    if lba + count > one.sectors:
        return None
    each = one.sector_bytes // SECTOR
    return lba * each, count * each


def _transfer(subsystem: Subsystem, one: Namespace, sqe: Sqe, data: bytes) -> Answer:
    lba, count = sqe.cdw[10] | sqe.cdw[11] << 32, (sqe.cdw[12] & 0xFFFF) + 1
    span = _span(one, lba, count)
    if span is None:
        return fail(Status.LBA_OUT_OF_RANGE)
    bad = any(lba <= place < lba + count for place in one.unreadable)
    if sqe.opcode == Io.READ:
        if bad:
            subsystem.media_errors += 1
            return fail(Status.UNRECOVERED_READ_ERROR)
        return Answer(data=one.media.read(*span))
    if sqe.opcode not in (Io.WRITE, Io.WRITE_ZEROES):
        return fail(Status.INVALID_OPCODE)
    if bad:
        return fail(Status.WRITE_FAULT)
    subsystem.sanitizing.globally_erased = False
    one.media.write(span[0], data if sqe.opcode == Io.WRITE else bytes(span[1] * SECTOR))
    return Answer()


def _dataset(one: Namespace, sqe: Sqe, data: bytes) -> Answer:
    """Ranges of 16 bytes: attributes, length, first LBA."""
    if not sqe.cdw[11] & _DEALLOCATE:
        return Answer()
    for index in range((sqe.cdw[10] & 0xFF) + 1):
        _attributes, count, lba = struct.unpack_from("<IIQ", data, index * 16)
        span = _span(one, lba, count)
        if span is None:
            return fail(Status.LBA_OUT_OF_RANGE)
        one.media.deallocate(*span)
    return Answer()
