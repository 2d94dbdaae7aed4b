"""A quick look at which drives there are, by what the kernel and udev know: no command to any."""

from __future__ import annotations

import threading

from reprise.adapters.hardware import identity
from reprise.adapters.hardware.blocks import drive_names, node_of, size_bytes
from reprise.adapters.hardware.identity import Sources
from reprise.adapters.hardware.sysfs import Roots
from reprise.adapters.hardware.udev import UdevLookup
from reprise.adapters.hardware.unreached import find_unreached
from reprise.adapters.hardware.usb_port import usb_port
from reprise.adapters.hardware.uses import KernelUses, find_uses, read_kernel_uses
from reprise.domain.drives.late import Glimpse, Storage, is_lent
from reprise.domain.drives.usb_port import UsbPort
from reprise.domain.pc.hardware import DriveIdentity, Transport
from reprise.errors import ToolError
from reprise.i18n import _

# It takes milliseconds; a slow PC under load was seen to need more than five seconds.
_PATIENCE_S = 60.0


def look(
    roots: Roots,
    udev: UdevLookup,
    patience_s: float = _PATIENCE_S,
    shown: frozenset[str] = frozenset(),
) -> Storage:
    """In a thread, which is left behind where a driver does not answer. `shown`: as of
    find_unreached. Raises ToolError."""
    box: list[Storage | Exception] = []

    def read() -> None:
        try:
            box.append(_read(roots, udev, shown))
        except Exception as error:  # noqa: BLE001 - told by whoever waits for this thread
            box.append(error)

    thread = threading.Thread(target=read, daemon=True)
    thread.start()
    thread.join(patience_s)
    outcome = box[0] if box else TimeoutError(f"{patience_s:.0f} s")
    if isinstance(outcome, Exception):
        text = _("The drives could not be listed before the report ({reason}).")
        reason = f"{type(outcome).__name__}: {outcome}"
        raise ToolError(text.format(reason=reason)) from outcome
    return outcome


def _read(roots: Roots, udev: UdevLookup, shown: frozenset[str]) -> Storage:
    """What is out of reach first: a drive that comes up in between is in both."""
    unreached = find_unreached(roots, shown)
    uses = read_kernel_uses(roots)
    drives = (glimpse(roots, udev, name, uses) for name in drive_names(roots))
    return Storage(tuple(drives), unreached)


def glimpse(roots: Roots, udev: UdevLookup, name: str, uses: KernelUses) -> Glimpse:
    """Of one node by its kernel name."""
    src = Sources(roots, name, udev(roots.block(name)))
    kind = identity.transport(src)
    who = DriveIdentity(
        serial=identity.serial(src), wwn=identity.wwn(src), size_bytes=size_bytes(roots, name)
    )
    port = usb_port(src.block) if kind is Transport.USB else UsbPort.UNKNOWN
    lent = is_lent(identity.removable(src, kind), find_uses(roots, name, uses))
    return Glimpse(node_of(name), who, kind, port, lent)
