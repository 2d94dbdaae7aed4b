"""The medium of an emulated drive: what the host can address, and what it never can.

Two areas, both in memory:

* the logical area, `sectors` * `sector_bytes`, which READ and WRITE reach;
* the spare area (over-provisioning of flash, reallocated sectors of a disk), which only the
  drive's own erase reaches. NIST SP 800-88r2 calls an erase that leaves it Clear at best.

A solid state drive (`kind="ssd"`) never writes in place: what a sector held before goes to the
spare area, until that is full. The *first* stale copies stay, however often the host overwrites:
garbage collection that is late is the case that an erase has to be measured against. A disk
(`kind="hdd"`) writes in place; its spare area holds only what `retire()` put there, as a
reallocated sector would be.
"""

from __future__ import annotations

import random
from typing import Literal

Kind = Literal["ssd", "hdd"]


class Media:
    """`sectors` is the true size of the medium, hidden areas included."""

    def __init__(
        self, sectors: int, sector_bytes: int = 512, spare_sectors: int = 2048, kind: Kind = "ssd"
    ) -> None:
        self.sectors, self.sector_bytes, self.kind = sectors, sector_bytes, kind
        self._data = bytearray(sectors * sector_bytes)
        self._written = bytearray(sectors)
        self._spare = bytearray()
        self._spare_bytes = spare_sectors * sector_bytes
        self._unmapped: list[bytes] = []

    @property
    def spare(self) -> bytes:
        """Everything that the host cannot reach, deallocated contents included."""
        return b"".join((bytes(self._spare), *self._unmapped))

    def _span(self, lba: int, count: int) -> slice:
        if lba < 0 or count < 0 or lba + count > self.sectors:
            raise ValueError(f"{count} sectors at {lba} are not on a medium of {self.sectors}")
        return slice(lba * self.sector_bytes, (lba + count) * self.sector_bytes)

    def read(self, lba: int, count: int) -> bytes:
        return bytes(memoryview(self._data)[self._span(lba, count)])

    def write(self, lba: int, data: bytes | memoryview) -> None:
        """Whole sectors. Raises ValueError past the end or for a part of a sector."""
        count, rest = divmod(len(data), self.sector_bytes)
        if rest:
            raise ValueError(f"{len(data)} bytes are not whole sectors")
        span = self._span(lba, count)
        if self.kind == "ssd":
            self._keep_stale(lba, count)
        self._data[span] = data
        self._written[lba : lba + count] = b"\1" * count

    def _keep_stale(self, lba: int, count: int) -> None:
        """Put the written sectors of this range into what is left of the spare area."""
        end = lba + count
        start = self._written.find(1, lba, end)
        while start >= 0 and len(self._spare) < self._spare_bytes:
            stop = self._written.find(0, start, end)
            stop = end if stop < 0 else stop
            room = (self._spare_bytes - len(self._spare)) // self.sector_bytes
            self._spare += memoryview(self._data)[self._span(start, min(stop - start, room))]
            start = self._written.find(1, stop, end)

    def retire(self, lba: int, count: int = 1) -> None:
        """Reallocate sectors: their contents stay in the spare area, whatever is written later."""
        self._unmapped.append(self.read(lba, count))

    def deallocate(self, lba: int, count: int, pattern: bytes = b"\0") -> None:
        """TRIM or UNMAP: the map forgets the sectors, reads give `pattern`, the cells keep all."""
        if self._written.find(1, lba, lba + count) >= 0:
            self._unmapped.append(self.read(lba, count))
        self._fill(lba, count, pattern)
        self._written[lba : lba + count] = bytes(count)

    def _fill(self, lba: int, count: int, pattern: bytes) -> None:
        span = self._span(lba, count)
        size = span.stop - span.start
        self._data[span] = (pattern * (size // len(pattern) + 1))[:size]

    def erase_logical(
        self, pattern: bytes = b"\0", first: int = 0, count: int | None = None
    ) -> None:
        """Overwrite sectors in place (the cells themselves); the spare area is not touched."""
        self._fill(first, self.sectors - first if count is None else count, pattern)

    def erase_spare(self) -> None:
        self._spare.clear()
        self._unmapped.clear()

    def erase_all(self, pattern: bytes = b"\0") -> None:
        """Erase every cell, spare area included."""
        self.erase_logical(pattern)
        self._written = bytearray(self.sectors)
        self.erase_spare()

    def crypto_scramble(self) -> None:
        """Change the key: every cell now decrypts to noise. The noise is drawn, as the old
        contents under a lost key are not to be told from random bytes."""
        noise = random.Random()  # noqa: S311 (a model)
        self._data = bytearray(noise.randbytes(len(self._data)))
        self._spare = bytearray(noise.randbytes(len(self._spare)))
        self._unmapped = [noise.randbytes(len(part)) for part in self._unmapped]

    def contains(self, needle: bytes) -> tuple[int, int]:
        """How often `needle` is found in the logical area, and in the spare area."""
        return self._data.count(needle), self.spare.count(needle)
