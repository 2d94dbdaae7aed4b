"""What came up in the PC after its drives were read: nobody planned it, nobody erased it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from reprise.domain.hardware import Drive, DriveIdentity, Inventory, Transport
from reprise.domain.same import same_drive
from reprise.domain.unreached import Unreached, UnreachedKind
from reprise.domain.usb_port import INSIDE, UsbPort


@dataclass(frozen=True, slots=True)
class Glimpse:
    """A drive as the kernel and udev know it, without a command to it. `identity`: what they tell,
    which may be nothing."""

    node: str
    identity: DriveIdentity
    transport: Transport
    port: UsbPort = UsbPort.UNKNOWN


@dataclass(frozen=True, slots=True)
class Storage:
    """All that a quick look shows: drives (as in an inventory, never loops), and places that cannot
    be reached."""

    drives: tuple[Glimpse, ...]
    unreached: tuple[Unreached, ...]


def glimpse_of(inventory: Inventory) -> Storage:
    """What the quick look would have shown at that moment."""
    drives = (Glimpse(d.node, d.identity, d.transport, d.port) for d in inventory.drives)
    return Storage(tuple(drives), inventory.unreached)


def appeared(
    inventory: Inventory, known: Iterable[Unreached], now: Storage
) -> tuple[Unreached, ...]:
    """Drives of the PC that the inventory does not have, and places where a drive is seen and that
    neither it nor `known` names. What hangs on a USB port outside was plugged in to do the work. A
    place where something only may be is no news: a long erase may push what was known of it out of
    the kernel's log."""
    nodes = {one.node for one in now.drives}
    new = (
        Unreached(UnreachedKind.APPEARED, one.node.removeprefix("/dev/"), one.identity.serial or "")
        for one in now.drives
        if _of_the_pc(one) and not any(_is(one, drive, nodes) for drive in inventory.drives)
    )
    places = (one for one in now.unreached if not one.statable)
    told = {one.where for one in (*inventory.unreached, *known)}
    return tuple(one for one in (*new, *places) if one.where not in told)


def _of_the_pc(one: Glimpse) -> bool:
    return one.transport is not Transport.USB or one.port in INSIDE


def _is(one: Glimpse, drive: Drive, nodes: Collection[str]) -> bool:
    """Under its name, unless another serial number is told; or the same drive under a new one (its
    size was changed, the PC slept), while nothing has the old one. A namespace is a part of its
    NVMe drive, which was asked how many it has."""
    mine, its = one.identity.serial, drive.identity.serial
    if one.node == drive.node:
        return not (mine and its) or _bare(mine) == _bare(its)
    if one.transport is Transport.NVME is drive.transport and mine and mine == its:
        return True
    return drive.node not in nodes and same_drive(one.identity, drive.identity)


def _bare(text: str) -> str:
    """Letters and digits only: each source has its own spaces."""
    return "".join(letter for letter in text.lower() if letter.isalnum())
