"""A direct-access SCSI target: a CDB in, a reply out. ATA (through SAT) and SAS drives build on it.

What is the same for both is here; what stores, erases and fails is behind `Backend`.
"""

from __future__ import annotations

import struct
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from lab.scsi import opcodes, pages
from lab.scsi.sense import (
    Reply,
    ScsiError,
    Sense,
    check,
    invalid_field,
    invalid_opcode,
    out_of_range,
)

Data = bytes | memoryview
Handler = Callable[[bytes, Data], Reply]


class Backend(Protocol):
    """What is behind the target. Each may raise ScsiError."""

    @property
    def about(self) -> pages.About: ...

    @property
    def sectors(self) -> int: ...

    @property
    def sector_bytes(self) -> int: ...

    def read(self, lba: int, count: int) -> bytes: ...

    def write(self, lba: int, data: Data) -> None: ...

    def unmap(self, lba: int, count: int) -> None: ...

    def flush(self) -> None: ...

    def ready(self) -> None:
        """Raises where TEST UNIT READY would not be GOOD."""

    def condition(self) -> Sense:
        """What REQUEST SENSE tells."""


@dataclass(frozen=True)
class Cdb:
    """One command as it arrived, and how it ended. `sense` is key << 16 | ASC << 8 | ASCQ."""

    raw: bytes
    status: int
    sense: int = 0
    data: bytes = field(default=b"", repr=False)  # what came with it, up to 512 bytes
    at_s: float = field(default_factory=time.monotonic)

    @property
    def opcode(self) -> int:
        return self.raw[0]

    @property
    def action(self) -> int:
        return self.raw[1] & 0x1F


_READS, _WRITES = {0x08, 0x28, 0xA8, 0x88}, {0x0A, 0x2A, 0xAA, 0x8A}
_SERVICE_ACTIONS = {0x48, 0x9E, 0xA3}


def extent(cdb: bytes) -> tuple[int, int]:
    """LBA and number of blocks of a READ, WRITE or VERIFY of any length."""
    group = cdb[0] >> 5
    if group == 0:
        return int.from_bytes(cdb[1:4], "big") & 0x1FFFFF, cdb[4] or 256
    if group == 4:
        lba, count = struct.unpack_from(">QI", cdb, 2)
    elif group == 5:
        lba, count = struct.unpack_from(">II", cdb, 2)
    else:
        lba, count = struct.unpack_from(">IxH", cdb, 2)
    return lba, count


