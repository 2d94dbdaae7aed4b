"""Queue entries and PDUs, both ways (Base 3.3.3; NVMe/TCP Transport 1.0, 3.6)."""

from __future__ import annotations

import enum
import socket
import struct
from dataclasses import dataclass

from lab.nvme.codes import Admin


class Pdu(enum.IntEnum):
    """NVMe/TCP 1.0, 3.6.1, PDU types."""

    IC_REQ = 0x00
    IC_RESP = 0x01
    H2C_TERM = 0x02
    C2H_TERM = 0x03
    COMMAND = 0x04
    RESPONSE = 0x05
    H2C_DATA = 0x06
    C2H_DATA = 0x07
    R2T = 0x09


HEADER_BYTES = 8
LAST = 1 << 2  # flag of a data PDU
MAX_H2C_BYTES = 1024 * 1024


@dataclass(frozen=True)
class Sqe:
    """A submission queue entry. `cdw`: dwords 0 to 15; `sgl_bytes`: length in the SGL."""

    opcode: int
    cid: int
    nsid: int
    cdw: tuple[int, ...]
    sgl_bytes: int
    raw: bytes

    @classmethod
    def read(cls, raw: bytes) -> Sqe:
        cdw = struct.unpack("<16I", raw)
        return cls(cdw[0] & 0xFF, cdw[0] >> 16, cdw[1], cdw, cdw[8], raw)

    @property
    def fabrics_type(self) -> int:
        return self.raw[4]

    @property
    def sends_data(self) -> bool:
        """Bits 1:0 of the opcode (of the fabrics type) say which way data goes: 01b to us."""
        kind = self.fabrics_type if self.opcode == Admin.FABRICS else self.opcode
        return kind & 3 == 1 and self.sgl_bytes > 0


@dataclass(frozen=True)
class Answer:
    """`status`: SCT << 8 | SC, DNR in bit 14. `result`: dwords 0 and 1 of the completion."""

    status: int = 0
    result: int = 0
    data: bytes = b""


def receive(plug: socket.socket, size: int) -> bytes:
    """Exactly so many bytes. Raises ConnectionError at the end of the stream."""
    parts: list[bytes] = []
    while size:
        part = plug.recv(min(size, 1 << 20))
        if not part:
            raise ConnectionError("the host has hung up")
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def read_pdu(plug: socket.socket) -> tuple[int, int, bytes, bytes]:
    """Type, flags, the rest of the header, the data."""
    kind, flags, header_bytes, offset, total = struct.unpack("<BBBBI", receive(plug, HEADER_BYTES))
    rest = receive(plug, total - HEADER_BYTES)
    cut = header_bytes - HEADER_BYTES
    return kind, flags, rest[:cut], rest[max(cut, offset - HEADER_BYTES) :] if offset else b""


def pdu(kind: Pdu, header: bytes, data: bytes = b"", flags: int = 0) -> bytes:
    size = HEADER_BYTES + len(header)
    offset = size if data else 0
    return struct.pack("<BBBBI", kind, flags, size, offset, size + len(data)) + header + data


def ic_resp() -> bytes:
    """Version 1.0, no alignment, no digests."""
    return pdu(Pdu.IC_RESP, struct.pack("<HBBI", 0, 0, 0, MAX_H2C_BYTES).ljust(120, b"\0"))


def response(cid: int, answer: Answer, head: int) -> bytes:
    cqe = struct.pack("<QHHHH", answer.result, head, 0, cid, answer.status << 1)
    return pdu(Pdu.RESPONSE, cqe)


def c2h_data(cid: int, data: bytes) -> bytes:
    return pdu(Pdu.C2H_DATA, struct.pack("<HHIII", cid, 0, 0, len(data), 0), data, LAST)


def r2t(cid: int, size: int) -> bytes:
    """The transfer tag is the command's own identifier."""
    return pdu(Pdu.R2T, struct.pack("<HHIII", cid, cid, 0, size, 0))
