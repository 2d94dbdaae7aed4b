"""A TCG Opal security subsystem for an emulated NVMe drive: as much of it as the kernel's sed-opal
speaks to find it and to revert it by PSID (TCG Storage Architecture Core 2.01, Opal SSC 2.01).

    config = NvmeConfig(oacs=Oacs.FORMAT | SECURITY)
    with opal_drive(config, Tper()) as (drive, tper):
        tper.locked = True      # reads and writes fail
        drive.node              # IOC_OPAL_PSID_REVERT_TPR with tper.psid opens and scrambles it
"""

from __future__ import annotations

import contextlib
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from lab.nvme.attached import NvmeDrive
from lab.nvme.codes import Oacs
from lab.nvme.config import NvmeConfig
from lab.nvme.wire import Answer, Sqe

SECURITY = Oacs(1 << 0)  # Base 5.17, OACS bit 0: Security Send and Security Receive
SEND, RECEIVE = 0x81, 0x82
PSID = "REPRISELAB0123456789ABCDEFGHJKLM"
_COMID = 0x1000
_HSN, _TSN = 0x41, 0x1001
_SMUID, _ADMIN_SP = "00000000000000ff", "0000020500000001"
_START_SESSION, _SYNC_SESSION = "000000000000ff02", "000000000000ff03"
_REVERT, _PSID_AUTHORITY = "0000000600000202", "000000090001ff01"
_NOT_AUTHORIZED, _LOCKED_OUT, _INVALID = 0x01, 0x12, 0x0C
_CALL, _START_LIST, _END_LIST, _END_OF_DATA = 0xF8, 0xF0, 0xF1, 0xF9
TRIES = 5


def atoms(tokens: bytes) -> list[bytes | int]:
    """Byte strings as bytes, integers and control tokens as int (tiny, short and medium atoms)."""
    found: list[bytes | int] = []
    at = 0
    while at < len(tokens):
        first = tokens[at]
        if first < 0x80 or first >= 0xE0:
            found.append(first)
            at += 1
            continue
        head, size = (1, first & 0xF) if first < 0xC0 else (2, (first & 7) << 8 | tokens[at + 1])
        value = tokens[at + head : at + head + size]
        is_bytes = bool(first & (0x20 if first < 0xC0 else 0x10))
        found.append(value if is_bytes else int.from_bytes(value, "big"))
        at += head + size
    return found


def _bytes(text: str) -> bytes:
    raw = bytes.fromhex(text)
    return bytes((0xA0 | len(raw),)) + raw


def _number(value: int) -> bytes:
    raw = value.to_bytes(2, "big")
    return bytes((0x80 | len(raw),)) + raw


def _status(code: int) -> bytes:
    return bytes((_END_OF_DATA, _START_LIST, code, 0, 0, _END_LIST))


def packet(tokens: bytes, tsn: int = 0) -> bytes:
    """ComPacket, Packet and Data Subpacket around `tokens` (Core 3.2.3)."""
    padded = tokens + bytes(-len(tokens) % 4)
    sub = struct.pack(">6xHI", 0, len(tokens)) + padded
    pkt = struct.pack(">IIIHHII", tsn, _HSN, 0, 0, 0, 0, len(sub)) + sub
    return struct.pack(">IHHIII", 0, _COMID, 0, 0, 1, len(pkt)) + pkt


