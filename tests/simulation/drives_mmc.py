"""An eMMC: user area, two boot areas, general purpose areas. An erase unmaps; what was unmapped
lies in the cells until a sanitize, or until it was a secure erase."""

from __future__ import annotations

import errno
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

from lab.media import Media
from reprise.domain.pc.hardware import DriveIdentity, MediaKind, Transport
from simulation.baton import baton
from simulation.cells import SECTOR, Left, Place, found
from simulation.drives import Deck, SimDrive, Unit, fill, trouble

SECURE_ERASE, TRIM, SANITIZE = 0x01, 0x10, 0x40  # EXT_CSD, SEC_FEATURE_SUPPORT
BOOT_SECTORS = 256  # of each boot area: one unit of BOOT_SIZE_MULT, 128 KiB
GROUP = 64 << 10  # one erase group
_READY = 0x0000_0900  # R1: transfer state, ready for data
_SKIPPED = 1 << 15  # R1: WP_ERASE_SKIP


@dataclass(frozen=True)
class MmcConfig:
    """`lies`: areas whose erase says that it did, and did nothing; `protected`: those that the
    device itself lets nobody write."""

    serial: str = "0x5eed0001"
    model: str = "LAB eMMC"
    sectors: int = 1024
    boot: bool = True
    general: int = 0
    features: int = SECURE_ERASE | TRIM | SANITIZE
    erased_ones: bool = False
    lies: frozenset[str] = frozenset()
    protected: frozenset[str] = frozenset()
    sanitize_lies: bool = False
    blank_boot: bool = False
    erase_s: float = 0.5


@dataclass
class _Area:
    media: Media
    stale: list[bytes] = field(default_factory=list)


class MmcDrive(SimDrive):
    transport = Transport.MMC
    media = MediaKind.FLASH

    def __init__(self, number: int, random: Random, config: MmcConfig, deck: Deck) -> None:
        super().__init__(number, random, deck)
        self.config = config
        sizes = {"": config.sectors}
        if config.boot:
            sizes |= {"boot0": BOOT_SECTORS, "boot1": BOOT_SECTORS}
        sizes |= {f"gp{index}": 128 for index in range(config.general)}
        self.areas = {name: _Area(Media(size, SECTOR, 0, "ssd")) for name, size in sizes.items()}
        for name, area in self.areas.items():
            if not (config.blank_boot and name.startswith("boot")):
                fill(area.media, number, random)

    def units(self) -> tuple[Unit, ...]:
        made = []
        for name, area in self.areas.items():
            identity = DriveIdentity(
                model=self.config.model,
                serial=self.config.serial,
                size_bytes=area.media.sectors * SECTOR,
            )
            made.append(Unit(name, identity, SECTOR, SECTOR))
        return tuple(made)

    def read(self, unit: str, offset: int, length: int) -> bytes:
        self.enter("read")
        return self.areas[unit].media.read(offset // SECTOR, length // SECTOR)

    def write(self, unit: str, offset: int, data: memoryview) -> None:
        torn = self.enter("write")
        if unit in self.config.protected:
            raise trouble()
        if torn == "torn":
            data = data[: self.random.randrange(len(data) // SECTOR) * SECTOR]
        self.changed = True
        area, lba = self.areas[unit], offset // SECTOR
        if len(data):
            kept = self.before(area.media, lba, data) if not unit else []
            self._stale(area, lba, len(data) // SECTOR)
            area.media.write(lba, data)
            self.after(area.media, kept)
        if torn == "torn":
            self.happens("cut")
            baton().check()

    @staticmethod
    def _stale(area: _Area, lba: int, count: int) -> None:
        """What a sector held stays in another cell."""
        old = area.media.read(lba, count)
        if len(area.stale) < 4 and b"DONOR" in old:
            area.stale.append(old[:SECTOR])

    def flush(self) -> None:
        self.enter("flush")
        super().flush()

    def ext_csd(self) -> bytes:
        self.enter("command")
        config, data = self.config, bytearray(512)
        data[192], data[231] = 8, config.features
        data[181], data[223], data[232] = int(config.erased_ones), 1, 1
        data[212:216] = config.sectors.to_bytes(4, "little")
        data[226] = 1 if config.boot else 0
        for index in range(config.general):
            data[143 + 3 * index] = 1
        return bytes(data)

    def commands(self, unit: str, sent: Sequence[tuple[int, int]]) -> list[int]:
        """(opcode, argument) of each; the first word of each response."""
        due = self.enter("command")
        opcodes = [opcode for opcode, _argument in sent]
        baton().sleep(self.config.erase_s)
        self.changed = True
        if opcodes == [6]:
            if not self.config.sanitize_lies:
                for area in self.areas.values():
                    area.stale.clear()
            answer = [_READY]
        elif opcodes == [35, 36, 38, 13]:
            first, last = sent[0][1], sent[1][1]
            skipped = self._erase(unit, first // SECTOR, (last - first) // SECTOR + 1, purge=False)
            answer = [_READY, _READY, _READY | skipped, _READY]
        else:
            raise trouble(errno.EINVAL)
        if due == "lost-answer":
            raise trouble(errno.ETIMEDOUT)
        return answer

    def secure_erase(self, unit: str, offset: int, length: int) -> None:
        self.enter("command")
        if not self.config.features & SECURE_ERASE:
            raise trouble(errno.EOPNOTSUPP)
        baton().sleep(self.config.erase_s)
        self.changed = True
        if self._erase(unit, offset // SECTOR, length // SECTOR, purge=True):
            raise trouble()

    def _erase(self, unit: str, lba: int, count: int, *, purge: bool) -> int:
        area = self.areas[unit]
        if unit in self.config.protected:
            return _SKIPPED
        if unit in self.config.lies:
            return 0
        if purge:
            area.stale.clear()
        else:
            self._stale(area, lba, count)
        area.media.erase_logical(b"\xff" if self.config.erased_ones else b"\0", lba, count)
        return 0

    def user_media(self) -> list[Media]:
        return [self.areas[""].media]

    def _put(self, media: Media, lba: int, data: bytes) -> None:
        self._stale(self.areas[""], lba, len(data) // SECTOR)
        super()._put(media, lba, data)

    def _left(self) -> Iterator[Left | None]:
        for name, area in self.areas.items():
            place = Place.BOOT if name else Place.USER
            yield found(place, name or "user", area.media._data)
            yield found(Place.SPARE, f"spare of {name or 'user'}", b"".join(area.stale))

    def snapshot(self) -> bytes:
        return b"".join(bytes(area.media._data) for area in self.areas.values())
