"""An emulated drive with a node under /dev, its power switch, and its medium seen from outside."""

from __future__ import annotations

import contextlib
import os
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from lab.media import Media
from lab.scsi.disk import Cdb, Disk
from lab.scsi.loopback import Loopback
from lab.scsi.sense import TASK_ABORTED, Reply

RESUMES = Path("/sys/power/suspend_stats/success")


class Model(Protocol):
    disk: Disk

    @property
    def media(self) -> Media: ...

    def power_on(self, by_resume: bool = False) -> None: ...

    def handle(self, cdb: bytes, data: bytes | memoryview, room: int) -> Reply: ...


M = TypeVar("M", bound=Model)


class Power:
    """The drive's supply. `wait(s)` is what a busy drive does: False once the power went."""

    def __init__(self) -> None:
        self._lost = threading.Event()

    @property
    def on(self) -> bool:
        return not self._lost.is_set()

    def wait(self, seconds: float) -> bool:
        return not self._lost.wait(seconds)

    def cut(self) -> None:
        self._lost.set()

    def give(self) -> None:
        self._lost.clear()


class Attached(Generic[M]):
    """`model` is the drive inside, `node` the disk, None while it is unplugged. `lock` is held
    while a command is carried out."""

    def __init__(self, model: M, power: Power, serial: str, size_bytes: int, resets: bool) -> None:
        self.model, self.power, self._resets = model, power, resets
        self.lock = threading.RLock()
        self._resumes = os.open(RESUMES, os.O_RDONLY) if RESUMES.exists() else -1
        self._slept = self._resume_count()
        name = re.sub(r"\W", "_", serial)
        self._loop = Loopback(f"{name}_{os.getpid()}", size_bytes, self)
        self._node: Path | None = None

    @property
    def node(self) -> Path:
        if self._node is None:
            raise RuntimeError("the drive is unplugged")
        return self._node

    @property
    def generic(self) -> Path:
        """The SCSI generic node: it answers while a read of `node` waits for a sanitize."""
        return self._loop.generic

    @property
    def media(self) -> Media:
        with self.lock:
            return self.model.media

    @property
    def cdbs(self) -> list[Cdb]:
        """Every SCSI command that arrived."""
        return self.model.disk.cdbs

    def _resume_count(self) -> bytes:
        return os.pread(self._resumes, 32, 0) if self._resumes >= 0 else b""

    def handle(self, cdb: bytes, data: bytes | memoryview, room: int) -> Reply:
        """Called by the ring. A PC that slept since the last command gave the drive new power,
        unless this drive keeps its own."""
        if not self.power.on:
            return Reply(TASK_ABORTED)
        resumes = self._resume_count()
        with self.lock:
            if resumes != self._slept:
                self._slept = resumes
                if self._resets:
                    self.model.power_on(by_resume=True)
            reply = self.model.handle(cdb, data, room)
        return reply if self.power.on else Reply(TASK_ABORTED)

    def open(self) -> None:
        self._loop.open()
        self._node = self._loop.plug()

    def power_off(self) -> None:
        """At once, whatever the drive is doing; the kernel loses the disk."""
        self.power.cut()
        self._node = None
        self._loop.unplug()

    def power_on(self, settle_s: int = 30) -> Path:
        with self.lock:
            self.model.power_on()
        self.power.give()
        self._node = self._loop.plug(settle_s=settle_s)
        return self._node

    def power_cycle(self, settle_s: int = 30) -> Path:
        """Off and on. The node may have another name afterwards."""
        self.power_off()
        return self.power_on(settle_s)

    def close(self) -> None:
        self.power.cut()
        try:
            self._loop.close()
        finally:
            if self._resumes >= 0:
                os.close(self._resumes)


@contextlib.contextmanager
def attached(drive: Attached[M]) -> Iterator[Attached[M]]:
    try:
        drive.open()
        yield drive
    finally:
        drive.close()
