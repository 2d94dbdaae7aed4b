"""A Reprise stick: a data partition whose file system a power cut or a pull may tear, and the
medium's own blocks that nobody may ever write."""

from __future__ import annotations

import errno
from collections.abc import Callable
from random import Random

from lab.scsi.config import ScsiConfig
from simulation.baton import baton
from simulation.drives import Deck, trouble
from simulation.drives_scsi import UsbDrive
from simulation.files import Volume
from simulation.paths import SimPath

READY, READ_ONLY, PULLED = "ready", "read-only", "pulled"


class Stick:
    def __init__(self, number: int, random: Random) -> None:
        self.number, self.random = number, random
        self.word = f"stick {number}"
        self.volume = Volume()
        self.volume.trouble = self._trouble
        self.state = PULLED
        self.looked_at = 0  # see Volume.synced
        self.bad_reads: set[str] = set()  # names of files that give EIO
        self.bad_writes = 0  # the next so many fail with EIO
        self.cut_in = 0  # the power goes at the so-manieth write from now
        self.on_cut: Callable[[], None] = lambda: None
        config = ScsiConfig(
            serial=f"AA{number:014d}",
            vendor="Generic",
            product="Flash Disk",
            kind="hdd",
            sectors=64,
            sanitizes=frozenset(),
            spare_sectors=0,
        )
        self.drive = UsbDrive(900 + number, random, config, Deck())

    @property
    def root(self) -> SimPath:
        return SimPath("/", volume=lambda: self.volume)

    def keeps(self, path: str) -> bool:
        """Whether this file outlives whatever happens now."""
        node = self.volume.durable.get(path)
        return node is not None and bool(node.durable) and not node.named_since

    def plugged(self) -> None:
        self.state = READY

    def pulled(self) -> None:
        """As people do: without a word."""
        self.state = PULLED
        self.volume.cut(self.random)

    def cut(self) -> None:
        self.volume.cut(self.random)

    def _trouble(self, what: str, path: str) -> None:
        if self.state == PULLED:
            raise trouble(errno.ENODEV if what == "open" else errno.EIO)
        writes = what in ("write", "sync", "rename", "unlink", "mkdir")
        if writes and self.cut_in:
            self.cut_in -= 1
            if self.cut_in == 0:
                self.on_cut()
                baton().check()
        if writes and self.state == READ_ONLY:
            raise trouble(errno.EROFS)
        if writes and self.bad_writes > 0:
            self.bad_writes -= 1
            raise trouble()
        if what == "read" and path.rpartition("/")[2] in self.bad_reads:
            raise trouble()
