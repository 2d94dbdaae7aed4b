"""Make an open drive empty its write cache, also where the kernel sends no flush.

fsync() on a block device ends in a flush only where queue/write_cache says "write back"
(Documentation/ABI/stable/sysfs-block; block/blk-core.c drops REQ_PREFLUSH otherwise). A drive
behind a bridge that does not answer MODE SENSE is taken for write-through: "Assuming drive cache:
write through" (drivers/scsi/sd.c). It is then told in its own tongue.
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial

from reprise.adapters.drives.blockio import BlockFile
from reprise.adapters.drives.capabilities.scsi import behind_usb
from reprise.adapters.drives.passthrough.ata_taskfile import AtaAccess, SatAta
from reprise.adapters.drives.passthrough.nvme_admin import KernelNvmeFlush, NvmeFlush
from reprise.adapters.drives.passthrough.sgio import KernelScsi, ScsiAccess, ScsiAnswer
from reprise.adapters.drives.surface.opening import Flush
from reprise.adapters.hardware.sysfs import Roots, read_text
from reprise.domain.drives.capabilities import AtaCapabilities, Capabilities, Support
from reprise.domain.pc.hardware import Transport
from reprise.errors import ToolError
from reprise.ports import Job
from reprise.wire import scsi
from reprise.wire.ata import AtaCommand, flush_cache
from reprise.wire.sense import SenseKey, parse_sense

_TIMEOUT_MS = 120_000  # ACS-4, FLUSH CACHE: it may take longer than 30 seconds
_NO_COMMANDS = frozenset({Transport.LOOP, Transport.VIRTIO, Transport.MMC})
_WRITE_BACK = "write back"


@dataclass(frozen=True, slots=True)
class DriveFlush:
    """Implements surface.opening.Flushes. All calls block: call it beside (surface.pipeline)."""

    ata: AtaAccess = field(default_factory=SatAta)
    sgio: ScsiAccess = field(default_factory=KernelScsi)
    nvme: NvmeFlush = field(default_factory=KernelNvmeFlush)
    roots: Roots = field(default_factory=Roots)

    def __call__(self, device: BlockFile, job: Job) -> Flush:
        """By no command where the kernel takes the drive for one without a cache and it takes no
        such command. Raises OSError where it failed."""
        device.flush()
        place = self.roots.sys / "dev/block" / device.number / "queue/write_cache"
        if read_text(place) == _WRITE_BACK:
            return Flush("fsync")
        refused: list[str] = []
        for name, send in self._ways(device, job):
            if send():
                return Flush(name, tuple(refused))
            refused.append(name)
        return Flush("", tuple(refused))

    def _ways(self, device: BlockFile, job: Job) -> Iterator[tuple[str, Callable[[], bool]]]:
        transport = job.drive.transport
        if transport in _NO_COMMANDS:
            return
        if transport is Transport.NVME:
            yield "Flush", partial(self._nvme, device)
            return
        able = job.capabilities or Capabilities()
        has = _has_flush(able)
        if able.own.by == "ata":
            for extended in (True, False):
                command = flush_cache(extended=extended)
                yield command.name, partial(self._ata, device, command, has=has[extended])
        to_scsi = partial(self._scsi, device, has=able.own.by != "ata" or any(has))
        yield "SYNCHRONIZE CACHE (10)", partial(to_scsi, scsi.synchronize_cache(10))
        if not behind_usb(device):  # a bridge may hang on what it does not know
            yield "SYNCHRONIZE CACHE (16)", partial(to_scsi, scsi.synchronize_cache(16))

    def _ata(self, device: BlockFile, command: AtaCommand, *, has: bool) -> bool:
        return _done(self.ata.send(device, command, _TIMEOUT_MS).scsi, has=has)

    def _scsi(self, device: BlockFile, cdb: bytes, *, has: bool) -> bool:
        return _done(self.sgio.send(device, cdb, timeout_ms=_TIMEOUT_MS), has=has)

    def _nvme(self, device: BlockFile) -> bool:
        status = self.nvme.flush(device, _TIMEOUT_MS)
        if status:
            raise OSError(errno.EIO, f"Flush: status {status:04x}")
        return True


def _has_flush(able: Capabilities) -> tuple[bool, bool]:
    """FLUSH CACHE and FLUSH CACHE EXT, by the drive's IDENTIFY."""
    ata = able.ata or AtaCapabilities()
    return ata.flush_cache is Support.YES, ata.flush_cache_ext is Support.YES


def _done(answer: ScsiAnswer, *, has: bool) -> bool:
    """False where the drive (or its translation) does not take this command. Raises OSError where
    it took it and failed, or nobody answered.

    `has`: the drive has the command, or would refuse it as an illegal request. ATA knows one word,
    ABORT, for a command that a drive does not have and for a flush that failed (ACS-4, FLUSH CACHE,
    error outputs; SAT-4 gives both as ABORTED COMMAND)."""
    if answer.ok:
        return True
    key = _key(answer)
    if key in (SenseKey.NO_SENSE, SenseKey.RECOVERED_ERROR):
        return True
    if key == SenseKey.ILLEGAL_REQUEST or (key == SenseKey.ABORTED_COMMAND and not has):
        return False
    raise OSError(errno.EIO, answer.text)


def _key(answer: ScsiAnswer) -> int | None:
    if not answer.arrived:
        return None
    try:
        return parse_sense(answer.sense).key
    except ToolError:
        return None
