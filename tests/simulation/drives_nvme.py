"""NVMe drives of the simulation, on the lab's model: namespaces, attached or not, and capacity that
no namespace has."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from random import Random

from lab.media import Media
from lab.nvme.admin import run_admin
from lab.nvme.codes import Admin, Io, Oacs
from lab.nvme.config import NvmeConfig, NvmeFault
from lab.nvme.format import cut_off
from lab.nvme.nvm import run_io
from lab.nvme.subsystem import Namespace, Subsystem
from lab.nvme.wire import Answer, Sqe
from reprise.domain.pc.hardware import DriveIdentity, MediaKind, Transport
from simulation.baton import baton
from simulation.cells import SECTOR, Left, Place, found
from simulation.drives import Deck, SimDrive, Unit, fill, trouble

_DESTROYS = frozenset({Admin.FORMAT_NVM, Admin.SANITIZE, Admin.NAMESPACE_MANAGEMENT})


def entry(opcode: int, nsid: int, length: int, cdw: dict[int, int]) -> Sqe:
    words = [0] * 16
    words[0], words[1], words[8] = opcode, nsid, length
    for at, value in cdw.items():
        words[at] = value
    return Sqe(opcode, 0, nsid, tuple(words), length, b"\0" * 64)


class NvmeDrive(SimDrive):
    transport = Transport.NVME
    media = MediaKind.SSD

    def __init__(self, number: int, random: Random, config: NvmeConfig, deck: Deck) -> None:
        super().__init__(number, random, deck)
        self.config = config
        self.subsystem = Subsystem(config)
        self.subsystem.clock = self.supply  # type: ignore[assignment]
        self.subsystem.sanitizing._clock = self.supply
        for media in self.subsystem.all_media():
            if media.sectors:
                fill(media, number, random)

    def settle(self) -> None:
        self.subsystem.settle()

    def at_work(self) -> bool:
        self.settle()
        return self.subsystem.sanitizing.running

    def power_off(self) -> None:
        super().power_off()
        self.subsystem.power_cuts += 1
        cut_off(self.subsystem)  # whoever gave the command is gone with the PC
        self.subsystem.sanitizing.power_cut()

    def _namespace(self, unit: str) -> Namespace:
        one = self.subsystem.attached(int(unit[1:]))
        if one is None:
            raise trouble(errno.ENXIO)
        return one

    def units(self) -> tuple[Unit, ...]:
        made = []
        for nsid, one in sorted(self.subsystem.namespaces.items()):
            if one.attached:
                identity = DriveIdentity(
                    model=self.config.model,
                    serial=self.subsystem.serial,
                    wwn=f"eui.{self.config.nguid(nsid).hex()}",
                    size_bytes=one.media.sectors * SECTOR,
                )
                made.append(Unit(f"n{nsid}", identity, one.sector_bytes, 4096))
        return tuple(made)

    def _io(self, unit: str, opcode: int, offset: int, length: int, data: bytes = b"") -> bytes:
        one = self._namespace(unit)
        lba, count = offset // one.sector_bytes, length // one.sector_bytes
        cdw = {10: lba & 0xFFFFFFFF, 11: lba >> 32, 12: count - 1}
        answer = run_io(self.subsystem, entry(opcode, one.nsid, length, cdw), data)
        if answer.status:
            raise trouble()
        return answer.data

    def read(self, unit: str, offset: int, length: int) -> bytes:
        self.enter("read")
        return self._io(unit, Io.READ, offset, length)

    def write(self, unit: str, offset: int, data: memoryview) -> None:
        torn = self.enter("write")
        if torn == "torn":
            data = data[: self.random.randrange(len(data) // SECTOR) * SECTOR]
        self.changed = True
        if len(data):
            one = self._namespace(unit)
            kept = self.before(one.media, offset // SECTOR, data)
            self._io(unit, Io.WRITE, offset, len(data), bytes(data))
            self.after(one.media, kept)
        if torn == "torn":
            self.happens("cut")
            baton().check()

    def flush(self) -> None:
        self.enter("flush")
        super().flush()

    def admin(self, opcode: int, nsid: int, data: bytes, cdw: dict[int, int]) -> Answer:
        """Raises OSError where no answer comes."""
        due = self.enter("command")
        self.changed |= opcode in _DESTROYS
        before = self.units()
        answer = run_admin(self.subsystem, entry(opcode, nsid, len(data), cdw), data)
        if answer is None or due == "lost-answer":
            raise trouble(errno.EINTR)
        if self.units() != before:
            self.happens("rescan")
        return answer

    def changes_serial(self) -> None:
        self.subsystem.serial = f"NEW{self.subsystem.serial}"[:20]

    def user_media(self) -> list[Media]:
        return self.subsystem.attached_media()

    def _put(self, media: Media, lba: int, data: bytes) -> None:
        super()._put(media, lba, data)
        self.subsystem.sanitizing.globally_erased = False

    def _left(self) -> Iterator[Left | None]:
        manages = bool(self.config.oacs & Oacs.NAMESPACE_MANAGEMENT)
        hidden = Place.HIDDEN if manages else Place.SPARE  # else no host can ever attach it
        # a sanitize that leaves a detached namespace leaves its spare area and what is unallocated
        # by the same lie; where no host can attach it no host can see that either
        passed_over = NvmeFault.SANITIZE_LEAVES_DETACHED in self.config.faults
        beside = Place.HIDDEN if passed_over else hidden
        for nsid, one in sorted(self.subsystem.namespaces.items()):
            place = Place.USER if one.attached else beside
            unit = f"n{nsid}" if one.attached else ""
            yield found(place, f"namespace {nsid}", one.media._data, unit)
            spare = beside if passed_over and not one.attached else Place.SPARE
            yield found(spare, f"spare of namespace {nsid}", one.media.spare)
        yield found(beside, "unallocated capacity", self.subsystem.unallocated._data)
        for media in self.subsystem.orphans:
            yield found(Place.SPARE, "spare of a namespace that is gone", media._data)

    def snapshot(self) -> bytes:
        return b"".join(bytes(media._data) for media in self.subsystem.all_media())
