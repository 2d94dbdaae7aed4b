"""An ATA drive behind a SCSI / ATA translation layer (SAT-3), as the kernel sees SATA drives."""

from __future__ import annotations

import struct
import time
from collections.abc import Callable
from dataclasses import dataclass

from lab.ata.config import AtaConfig, Feature
from lab.ata.device import AtaDevice
from lab.ata.registers import ID_NOT_FOUND, UNCORRECTABLE, Op, Outcome, Taskfile
from lab.media import Media
from lab.scsi.disk import Data, Disk
from lab.scsi.pages import About
from lab.scsi.sense import (
    ABORTED_COMMAND,
    ILLEGAL_REQUEST,
    NO_SENSE,
    RECOVERED,
    Reply,
    ScsiError,
    Sense,
    check,
    invalid_field,
    medium_error,
    out_of_range,
)

PASS_THROUGH_16, PASS_THROUGH_12 = 0x85, 0xA1
_NON_DATA, _PIO_IN, _PIO_OUT, _DMA, _UDMA_IN, _UDMA_OUT = 3, 4, 5, 6, 10, 11
_PROTOCOLS = frozenset({_NON_DATA, _PIO_IN, _PIO_OUT, _DMA, _UDMA_IN, _UDMA_OUT})
_ATA_INFORMATION = 0x001D  # ATA PASS-THROUGH information available


@dataclass(frozen=True)
class _Request:
    taskfile: Taskfile
    protocol: int
    check_condition: bool
    extend: bool


def _request(cdb: bytes, data: Data) -> _Request:
    """ATA PASS-THROUGH (16) or (12), SAT-3 12.2.2 and 12.2.3."""
    protocol, check_condition = cdb[1] >> 1 & 0xF, bool(cdb[2] & 0x20)
    if cdb[0] == PASS_THROUGH_12:
        lba = cdb[5] | cdb[6] << 8 | cdb[7] << 16
        taskfile = Taskfile(cdb[9], cdb[3], cdb[4], lba, cdb[8], data)
        return _Request(taskfile, protocol, check_condition, extend=False)
    extend = bool(cdb[1] & 1)
    high = struct.unpack_from("6B", cdb, 7) if extend else (0, cdb[8], 0, cdb[10], 0, cdb[12])
    lba = high[1] | high[3] << 8 | high[5] << 16 | high[0] << 24 | high[2] << 32 | high[4] << 40
    feature = cdb[4] | (cdb[3] << 8 if extend else 0)
    count = cdb[6] | (cdb[5] << 8 if extend else 0)
    taskfile = Taskfile(cdb[14], feature, count, lba, cdb[13], data)
    return _Request(taskfile, protocol, check_condition, extend)


def return_descriptor(outcome: Outcome, extend: bool) -> bytes:
    """ATA Status Return descriptor (SAT-3 12.2.6)."""
    lba = outcome.lba.to_bytes(6, "little")
    high = (outcome.count >> 8 & 0xFF, lba[3], lba[4], lba[5]) if extend else (0, 0, 0, 0)
    return bytes(
        (
            *(0x09, 0x0C, int(extend), outcome.error),
            *(high[0], outcome.count & 0xFF),
            *(high[1], lba[0], high[2], lba[1], high[3], lba[2]),
            *(outcome.device, outcome.status),
        )
    )


class SatDrive:
    """What the ring serves: CDBs for an ATA drive."""

    def __init__(
        self,
        config: AtaConfig,
        clock: Callable[[], float] = time.monotonic,
        wait: Callable[[float], bool] | None = None,
    ) -> None:
        self.config = config
        self.device = AtaDevice(config, clock, wait)
        self.disk = Disk(self)
        self.disk.add(PASS_THROUGH_16, None, self._pass_through)
        self.disk.add(PASS_THROUGH_12, None, self._pass_through)

    @property
    def media(self) -> Media:
        return self.device.media

    @property
    def about(self) -> About:
        """Vendor "ATA", and the model in the product's 16 characters: what udev looks for."""
        config, device = self.config, self.device
        return About(
            "ATA",
            config.model,
            config.firmware[-4:],
            device.serial,
            config.wwn,
            1 if config.kind == "ssd" else 7200,
            config.sector_bytes,
            config.physical_sector_bytes,
            write_cache=Feature.WRITE_CACHE in config.can,
            unmaps=Feature.TRIM in config.can,
            ata=device.identity(),
        )

    @property
    def sectors(self) -> int:
        return self.device.visible_sectors

    @property
    def sector_bytes(self) -> int:
        return self.config.sector_bytes

    def power_on(self, by_resume: bool = False) -> None:
        self.device.power_on(by_resume)

    def handle(self, cdb: bytes, data: Data, room: int) -> Reply:
        return self.disk.handle(cdb, data, room)

    def condition(self) -> Sense:
        return Sense(NO_SENSE)

    def ready(self) -> None:
        """Always: as the kernel's own translation answers."""

    def _pass_through(self, cdb: bytes, data: Data) -> Reply:
        request = _request(cdb, data)
        if request.protocol not in _PROTOCOLS:
            raise invalid_field()
        tf = request.taskfile
        outcome = self.device.execute(tf)
        descriptor = return_descriptor(outcome, request.extend)
        if not outcome.good:
            return check(Sense(*_sense_of(outcome), descriptors=descriptor))
        if request.check_condition:
            sense = Sense(RECOVERED, _ATA_INFORMATION, descriptors=descriptor)
            return check(sense, outcome.data)
        return Reply(data=outcome.data)

    def _io(self, op: Op, lba: int, count: int, data: Data = b"") -> Outcome:
        outcome = self.device.execute(Taskfile(op, 0, count & 0xFFFF, lba, 0x40, data))
        if outcome.good:
            return outcome
        writing = op == Op.WRITE_DMA_EXT
        if outcome.error & UNCORRECTABLE:
            raise medium_error(outcome.lba, writing=writing)
        if outcome.error & ID_NOT_FOUND:
            raise out_of_range(outcome.lba)
        raise ScsiError(Sense(ABORTED_COMMAND))

    def read(self, lba: int, count: int) -> bytes:
        if count > 0x10000:
            raise invalid_field()
        return self._io(Op.READ_DMA_EXT, lba, count).data

    def write(self, lba: int, data: Data) -> None:
        count = len(data) // self.config.sector_bytes
        if count > 0x10000:
            raise invalid_field()
        self._io(Op.WRITE_DMA_EXT, lba, count, data)

    def unmap(self, lba: int, count: int) -> None:
        """As DATA SET MANAGEMENT with entries of at most 65535 sectors."""
        while count > 0:
            part = min(count, 0xFFFF)
            entry = struct.pack("<Q", part << 48 | lba).ljust(512, b"\0")
            outcome = self.device.execute(Taskfile(Op.DATA_SET_MANAGEMENT, 1, 1, 0, 0x40, entry))
            if not outcome.good:
                raise ScsiError(Sense(ABORTED_COMMAND))
            lba, count = lba + part, count - part

    def flush(self) -> None:
        if not self.device.execute(Taskfile(Op.FLUSH_CACHE_EXT)).good:
            raise ScsiError(Sense(ABORTED_COMMAND))


def _sense_of(outcome: Outcome) -> tuple[int, int]:
    """Key and code for an error of a pass-through command, as the kernel translates them."""
    if outcome.error & UNCORRECTABLE:
        return 0x3, 0x1100
    if outcome.error & ID_NOT_FOUND:
        return ILLEGAL_REQUEST, 0x2100
    return ABORTED_COMMAND, 0
