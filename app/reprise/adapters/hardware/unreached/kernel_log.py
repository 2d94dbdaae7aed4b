"""What the kernel's log says of ATA links: a drive that never came up in any reset leaves its link
in sysfs as if nothing were attached."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from reprise.adapters.hardware.sysfs import Roots

_RECORD_BYTES = 8192  # Documentation/ABI/testing/dev-kmsg: a smaller buffer gets EINVAL
# drivers/ata/libata-core.c (ata_wait_ready), libata-sata.c, libata-sff.c and libata-eh.c. Each is
# said only of a link that is not offline; -16 is EBUSY: what is attached stays busy. The last word
# on a link counts.
_SAYS = re.compile(
    r"ata(?P<port>\d+)(?:\.(?P<pmp>\d+))?: (?:"
    r"(?P<quiet>SATA link down)|(?P<up>SATA link up)"
    r"|link is slow to respond|(?:COMRESET|SRST) failed \(errno=-16\)|reset failed, giving up)"
)


def troubled_links(roots: Roots) -> frozenset[str] | None:
    """Names as in /sys/class/ata_link of links whose device did not come up; None where the log
    cannot be read."""
    troubled: dict[str, bool] = {}
    try:
        for said in _lines(roots):
            if found := _SAYS.search(said):
                pmp = "" if found["pmp"] is None else f".{int(found['pmp'])}"
                settled = found["quiet"] or found["up"]
                troubled[f"link{found['port']}{pmp}"] = not settled
    except OSError:
        return None
    return frozenset(name for name, is_so in troubled.items() if is_so)


def _lines(roots: Roots) -> Iterator[str]:
    """/dev/kmsg gives one record a read, and would wait for the next one at its end."""
    log = os.open(roots.dev / "kmsg", os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        while True:
            try:
                record = os.read(log, _RECORD_BYTES)
            except BlockingIOError:
                return
            except BrokenPipeError:
                continue  # overwritten meanwhile: the next read gives the oldest that is left
            if not record:
                return
            yield from record.decode("utf-8", "replace").splitlines()
    finally:
        os.close(log)
