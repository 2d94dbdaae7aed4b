"""What came up in the PC after its drives were read: nobody planned it, nobody erased it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from reprise.domain.drives.same_drive import bare, same_drive
from reprise.domain.drives.scope import can_be_taken_out, hangs_outside
from reprise.domain.drives.unreached import Unreached, UnreachedKind
from reprise.domain.drives.usb_port import UsbPort
from reprise.domain.pc.hardware import Drive, DriveIdentity, Inventory, Transport, Use, UseKind
from reprise.domain.pc.placeholders import is_told_apart, real_serial, real_wwn


@dataclass(frozen=True, slots=True)
class Glimpse:
    """A drive as the kernel and udev know it, without a command to it. `identity`: what they tell,
    which may be nothing. `lent`: it can be taken out and is mounted, and nothing is but what holds
    reports."""

    node: str
    identity: DriveIdentity
    transport: Transport
    port: UsbPort = UsbPort.UNKNOWN
    lent: bool = False


@dataclass(frozen=True, slots=True)
class Storage:
    """All that a quick look shows: drives (as in an inventory, never loops), and places that cannot
    be reached."""

    drives: tuple[Glimpse, ...]
    unreached: tuple[Unreached, ...]


def glimpse_of(inventory: Inventory) -> Storage:
    """What the quick look would have shown at that moment."""
    drives = (
        Glimpse(d.node, d.identity, d.transport, d.port, is_lent(d.removable, d.uses))
        for d in inventory.drives
    )
    return Storage(tuple(drives), inventory.unreached)


def appeared(
    drives: Iterable[Drive], inventory: Inventory, known: Iterable[Unreached], now: Storage
) -> tuple[Unreached, ...]:
    """Drives of the PC that the session does not have, and places where a drive is seen and that
    neither `inventory` nor `known` names as such. `drives`: of every look, each as it stands now,
    and as large as anything showed it: of one that has grown since, nobody erased the rest.
    A place where something only may be is no news: a long erase may push what was known of it out
    of the kernel's log. A namespace that came up late is a drive like others, though the one beside
    it was erased: nobody planned it."""
    left = _not_met(tuple(drives), [seen for seen in now.drives if of_the_pc(seen)])
    new = (
        Unreached(
            UnreachedKind.APPEARED, drive.node.removeprefix("/dev/"), drive.identity.serial or ""
        )
        for drive in left
    )
    places = (place for place in now.unreached if not place.statable)
    told = {seen.where for seen in (*inventory.unreached, *known) if not seen.statable}
    return tuple(place for place in (*new, *places) if place.where not in told)


def is_lent(removable: bool, uses: Iterable[Use]) -> bool:
    return removable and any(use.kind is UseKind.MOUNT for use in uses)


def of_the_pc(one: Glimpse) -> bool:
    """Not on a USB port outside, and no stick or card for the reports (many a port outside is
    called fixed): that was plugged in to do the work."""
    return not (one.lent or hangs_outside(one))


def _not_met(drives: Sequence[Drive], seen: Sequence[Glimpse]) -> tuple[Glimpse, ...]:
    """Each drive accounts for one of those seen: the one under its name, unless that tells another
    number (or another size, where no number tells) or hangs elsewhere; then the one that is told
    to be it (it came back under another name, or two changed theirs); then our own stick, if that
    tells nothing. What hung outside accounts for nothing inside. One that has grown was met, and is
    told all the same."""
    left, free = list(seen), [known for known in drives if not hangs_outside(known)]
    grown: list[Glimpse] = []
    for same in (_under_its_name, _by_its_number, _our_own):
        for drive in tuple(free):
            met = next((glimpse for glimpse in left if same(glimpse, drive)), None)
            if met is not None:
                free.remove(drive)
                left.remove(met)
                if 0 < drive.identity.size_bytes < met.identity.size_bytes:
                    grown.append(met)
    return (*left, *grown)


def _under_its_name(one: Glimpse, drive: Drive) -> bool:
    moved = (one.transport is Transport.USB) != (drive.transport is Transport.USB)
    if one.node != drive.node or moved:
        return False
    mine, its = one.identity, drive.identity
    names = {real_wwn(mine), real_wwn(its)}
    if mine.serial and its.serial and bare(mine.serial) != bare(its.serial):
        return False
    if drive.transport is Transport.NVME and None not in names:  # the number is the subsystem's
        return len(names) == 1
    if real_serial(mine) and real_serial(its):
        return True
    if None not in names:
        return len(names) == 1
    sizes = {mine.size_bytes, its.size_bytes}  # all that is left to tell them apart; 0: not known
    return len(sizes) == 1 or 0 in sizes


def _by_its_number(one: Glimpse, drive: Drive) -> bool:
    mine, its = one.identity, drive.identity
    spelled = bare(mine.serial) == bare(its.serial)  # else with other spaces
    return same_drive(replace(mine, serial=its.serial) if spelled else mine, its)


def _our_own(one: Glimpse, drive: Drive) -> bool:
    """What the system started from may be pulled and put back, and a stick or card without a number
    of its own comes back as of the same size on the same bus."""
    return (
        any(drive.boot.started)
        and can_be_taken_out(drive)
        and not (is_told_apart(one.identity) or is_told_apart(drive.identity))
        and (one.transport, one.identity.size_bytes) == (drive.transport, drive.identity.size_bytes)
    )
