"""An NVMe drive that answers as it is told to, and may fail or lie at any command."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from reprise.adapters.drives.passthrough.nvme_admin import Answer
from reprise.domain.planning.techniques import Technique
from reprise.wire.nvme import AdminCommand
from unit.adapters.drives.procedures import SERIAL, SIZE, STRANGER, Fault, Log, World

# CDW10, written out from the Base Specification: SES; SANACT with AUSE, and one pass
FORMATS = {Technique.NVME_FORMAT_USER_DATA: 0x200, Technique.NVME_FORMAT_CRYPTO: 0x400}
SANITIZES = {
    Technique.NVME_SANITIZE_BLOCK: 0x0A,
    Technique.NVME_SANITIZE_OVERWRITE: 0x1B,
    Technique.NVME_SANITIZE_CRYPTO: 0x0C,
}
EVERYTHING = 0xFFFF_FFFF
WIPED = 0x100  # SSTAT bit 8, Global Data Erased: nothing was written since
Log81 = tuple[int, int, int]  # SPROG, SSTAT, SCDW10 (-1: of the command last taken)
NEVER, RUNNING, DONE = (0xFFFF, 0, 0), (0x4000, 2, -1), (0xFFFF, WIPED | 1, -1)


@dataclass
class PlayedNvme:
    """NvmeAdmin. `now`: the log at first; `states`: what it says after a Sanitize, look by look;
    the last one stays (none: it says what it said before)."""

    world: World
    technique: Technique
    now: Log81 = NEVER
    states: tuple[Log81, ...] = (RUNNING, DONE)
    fna: int = 0
    faults: dict[str, list[Fault | None]] = field(default_factory=dict)
    log: Log = field(default_factory=Log)
    waiting: list[Log81] = field(default_factory=list)
    taken: int = 0

    def __post_init__(self) -> None:
        self.faults = {kind: list(found) for kind, found in self.faults.items()}
        self.taken = SANITIZES.get(self.technique, 0)

    def namespace_id(self, device: object) -> int:
        return 1

    def send(self, device: object, command: AdminCommand, timeout_ms: int = 0) -> Answer:
        kind = self._kind(command)
        waiting = self.faults.get(kind, [])
        fault = waiting.pop(0) if waiting else None
        fault = fault or Fault("")
        name = fault.name
        data = self._honest(kind, command, STRANGER if name == "stranger" else SERIAL)
        if name == "data":
            data = fault.raw
        elif name == "cut":
            data = data[: fault.number]
        elif name == "another":  # a well-formed answer, to another question
            data = self._honest("log" if kind == "who" else "who", command, SERIAL)[: len(data)]
        status = fault.number if name == "status" else 0
        heard = name not in ("errno", "hangs") and not status
        self.log.add(kind, "ok" if heard else "", data if heard else b"")
        if name == "errno":
            raise OSError(fault.number, "played")
        if name == "hangs":
            self.world.hang()
        return Answer(status, 0, data, 0.01)

    def _kind(self, command: AdminCommand) -> str:
        if command.opcode == 0x06:
            return {1: "who", 0: "sectors"}.get(command.cdw10, "list")
        if command.opcode == 0x02:
            return "log" if command.cdw10 == 0x7F_0081 else "other"
        if command.opcode == 0x80:
            right = command.cdw10 == FORMATS.get(self.technique)
            return "erase" if right and command.namespace_id in (1, EVERYTHING) else "other"
        if command.opcode == 0x84 and command.cdw10 == 0x01:
            return "exit"
        right = command.opcode == 0x84 and command.cdw10 == SANITIZES.get(self.technique)
        return "erase" if right else "other"

    def _honest(self, kind: str, command: AdminCommand, serial: str) -> bytes:
        if kind == "log":
            self.now = self.waiting.pop(0) if self.waiting else self.now
            sprog, sstat, cdw10 = self.now
            cdw10 = self.taken if cdw10 < 0 else cdw10
            return (struct.pack("<HHI", sprog, sstat, cdw10) + b"\xff" * 24).ljust(512, b"\0")
        if command.opcode == 0x84 and kind != "exit":
            self.taken, self.waiting = command.cdw10, list(self.states)
        data = bytearray(command.data_bytes)
        if kind == "who":
            data = bytearray(4096)
            data[4:24], data[24:64] = serial.ljust(20).encode(), b"Played drive".ljust(40)
            struct.pack_into("<H", data, 256, 0b1010)
            struct.pack_into("<I", data, 328, 0b111)
            struct.pack_into("<I", data, 516, 32)
            data[524] = self.fna
        elif kind == "sectors":
            struct.pack_into("<Q", data, 0, SIZE // 512)
            data[130] = 9
        elif kind == "list":
            data[0] = 1
        return bytes(data)