@dataclass
class Tper:
    """`enabled`: its locking is activated (a locked one's always is); `encrypts`: the media
    encryption bit; `lies`: a revert succeeds and keeps every byte."""

    psid: str = PSID
    enabled: bool = False
    encrypts: bool = True
    lies: bool = False
    tries_left: int = TRIES
    reverts: int = 0
    sessions: list[int] = field(default_factory=list)  # status of each StartSession
    _locked: bool = False
    _in_session: bool = False
    _reply: bytes = b""
    _drive: NvmeDrive | None = None

    @property
    def locked(self) -> bool:
        return self._locked

    @locked.setter
    def locked(self, locked: bool) -> None:
        """A locked range: every block gives an error."""
        assert self._drive is not None
        self._locked = locked
        for one in self._drive.subsystem.namespaces.values():
            one.unreadable = set(range(one.sectors)) if locked else set()

    def plug(self, drive: NvmeDrive) -> None:
        self._drive = drive
        drive.subsystem.more |= {SEND: self._send, RECEIVE: self._receive}

    def _receive(self, sqe: Sqe, data: bytes) -> Answer:
        protocol, comid, size = sqe.cdw[10] >> 24, sqe.cdw[10] >> 8 & 0xFFFF, sqe.cdw[11]
        if (protocol, comid) == (0x01, 0x0001):
            return Answer(data=self.discovery().ljust(size, b"\0")[:size])
        if (protocol, comid) != (0x01, _COMID):
            return Answer(data=bytes(size))
        reply, self._reply = self._reply, b""
        return Answer(data=reply.ljust(size, b"\0")[:size])

    def _send(self, sqe: Sqe, data: bytes) -> Answer:
        if sqe.cdw[10] >> 24 == 0x01:
            (size,) = struct.unpack_from(">I", data, 52)
            self._reply = self._method(atoms(data[56 : 56 + size]))
        return Answer()

    def discovery(self) -> bytes:
        """Level 0 Discovery: TPer (synchronous), Locking, Opal 2.0."""
        enabled = self.enabled or self._locked
        bits = 0b001 | enabled << 1 | self._locked << 2 | self.encrypts << 3
        features = [
            struct.pack(">HBBB11x", 0x0001, 0x10, 12, 0x11),
            struct.pack(">HBBB11x", 0x0002, 0x10, 12, bits),
            struct.pack(">HBBHHBHHBB5x", 0x0203, 0x10, 16, _COMID, 1, 0, 4, 9, 0, 0),
        ]
        body = bytes(44) + b"".join(features)
        return struct.pack(">I", len(body)) + body

    def _method(self, said: list[bytes | int]) -> bytes:
        if said[:3] == [_CALL, bytes.fromhex(_SMUID), bytes.fromhex(_START_SESSION)]:
            return self._start_session(said)
        if said[:3] == [_CALL, bytes.fromhex(_ADMIN_SP), bytes.fromhex(_REVERT)]:
            return self._revert()
        return packet(bytes((_START_LIST, _END_LIST)) + _status(_INVALID))

    def _start_session(self, said: list[bytes | int]) -> bytes:
        status = self._authenticate(said)
        self.sessions.append(status)
        self._in_session = not status
        numbers = _number(_HSN) + _number(_TSN) if not status else b""
        call = bytes((_CALL,)) + _bytes(_SMUID) + _bytes(_SYNC_SESSION)
        return packet(
            call + bytes((_START_LIST,)) + numbers + bytes((_END_LIST,)) + _status(status)
        )

    def _authenticate(self, said: list[bytes | int]) -> int:
        if bytes.fromhex(_PSID_AUTHORITY) not in said:
            return _NOT_AUTHORIZED
        if not self.tries_left:
            return _LOCKED_OUT
        if self.psid.encode() in said:
            self.tries_left = TRIES
            return 0
        self.tries_left -= 1
        return _NOT_AUTHORIZED

    def _revert(self) -> bytes:
        if not self._in_session:
            return packet(bytes((_START_LIST, _END_LIST)) + _status(_NOT_AUTHORIZED))
        self.reverts += 1
        self._in_session = False
        self.locked = False
        assert self._drive is not None
        if not self.lies:
            for media in self._drive.subsystem.all_media():
                media.crypto_scramble()
        return packet(bytes((_START_LIST, _END_LIST)) + _status(0), _TSN)


@contextlib.contextmanager
def opal_drive(config: NvmeConfig, tper: Tper) -> Iterator[tuple[NvmeDrive, Tper]]:
    """As nvme_drive; the kernel asks for Level 0 Discovery while it connects."""
    drive = NvmeDrive(config)
    tper.plug(drive)
    try:
        drive.connect()
        yield drive, tper
    finally:
        drive.disconnect()
