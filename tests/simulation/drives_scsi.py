"""SAS drives of the simulation, and what hangs on USB."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from dataclasses import replace
from random import Random

from lab.erasure import Run
from lab.media import Media
from lab.scsi.config import ScsiConfig
from lab.scsi.drive import ScsiDevice
from lab.scsi.sense import Reply, ScsiError
from reprise.domain.pc.hardware import DriveIdentity, MediaKind, Transport
from simulation.baton import baton
from simulation.cells import SECTOR, Left, Place, found
from simulation.drives import Deck, SimDrive, Unit, fill, trouble


class ScsiDrive(SimDrive):
    transport = Transport.SAS

    def __init__(self, number: int, random: Random, config: ScsiConfig, deck: Deck) -> None:
        super().__init__(number, random, deck)
        self.config = config
        self.model = ScsiDevice(config, self.supply, self._wait)
        self.media = MediaKind.HDD if config.kind == "hdd" else MediaKind.SSD
        self.rotation_rpm = 10_000 if config.kind == "hdd" else None
        fill(self.model.medium, number, random)

    def _wait(self, seconds: float) -> bool:
        baton().sleep(seconds)
        return self.supply.on

    def settle(self) -> None:
        self.model.run.settle()

    def sanitizing(self) -> bool:
        return self.at_work()

    def at_work(self) -> bool:
        self.settle()
        return self.model.run.state is Run.RUNNING

    def power_on(self, by_resume: bool = False) -> None:
        super().power_on(by_resume)
        self.model.power_on(by_resume)

    def units(self) -> tuple[Unit, ...]:
        config = self.model.config  # as it tells it now
        identity = DriveIdentity(
            model=config.product,
            serial=config.serial,
            wwn=f"0x{config.wwn:016x}",
            size_bytes=config.sectors * SECTOR,
        )
        return (Unit("", identity, SECTOR, config.physical_sector_bytes),)

    def _closed(self) -> None:
        self.settle()
        try:
            self.model.ready()
        except ScsiError as error:
            raise trouble() from error

    def read(self, unit: str, offset: int, length: int) -> bytes:
        self.enter("read")
        self._closed()
        try:
            return self.model.read(offset // SECTOR, length // SECTOR)
        except (ScsiError, ValueError) as error:
            raise trouble() from error

    def write(self, unit: str, offset: int, data: memoryview) -> None:
        torn = self.enter("write")
        self._closed()
        lba, count = offset // SECTOR, len(data) // SECTOR
        if torn == "torn":
            count = self.random.randrange(count)
            data = data[: count * SECTOR]
        self.changed = True
        if count:
            kept = self.before(self.model.medium, lba, data)
            try:
                self.model.write(lba, data)
            except (ScsiError, ValueError) as error:
                raise trouble() from error
            self.after(self.model.medium, kept)
        if torn == "torn":
            self.happens("cut")
            baton().check()

    def flush(self) -> None:
        self.enter("flush")
        self._closed()
        super().flush()

    def scsi(self, cdb: bytes, data: bytes, room: int) -> Reply:
        due = self.enter("command")
        self.changed |= cdb[0] in (0x48, 0x42)
        reply = self.model.handle(cdb, data, room)
        if cdb[0] in (0x35, 0x91):
            super().flush()
        if due == "lost-answer":
            raise trouble(errno.ETIMEDOUT)
        return reply

    def changes_serial(self) -> None:
        self.model.config = replace(self.config, serial=f"NEW{self.config.serial}")

    def user_media(self) -> list[Media]:
        return [self.model.medium]

    def _left(self) -> Iterator[Left | None]:
        yield found(Place.USER, "user", self.model.medium._data)
        yield found(Place.SPARE, "spare", self.model.medium.spare)

    def snapshot(self) -> bytes:
        return bytes(self.model.medium._data)


class UsbDrive(ScsiDrive):
    """A stick or a drive behind a bridge. `real_sectors` fewer than told: it wraps round."""

    transport = Transport.USB
    asked = False  # a bridge may hang on a page that it does not know (OwnWords)

    def __init__(
        self, number: int, random: Random, config: ScsiConfig, deck: Deck, real_sectors: int = 0
    ) -> None:
        super().__init__(number, random, config, deck)
        self.media = MediaKind.FLASH
        self.rotation_rpm = None
        self._real = real_sectors or config.sectors

    def read(self, unit: str, offset: int, length: int) -> bytes:
        parts = self._parts(offset, length)
        return b"".join(super(UsbDrive, self).read(unit, at, size) for at, size in parts)

    def write(self, unit: str, offset: int, data: memoryview) -> None:
        done = 0
        for at, size in self._parts(offset, len(data)):
            super().write(unit, at, data[done : done + size])
            done += size

    def _shown(self, media: Media) -> int:
        return self._real

    def _parts(self, offset: int, length: int) -> list[tuple[int, int]]:
        real, found_parts = self._real * SECTOR, []
        while length > 0:
            at = offset % real
            size = min(length, real - at)
            found_parts.append((at, size))
            offset, length = offset + size, length - size
        return found_parts
