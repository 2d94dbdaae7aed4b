"""Is a SCSI drive sanitizing itself? Asked of its generic node.

The kernel repeats every read that such a drive refuses, for minutes each (drivers/scsi/scsi_lib.c,
sense 04/1B: ACTION_DELAYED_RETRY until allowed tries x time-out are over), and a mere open() of the
block node waits for the partition table to be read. The generic node does neither.
"""

from __future__ import annotations

import fcntl
import os

from reprise.adapters.drives.passthrough.sgio import KernelScsi
from reprise.adapters.hardware.sysfs import Roots, names, read_text
from reprise.errors import ToolError
from reprise.wire import scsi
from reprise.wire.sense import parse_sense

_QUICK_MS = 10_000


class _GenericNode:
    """/dev/sgN, for commands only."""

    def __init__(self, path: str) -> None:
        self._fd = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)

    def __enter__(self) -> _GenericNode:
        return self

    def __exit__(self, *_exc: object) -> None:
        os.close(self._fd)

    def ioctl(self, request: int, argument: bytearray | int = 0) -> int:
        answer: int = fcntl.ioctl(self._fd, request, argument)
        return answer


def sanitizing(roots: Roots, name: str) -> bool:
    """Only where the drive with this kernel name says so itself: no generic node, no answer and
    another answer leave it to whoever opens the drive. An ATA drive behind a translation refuses
    reads at once and is spoken to in its own tongue."""
    device = roots.block(name) / "device"
    generic = names(device / "scsi_generic")
    if not generic or read_text(device / "vendor") == "ATA":
        return False
    try:
        with _GenericNode(str(roots.dev / generic[0])) as node:
            answer = KernelScsi().send(
                node, scsi.request_sense(), data_in=scsi.REPLY_BYTES, timeout_ms=_QUICK_MS
            )
        return answer.ok and parse_sense(answer.data).sanitizing
    except (OSError, ToolError):
        return False
