"""Drives: the lab's models, with true cells, a supply of power, a volatile cache and a deck of
troubles. A drive does not know which PC it is in."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

from lab.media import Media
from lab.scsi.sense import Reply
from reprise.domain.pc.hardware import DriveIdentity, MediaKind, Transport
from simulation.baton import baton
from simulation.cells import SECTOR, Left, Place, donor_sectors


def trouble(code: int = errno.EIO) -> OSError:
    return OSError(code, os.strerror(code))


class Supply:
    """Seconds during which it had power."""

    def __init__(self) -> None:
        self._off_since: float | None = None
        self._off_s = 0.0

    def __call__(self) -> float:
        now = baton().now_s if self._off_since is None else self._off_since
        return now - self._off_s

    @property
    def on(self) -> bool:
        return self._off_since is None

    def stop(self) -> None:
        if self._off_since is None:
            self._off_since = baton().now_s

    def go_on(self) -> None:
        if self._off_since is not None:
            self._off_s += baton().now_s - self._off_since
            self._off_since = None


@dataclass(frozen=True)
class Unit:
    """One block node that a kernel makes of the drive. `name`: "", "n1", "boot0" …"""

    name: str
    identity: DriveIdentity
    logical_bytes: int = SECTOR
    physical_bytes: int = 4096


@dataclass
class Deck:
    """Troubles by the number of the call that meets them, counted over reads, writes and commands
    of the drive's whole life. `traits`: what is wrong or unusual with it, to be counted;
    `hidden_lies`: where lies that no host can see leave data."""

    at: dict[int, str] = field(default_factory=dict)
    traits: tuple[str, ...] = ()
    hidden_lies: frozenset[Place] = frozenset()


class SimDrive:
    """`number`: which piece of hardware it is, whatever it says of itself."""

    transport = Transport.UNKNOWN
    media = MediaKind.UNKNOWN
    rotation_rpm: int | None = None
    asked = True  # who it is, before its first write

    def __init__(self, number: int, random: Random, deck: Deck | None = None) -> None:
        self.number, self.random = number, random
        self.deck = deck or Deck()
        self.supply = Supply()
        self.calls = 0
        self._changing: set[object] = set()  # tasks
        self.happens: Callable[[str], None] = lambda _what: None  # unplugged, its PC's power …
        self._unsynced: list[tuple[Media, int, bytes, bytes]] = []
        self.opal: Any = None  # its TCG security subsystem (lab.nvme.opal.Tper)
        self.caches = False
        self.hides_cache = False  # the kernel takes it for a drive without one
        self.drops: list[tuple[int, int]] = []  # sectors whose writes it acknowledges and forgets
        self.renamed_s: float | None = None
        self.no_wwn = False  # udev knows none of it
        self.hears = self.deaf = 0  # commands that it answers still, and does not answer after them
        self.silent = False  # something hangs on its link, and nothing answers
        self.generation = 0  # how often somebody used it again
        self.transfer_s = 0.0  # of one read or write

    @property
    def changed(self) -> bool:
        """Whether who is running now wrote something to it, or told it to erase: another one's call
        may hang meanwhile."""
        return baton().current in self._changing

    @changed.setter
    def changed(self, now: bool) -> None:
        (self._changing.add if now else self._changing.discard)(baton().current)

    @property
    def word(self) -> str:
        return f"drive {self.number}"

    # what kernels ask

    def units(self) -> tuple[Unit, ...]:
        raise NotImplementedError

    def read(self, unit: str, offset: int, length: int) -> bytes:
        raise NotImplementedError

    def write(self, unit: str, offset: int, data: memoryview) -> None:
        raise NotImplementedError

    def flush(self) -> None:
        self._unsynced.clear()

    def scsi(self, cdb: bytes, data: bytes, room: int) -> Reply:
        raise trouble(errno.ENOTTY)

    def sanitizing(self) -> bool:
        """Whether an open waits for the end of its sanitize."""
        return False

    def at_work(self) -> bool:
        """Whether a sanitize is under way, so that it aborts whoever reads or writes."""
        return False

    def enter(self, what: str) -> str:
        """Before anything is done; gives a trouble that the caller must carry out."""
        if self.transfer_s and what in ("read", "write"):
            baton().sleep(self.transfer_s)
        else:
            baton().pause()
        self.calls += 1
        due = self.deck.at.pop(self.calls, "") or self._unheard(what)
        if due:
            baton().counts[f"trouble: {due}"] += 1
        if due in ("unplug", "cut", "swap", "shrink"):
            self.happens(due)
            baton().check()
        if due == "eio":
            raise trouble()
        if due == "new-serial":
            self.rename()
        if due == "hang":
            baton().sleep(20_000.0)
            raise trouble()
        if due == "slow":
            baton().sleep(self.random.choice((1.0, 40.0, 100.0)))
        return due

    def _unheard(self, what: str) -> str:
        if what != "command" or not self.deaf:
            return ""
        if self.hears:
            self.hears -= 1
            return ""
        self.deaf -= 1
        return "lost-answer"

    def changes_serial(self) -> None:
        """What it answers itself from now on; kernel and udev keep what they read."""

    # what lies about writes

    def before(self, media: Media, lba: int, data: memoryview) -> list[tuple[int, bytes]]:
        """Ahead of a write: what it must not change, as the drive drops it."""
        count = len(data) // SECTOR
        if self.caches:
            self._unsynced.append((media, lba, media.read(lba, count), bytes(data)))
        kept = []
        for first, end in self.drops:
            low, high = max(first, lba), min(end, lba + count)
            if low < high:
                kept.append((low, media.read(low, high - low)))
        return kept

    @staticmethod
    def after(media: Media, kept: list[tuple[int, bytes]]) -> None:
        for lba, old in kept:
            media._data[lba * SECTOR : lba * SECTOR + len(old)] = old

    # people

    def refill(self, *, trimmed: bool) -> None:
        """Somebody used it again, and wrote to all of it; `trimmed`: and deleted all, so that it
        shows nothing."""
        self._used((media, 0, self._shown(media)) for media in self.user_media())
        for media in self.user_media() if trimmed else ():
            media.deallocate(0, media.sectors)

    def use(self, random: Random) -> None:
        """Somebody used it again, and wrote a few sectors in a few places; all else stays."""
        media = self.user_media()
        times = random.choice((1, 1, 2, 3)) if media else 0
        self._used([self._place(random.choice(media), random) for _each in range(times)])

    def _place(self, media: Media, random: Random) -> tuple[Media, int, int]:
        first = random.randrange(self._shown(media))
        return media, first, min(random.randint(1, 8), self._shown(media) - first)

    def _used(self, places: Iterable[tuple[Media, int, int]]) -> None:
        assert not self.at_work(), "what sanitizes itself takes no data"
        self.generation += 1
        for media, lba, count in places:
            self._put(media, lba, donor_sectors(self.number, count))

    def rename(self) -> None:
        """It gives another serial number from now on."""
        self.renamed_s = baton().now_s
        self.changes_serial()

    def first_sector(self) -> bytes:
        return bytes(self.user_media()[0]._data[:SECTOR])

    def _put(self, media: Media, lba: int, data: bytes) -> None:
        media.write(lba, data)

    def _shown(self, media: Media) -> int:
        """Sectors of `media` that a host writes to."""
        return media.sectors

    def user_media(self) -> list[Media]:
        """What the host reads."""
        raise NotImplementedError

    # power

    def power_off(self) -> None:
        self.settle()
        for media, lba, old, new in reversed(self._unsynced):
            place = slice(lba * SECTOR, lba * SECTOR + len(old))
            if media._data[place] == new and self.random.random() < 0.5:
                media._data[place] = old  # nothing else came to these cells since
        self._unsynced.clear()
        self.supply.stop()

    def power_on(self, by_resume: bool = False) -> None:
        self.supply.go_on()

    def settle(self) -> None:
        """Let everything happen that the clock says has happened."""

    # what the oracle sees

    def left(self) -> tuple[Left, ...]:
        self.settle()
        return tuple(one for one in self._left() if one is not None)

    def _left(self) -> Iterator[Left | None]:
        raise NotImplementedError

    def snapshot(self) -> bytes:
        raise NotImplementedError


def leave_text(media: Media, size: int, random: Random) -> None:
    """Its crypto erase leaves so many bytes of plain text where they were."""
    scramble = media.crypto_scramble

    def lying() -> None:
        at = random.randrange(0, len(media._data) - size, SECTOR)
        text = bytes(media._data[at : at + size])
        scramble()
        media._data[at : at + size] = text

    media.crypto_scramble = lying  # type: ignore[method-assign]


def fill(media: Media, number: int, random: Random) -> None:
    """A donor's whole drive. Flash has older copies in its spare area, a disk a few sectors that it
    gave up."""
    media.write(0, donor_sectors(number, media.sectors))
    if media.kind == "ssd":
        media.write(0, donor_sectors(number, media.sectors))
    else:
        media.retire(random.randrange(media.sectors), 1)
