"""A small NVMe/TCP host: it speaks to the target without a kernel."""

from __future__ import annotations

import socket
import struct
from dataclasses import dataclass

from lab.nvme.codes import ALL_NAMESPACES, Admin
from lab.nvme.wire import receive


@dataclass
class Completion:
    status: int
    result: int
    data: bytes


class Host:
    """One queue of a host. In-capsule data only where `in_capsule`."""

    def __init__(self, port: int, nqn: str, qid: int = 0) -> None:
        self.plug = socket.create_connection(("127.0.0.1", port), timeout=10)
        self.cid = 0
        self.plug.sendall(
            struct.pack("<BBBBIHBBI", 0, 0, 128, 0, 128, 0, 0, 0, 0).ljust(128, b"\0")
        )
        assert receive(self.plug, 128)[0] == 0x01
        data = bytearray(1024)
        data[256 : 256 + len(nqn)] = nqn.encode()
        connected = self.fabrics(0x01, struct.pack("<HHH", 0, qid, 31), bytes(data))
        self.connected = connected.status

    def _sqe(self, opcode: int, nsid: int, rest: bytes, sent: int, sgl: int) -> bytes:
        self.cid += 1
        head = struct.pack("<BBHI16xQII", opcode, 0x40, self.cid, nsid, 0, sent, sgl << 24)
        return (head + rest).ljust(64, b"\0")

    def _capsule(self, sqe: bytes, data: bytes) -> None:
        offset = 72 if data else 0
        self.plug.sendall(struct.pack("<BBBBI", 4, 0, 72, offset, 72 + len(data)) + sqe + data)

    def fabrics(self, kind: int, rest: bytes, data: bytes = b"") -> Completion:
        self._capsule(self._sqe(0x7F, kind, rest, len(data), 0x01), data)
        return self.completion()

    def send(
        self, opcode: int, nsid: int = 0, *cdw: int, data: bytes = b"", wants: int = 0
    ) -> None:
        self._capsule(
            self._sqe(opcode, nsid, struct.pack(f"<{len(cdw)}I", *cdw), wants, 0x5A), data
        )

    def run(
        self, opcode: int, nsid: int = 0, *cdw: int, data: bytes = b"", wants: int = 0
    ) -> Completion:
        self.send(opcode, nsid, *cdw, wants=wants or len(data))
        return self.completion(data)

    def completion(self, data: bytes = b"") -> Completion:
        """Feeds R2T with `data` in two parts."""
        got = b""
        while True:
            kind, _f, header, _o, total = struct.unpack("<BBBBI", receive(self.plug, 8))
            body = receive(self.plug, total - 8)
            if kind == 0x07:
                got += body[header - 8 :]
            elif kind == 0x09:
                cid, tag, _at, size = struct.unpack_from("<HHII", body)
                for at, part in ((0, data[: size // 2]), (size // 2, data[size // 2 : size])):
                    head = struct.pack("<BBBBI", 6, 4, 24, 24, 24 + len(part))
                    words = struct.pack("<HHIII", cid, tag, at, len(part), 0)
                    self.plug.sendall(head + words + part)
            else:
                assert kind == 0x05
                result, _hd, _id, _cid, status = struct.unpack("<QHHHH", body)
                return Completion(status >> 1 & ~0x4000, result, got)

    def log(self, page: int, size: int = 512) -> bytes:
        return self.run(
            Admin.GET_LOG_PAGE, ALL_NAMESPACES, page | (size // 4 - 1) << 16, wants=size
        ).data

    def sanitize_log(self) -> tuple[int, int, int]:
        """SPROG, SSTAT bits 2:0, SCDW10."""
        sprog, sstat, cdw10 = struct.unpack_from("<HHI", self.log(0x81))
        return sprog, sstat & 7, cdw10
