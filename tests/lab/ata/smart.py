"""SMART (ACS-3 7.48, and the attribute tables of SFF-8035i that every tool reads)."""

from __future__ import annotations

import struct

from lab.ata.config import Smart as Setup
from lab.ata.registers import ABORTED, DONE, Outcome, Taskfile

SIGNATURE = 0xC24F  # LBA(23:8) of every SMART command
EXCEEDED = 0x2CF4  # LBA(23:8) of RETURN STATUS: a threshold was exceeded
READ_DATA, READ_THRESHOLDS, AUTOSAVE, OFFLINE, READ_LOG = 0xD0, 0xD1, 0xD2, 0xD4, 0xD5
ENABLE, DISABLE, RETURN_STATUS = 0xD8, 0xD9, 0xDA
_PREFAIL = {5}
_THRESHOLDS = {5: 36}


def _summed(raw: bytes) -> bytes:
    """512 bytes whose sum is 0 modulo 256."""
    raw = raw.ljust(511, b"\0")
    return raw + bytes([-sum(raw) & 0xFF])


class Smart:
    def __init__(self, setup: Setup) -> None:
        self._setup = setup

    def execute(self, tf: Taskfile) -> Outcome:
        if tf.lba >> 8 & 0xFFFF != SIGNATURE:
            return ABORTED
        todo = {
            READ_DATA: self._data,
            READ_THRESHOLDS: self._thresholds,
            READ_LOG: lambda: self._log(tf.lba & 0xFF),
            RETURN_STATUS: self._status,
        }.get(tf.feature & 0xFF)
        if todo:
            return todo()
        return DONE if tf.feature & 0xFF in (AUTOSAVE, OFFLINE, ENABLE, DISABLE) else ABORTED

    def _status(self) -> Outcome:
        return Outcome(lba=(EXCEEDED if self._setup.failing else SIGNATURE) << 8)

    def _data(self) -> Outcome:
        out = struct.pack("<H", 16)
        for number, raw in self._setup.raw.items():
            flags = 0x33 if number in _PREFAIL else 0x32
            failing = self._setup.failing and number in _PREFAIL
            value = 1 if failing else 100
            out += struct.pack("<BHBB", number, flags, value, value)
            out += raw.to_bytes(6, "little") + b"\0"
        out = out.ljust(362, b"\0")
        # Offline never started; self-test passed; 600 s; self-test and autosave capabilities.
        out += struct.pack("<BBHBBHBBBB", 0, 0, 600, 0, 0x5B, 3, 1, 0, 2, 10)
        return Outcome(data=_summed(out))

    def _thresholds(self) -> Outcome:
        out = struct.pack("<H", 16)
        for number in self._setup.raw:
            out += struct.pack("<BB10x", number, _THRESHOLDS.get(number, 0))
        return Outcome(data=_summed(out))

    @staticmethod
    def _log(address: int) -> Outcome:
        """The directory, an empty error log and an empty self-test log."""
        if address == 0x00:
            return Outcome(data=struct.pack("<H", 1) + _directory())
        if address == 0x01:
            return Outcome(data=_summed(b"\1"))
        if address == 0x06:
            return Outcome(data=_summed(b"\1\0"))
        return ABORTED


def _directory() -> bytes:
    """Words 1 to 255: how many 512-byte pages each log has."""
    return b"".join(struct.pack("<H", 1 if log in (0x01, 0x06) else 0) for log in range(1, 256))
