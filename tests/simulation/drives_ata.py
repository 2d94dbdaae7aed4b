"""ATA drives of the simulation, on the lab's model behind its SCSI / ATA translation."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from lab.ata.config import AtaConfig
from lab.ata.registers import Op, Taskfile
from lab.ata.sanitize import State
from lab.ata.sat import SatDrive
from lab.media import Media
from lab.scsi.sense import Reply
from reprise.domain.pc.hardware import DriveIdentity, MediaKind, Transport
from simulation.baton import baton
from simulation.cells import SECTOR, Left, Place, found
from simulation.drives import Deck, SimDrive, Unit, fill, trouble


@dataclass(frozen=True)
class Way:
    """What is between kernel and drive. `tail_sectors`: the adapter hides so many at the end;
    `no_registers`: it drops what a command returns; `fixed_sense`: it gives registers in fixed
    format sense data (SAT-4 12.2.2.7); `sas`: the drive hangs on a SAS adapter."""

    tail_sectors: int = 0
    no_registers: bool = False
    fixed_sense: bool = False
    sas: bool = False
    keeps_success: bool = False  # of a sanitize, when the power goes


class AtaDrive(SimDrive):
    transport = Transport.SATA

    def __init__(
        self, number: int, random: Random, config: AtaConfig, deck: Deck, way: Way | None = None
    ) -> None:
        super().__init__(number, random, deck)
        self.config, self.way = config, way or Way()
        if self.way.sas:
            self.transport = Transport.SAS
        self.model = SatDrive(config, self.supply, self._wait)
        self.media = MediaKind.HDD if config.kind == "hdd" else MediaKind.SSD
        self.rotation_rpm = 7200 if config.kind == "hdd" else None
        medium = self.model.device.medium
        fill(medium, number, random)

    def _wait(self, seconds: float) -> bool:
        baton().sleep(seconds)
        return self.supply.on

    def settle(self) -> None:
        self.model.device.sanitize.settle()

    def at_work(self) -> bool:
        self.settle()
        return self.model.device.sanitize.state is State.IN_PROGRESS

    def power_off(self) -> None:
        super().power_off()
        self.model.device.hidden.forget_pair(Taskfile(0))

    def power_on(self, by_resume: bool = False) -> None:
        super().power_on(by_resume)
        if not by_resume or self.config.security.thaws_on_resume:
            run = self.model.device.sanitize._run
            state = run.state
            self.model.power_on(by_resume)
            if self.way.keeps_success and state.value == "succeeded":
                run.state = state

    def units(self) -> tuple[Unit, ...]:
        device = self.model.device
        identity = DriveIdentity(
            model=self.config.model,
            serial=device.serial,
            wwn=f"0x{self.config.wwn:016x}",
            size_bytes=(device.visible_sectors - self.way.tail_sectors) * SECTOR,
        )
        return (Unit("", identity, SECTOR, self.config.physical_sector_bytes),)

    def _do(self, op: Op, lba: int, count: int, data: bytes | memoryview = b"") -> bytes:
        outcome = self.model.device.execute(Taskfile(op, 0, count & 0xFFFF, lba, 0x40, data))
        if not outcome.good:
            raise trouble()
        return outcome.data

    def read(self, unit: str, offset: int, length: int) -> bytes:
        self.enter("read")
        return self._do(Op.READ_DMA_EXT, offset // SECTOR, length // SECTOR)

    def write(self, unit: str, offset: int, data: memoryview) -> None:
        torn = self.enter("write")
        lba, count = offset // SECTOR, len(data) // SECTOR
        if torn == "torn":
            count = self.random.randrange(count)
            data = data[: count * SECTOR]
        self.changed = True
        if count and lba + count <= self.model.device.visible_sectors:
            medium = self.model.device.medium
            kept = self.before(medium, lba, data)
            self._do(Op.WRITE_DMA_EXT, lba, count, data)
            self.after(medium, kept)
        if torn == "torn":
            self.happens("cut")
            baton().check()

    def flush(self) -> None:
        self.enter("flush")
        self._do(Op.FLUSH_CACHE_EXT, 0, 0)
        super().flush()

    def scsi(self, cdb: bytes, data: bytes, room: int) -> Reply:
        due = self.enter("command")
        self.changed |= _destroys(cdb)
        reply = self._on_its_way(self.model.handle(cdb, data, room), cdb)
        if cdb[0] in (0x35, 0x91) or (cdb[0] == 0x85 and cdb[14] in (0xE7, 0xEA)):
            super().flush()
        if due == "lost-answer":
            raise trouble(errno.ETIMEDOUT)
        return reply

    def _on_its_way(self, reply: Reply, cdb: bytes) -> Reply:
        if cdb[0] != 0x85 or not reply.sense:
            return reply
        registers = (
            reply.sense[8:22] if reply.sense[0] == 0x72 and reply.sense[8:9] == b"\t" else b""
        )
        if self.way.no_registers and registers:
            good = not registers[13] & 1
            return Reply(0 if good else reply.status, reply.data, b"" if good else _ABORTED)
        if self.way.fixed_sense and registers:
            return Reply(reply.status, reply.data, _fixed(reply.sense, registers))
        return reply

    def changes_serial(self) -> None:
        device = self.model.device
        device.serial = f"NEW{device.serial}"[:20]

    def user_media(self) -> list[Media]:
        return [self.model.device.medium]

    def _shown(self, media: Media) -> int:
        return self.model.device.visible_sectors

    def _left(self) -> Iterator[Left | None]:
        device = self.model.device
        medium, hidden = device.medium, device.hidden
        seen = hidden.visible * SECTOR
        yield found(Place.USER, "user", bytes(memoryview(medium._data)[:seen]))
        yield found(Place.HIDDEN, "hidden area", bytes(memoryview(medium._data)[seen:]))
        yield found(Place.SPARE, "spare", medium.spare)

    def snapshot(self) -> bytes:
        return bytes(self.model.device.medium._data)


# SPC-4 4.5.3: ABORTED COMMAND without a word more
_ABORTED = bytes((0x70, 0, 0x0B, 0, 0, 0, 0, 10)) + bytes(10)


def _fixed(sense: bytes, registers: bytes) -> bytes:
    """SAT-4 12.2.2.7, fixed format: ERROR, STATUS, DEVICE and COUNT (7:0) in INFORMATION; EXTEND
    and whether the upper halves are zero, then LBA (23:0), in COMMAND-SPECIFIC INFORMATION."""
    error, count_high, count = registers[3], registers[4], registers[5]
    low, middle, high = registers[7], registers[9], registers[11]
    upper = (registers[6], registers[8], registers[10])
    extend = registers[2] & 1
    flags = extend << 7 | bool(count_high) << 6 | any(upper) << 5
    head = bytes((0xF0, 0, sense[1] & 0xF, error, registers[13], registers[12], count, 10))
    return head + bytes((flags, low, middle, high)) + bytes((sense[2], sense[3])) + bytes(4)


_DESTROYS_ATA = frozenset(
    {
        *(Op.SET_MAX, Op.SET_MAX_EXT, Op.SECURITY_SET_PASSWORD, Op.SECURITY_ERASE_PREPARE),
        *(Op.SECURITY_ERASE_UNIT, Op.WRITE_DMA_EXT, Op.WRITE_DMA, Op.DATA_SET_MANAGEMENT),
    }
)


_ASKS_ATA = {  # what of these commands only asks, by FEATURE
    Op.SANITIZE: {0},
    Op.ACCESSIBLE_MAX: {0},
    Op.DEVICE_CONFIGURATION: {0xC2},
}


def _destroys(cdb: bytes) -> bool:
    """ATA PASS-THROUGH (16), SAT-3 12.2.2: FEATURES in bytes 3 and 4, COMMAND in byte 14."""
    if cdb[0] != 0x85:
        return False
    op, feature = cdb[14], cdb[4] | cdb[3] << 8
    if op in _ASKS_ATA:
        return feature not in _ASKS_ATA[Op(op)]
    return op in _DESTROYS_ATA