class Disk:
    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self.cdbs: list[Cdb] = []
        self._do: dict[opcodes.Command, Handler] = {
            (0x00, None): lambda cdb, data: self._nothing(self._backend.ready),
            (0x03, None): self._request_sense,
            (0x12, None): self._inquiry,
            (0x1A, None): self._mode_sense,
            (0x5A, None): self._mode_sense,
            (0x1B, None): lambda cdb, data: Reply(),
            (0x25, None): self._capacity_10,
            (0x9E, 0x10): self._capacity_16,
            (0x2F, None): self._verify,
            (0x8F, None): self._verify,
            (0x35, None): lambda cdb, data: self._nothing(self._backend.flush),
            (0x91, None): lambda cdb, data: self._nothing(self._backend.flush),
            (0xA3, 0x0C): self._supported,
        }
        self._do |= {(code, None): self._read for code in _READS}
        self._do |= {(code, None): self._write for code in _WRITES}
        if backend.about.unmaps:
            self._do[(0x42, None)] = self._unmap

    def add(self, opcode: int, action: int | None, do: Handler) -> None:
        self._do[(opcode, action)] = do

    def drop(self, opcode: int, action: int | None) -> None:
        del self._do[(opcode, action)]

    def handle(self, cdb: bytes, data: Data, room: int) -> Reply:
        """`data`: Data-Out, `room`: how many bytes of Data-In the initiator takes."""
        action = cdb[1] & 0x1F if cdb[0] in _SERVICE_ACTIONS else None
        try:
            do = self._do.get((cdb[0], action))
            if do is None:
                known = any(opcode == cdb[0] for opcode, _action in self._do)
                raise invalid_field() if known else invalid_opcode()
            reply = do(cdb, data)
        except ScsiError as error:
            reply = check(error.sense)
        self._note(cdb, reply, b"" if cdb[0] in _WRITES else bytes(data[:512]))
        return Reply(reply.status, reply.data[:room], reply.sense)

    def refuse(self, cdb: bytes, sense: Sense) -> Reply:
        """CHECK CONDITION without carrying the command out."""
        reply = check(sense)
        self._note(cdb, reply, b"")
        return reply

    def _note(self, cdb: bytes, reply: Reply, data: bytes) -> None:
        raw, sense = reply.sense, 0
        if raw:
            at = (1, 2, 3) if raw[0] & 0x7F == 0x72 else (2, 12, 13)
            sense = raw[at[0]] << 16 | raw[at[1]] << 8 | raw[at[2]]
        self.cdbs.append(Cdb(cdb, reply.status, sense, data))

    @staticmethod
    def _nothing(do: Callable[[], None]) -> Reply:
        do()
        return Reply()

    def _span(self, cdb: bytes) -> tuple[int, int]:
        lba, count = extent(cdb)
        if lba + count > self._backend.sectors:
            raise out_of_range(lba)
        return lba, count

    def _read(self, cdb: bytes, data: Data) -> Reply:
        lba, count = self._span(cdb)
        return Reply(data=self._backend.read(lba, count) if count else b"")

    def _write(self, cdb: bytes, data: Data) -> Reply:
        lba, count = self._span(cdb)
        size = count * self._backend.sector_bytes
        if len(data) < size:
            raise invalid_field()
        if count:
            self._backend.write(lba, data[:size])
        return Reply()

    def _verify(self, cdb: bytes, data: Data) -> Reply:
        lba, count = self._span(cdb)
        if cdb[1] & 0x06:  # BYTCHK: comparison
            raise invalid_field()
        if count:
            self._backend.read(lba, count)
        return Reply()

    def _unmap(self, cdb: bytes, data: Data) -> Reply:
        """SBC-4 5.38: descriptors of LBA (8) and number of blocks (4) from byte 8."""
        if cdb[1] & 1:
            raise invalid_field()
        raw = bytes(data)
        if len(raw) < 8:
            return Reply()
        size = struct.unpack_from(">H", raw, 2)[0]
        for at in range(8, min(8 + size, len(raw) - 15), 16):
            lba, count = struct.unpack_from(">QI", raw, at)
            if lba + count > self._backend.sectors:
                raise out_of_range(lba)
            self._backend.unmap(lba, count)
        return Reply()

    def _request_sense(self, cdb: bytes, data: Data) -> Reply:
        sense = self._backend.condition()
        raw = sense.descriptor() if cdb[1] & 1 else sense.fixed()
        return Reply(data=raw[: cdb[4]])

    def _inquiry(self, cdb: bytes, data: Data) -> Reply:
        length = struct.unpack_from(">H", cdb, 3)[0]
        if cdb[1] & 1:
            page = pages.vpd(self._backend.about, cdb[2])
            if page is None:
                raise invalid_field()
            return Reply(data=page[:length])
        if cdb[2]:
            raise invalid_field()
        return Reply(data=pages.inquiry(self._backend.about)[:length])

    def _mode_sense(self, cdb: bytes, data: Data) -> Reply:
        ten = cdb[0] == 0x5A
        control, page = cdb[2] >> 6, cdb[2] & 0x3F
        if control == 3 or cdb[3] not in (0, 0xFF):
            raise invalid_field()
        made = pages.mode_sense(self._backend.about, page, ten=ten, changeable=control == 1)
        if made is None:
            raise invalid_field()
        length = struct.unpack_from(">H", cdb, 7)[0] if ten else cdb[4]
        return Reply(data=made[:length])

    def _capacity_10(self, cdb: bytes, data: Data) -> Reply:
        return Reply(data=pages.capacity_10(self._backend.about, self._backend.sectors))

    def _capacity_16(self, cdb: bytes, data: Data) -> Reply:
        length = struct.unpack_from(">I", cdb, 10)[0]
        made = pages.capacity_16(self._backend.about, self._backend.sectors)
        return Reply(data=made[:length])

    def _supported(self, cdb: bytes, data: Data) -> Reply:
        """REPORTING OPTIONS: 0 all, 1 by operation code, 2 with service action, 3 either."""
        option, opcode = cdb[2] & 7, cdb[3]
        action, length = struct.unpack_from(">HI", cdb, 4)
        if option == 0:
            return Reply(data=opcodes.every(self._do)[:length])
        plain, acting = (opcode, None) in self._do, opcode in {op for op, sa in self._do if sa}
        if option > 3 or (option == 1 and acting) or (option == 2 and plain):
            raise invalid_field()
        chosen = action if option == 2 or (option == 3 and acting) else None
        return Reply(data=opcodes.one(opcode, chosen, (opcode, chosen) in self._do)[:length])
