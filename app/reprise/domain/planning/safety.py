"""Every reason not to touch a drive. Pure: facts in, refusals out. A fact that safety needs and
that could not be read is a reason of its own, never a "no"."""

from __future__ import annotations

import re
from collections.abc import Iterable

from reprise.domain.drives.boot_medium import STICK_LABELS
from reprise.domain.drives.capabilities import OwnWord
from reprise.domain.drives.scope import can_be_taken_out
from reprise.domain.drives.usb_port import UsbPort
from reprise.domain.pc.hardware import Drive, Reason, Transport, UseKind
from reprise.domain.planning.plan import Refusal, RefusalCode
from reprise.domain.planning.policy import Policy

# Whether files of a Reprise system lie on it: another station's stick, of any name.
OUR_FILES = "our_files"
# Names under which a probe puts into Drive.unknown what it could not read.
SAFETY_FACTS = (
    "identity",
    "uses",
    "boot",
    OUR_FILES,
    "read_only",
    "removable",
    "transport",
    "size_bytes",
)

_WORDS = ("serial", "address")  # of OwnWord: what tells one drive from another

_USE_CODES = {
    UseKind.MOUNT: RefusalCode.MOUNTED,
    UseKind.SWAP: RefusalCode.SWAP,
    UseKind.HOLDER: RefusalCode.HELD,
}

_ON_PORT = {
    UsbPort.FIXED: RefusalCode.USB_INSIDE,
    UsbPort.SLOT: RefusalCode.CARD_INSIDE,
}


def refusals(
    drive: Drive, policy: Policy, *, others: Iterable[Drive] = (), named: bool = False
) -> tuple[Refusal, ...]:
    """All reasons not to touch `drive` (empty: none is known).

    `others`: all drives of the PC (`drive` itself may be among them), to find two that cannot be
    told apart. `named`: a person gave this very path, the only way to reach a loop device.
    """
    return (
        *_stick(drive),
        *_in_use(drive),
        *_unknown(drive),
        *_surface(drive),
        *_zones(drive),
        *_place(drive, policy, named=named),
        *_identity(drive, others),
    )


def refusals_at_write(
    planned: Drive, seen: Drive, policy: Policy, *, named: bool = False
) -> tuple[Refusal, ...]:
    """The last look before the first destructive command: all of `refusals`, and whether the
    drive at this path is still the one that was planned and confirmed."""
    changed = tuple(_changes(planned, seen))
    return (*changed, *refusals(seen, policy, named=named))


def another_serial(planned: str | None, told: str) -> bool:
    """Whether the drive itself tells another serial number than the planned one (None: unknown).
    udev writes underscores where the drive has spaces."""
    return planned is not None and _plain(planned) != _plain(told)


def _plain(serial: str) -> str:
    return re.sub(r"[\s_]+", "_", serial.strip())


def word_changed(planned: Drive, then: OwnWord, now: OwnWord) -> tuple[str, str, str] | None:
    """Whether the drive at this path says that it is another one than when it was planned: the
    fact, as planned, as found. `then`: its own word at that time.

    On USB, and for a card's register, only its own words are compared: the serial number that the
    kernel gives may be the bridge's, or is written otherwise.
    """
    serial = planned.identity.serial
    named = now.by != "mmc" and planned.transport is not Transport.USB
    if named and serial and now.serial and another_serial(serial, now.serial):
        return "serial", serial, now.serial
    for fact in _WORDS:
        old, new = getattr(then, fact), getattr(now, fact)
        if old and new and another_serial(old, new):
            return fact, old, new
    return None


def word_lost(then: OwnWord, now: OwnWord) -> bool:
    """Whether it told who it is, and tells nothing of that now. An answer that leaves out all that
    was told before (a serial number of spaces) is none: nothing could be compared."""
    told = [fact for fact in _WORDS if getattr(then, fact)]
    if not told:
        return bool(then.by) and not now.by
    return not any(getattr(now, fact) for fact in told)


def dock_alone_tells(planned: Drive, then: OwnWord) -> bool:
    """Whether nothing but the kernel tells who it is, by a serial number that may be its bridge's:
    another in the same dock is told from it by nothing."""
    return planned.transport is Transport.USB and not any(getattr(then, fact) for fact in _WORDS)


def stick_refusals(drive: Drive, *, others: Iterable[Drive] = ()) -> tuple[Refusal, ...]:
    """All reasons not to write a new Reprise stick over `drive`, which a person named by its path.
    An old Reprise stick may be written again; what this system runs from may not."""
    return (
        *_running(drive),
        *_in_use(drive),
        *_unknown(drive, besides=OUR_FILES),
        *_surface(drive),
        *_identity(drive, others),
    )


def stick_refusals_at_write(planned: Drive, seen: Drive) -> tuple[Refusal, ...]:
    """The last look before the first byte, as `refusals_at_write`."""
    return (*_changes(planned, seen), *stick_refusals(seen))


def _running(drive: Drive) -> Iterable[Refusal]:
    if drive.boot.running:
        yield Refusal(RefusalCode.BOOT_MEDIUM, ",".join(drive.boot.running))


def _changes(planned: Drive, seen: Drive) -> Iterable[Refusal]:
    before, now = planned.identity, seen.identity
    for name in ("serial", "wwn", "size_bytes", "model"):
        old, new = getattr(before, name), getattr(now, name)
        if old != new:
            yield Refusal(RefusalCode.IDENTITY_CHANGED, f"{name}: {old} -> {new}")
    if planned.logical_sector_bytes != seen.logical_sector_bytes:
        yield Refusal(RefusalCode.IDENTITY_CHANGED, "logical_sector_bytes")


def _stick(drive: Drive) -> Iterable[Refusal]:
    if drive.boot.is_boot:
        yield Refusal(_boot_code(drive), drive.boot.how or "")
    labels = [(drive.node, drive.label), *((part.node, part.label) for part in drive.partitions)]
    for node, label in labels:
        if label in STICK_LABELS:
            yield Refusal(RefusalCode.REPRISE_STICK, f"{node}: {label}")


def _boot_code(drive: Drive) -> RefusalCode:
    if not drive.boot.started:
        return RefusalCode.REPRISE_STICK
    ours = can_be_taken_out(drive)
    return RefusalCode.BOOT_MEDIUM if ours else RefusalCode.BOOT_MEDIUM_INSIDE


def _in_use(drive: Drive) -> Iterable[Refusal]:
    for use in drive.uses:
        yield Refusal(_USE_CODES[use.kind], f"{use.node}: {use.detail}")


def _unknown(drive: Drive, *, besides: str = "") -> Iterable[Refusal]:
    if Reason.SANITIZING in drive.unknown.values():
        yield Refusal(RefusalCode.SANITIZING)
        return
    for fact in SAFETY_FACTS:
        if fact in drive.unknown and fact != besides:
            yield Refusal(RefusalCode.PROBE_INCOMPLETE, f"{fact}: {drive.unknown[fact]}")
    if drive.transport is Transport.UNKNOWN and "transport" not in drive.unknown:
        yield Refusal(RefusalCode.PROBE_INCOMPLETE, "transport")


def _surface(drive: Drive) -> Iterable[Refusal]:
    if drive.read_only:
        yield Refusal(RefusalCode.READ_ONLY)
    if drive.identity.size_bytes <= 0:
        yield Refusal(RefusalCode.NO_SIZE)


def _zones(drive: Drive) -> Iterable[Refusal]:
    """Neither marks nor an overwrite can be put anywhere on it: the drive refuses a write that is
    not at its zone's write pointer (ZBC, ZAC: host managed model; NVMe: zoned namespaces)."""
    if drive.zoned == "host-managed":
        yield Refusal(RefusalCode.HOST_MANAGED)


def _place(drive: Drive, policy: Policy, *, named: bool) -> Iterable[Refusal]:
    if drive.transport is Transport.LOOP:
        if not named:
            yield Refusal(RefusalCode.NOT_INTERNAL, Transport.LOOP)
        return
    if policy.allow_usb:
        return
    if drive.transport is Transport.USB:
        yield Refusal(_ON_PORT.get(drive.port, RefusalCode.NOT_INTERNAL), Transport.USB)
    elif drive.removable:
        card = drive.transport is Transport.MMC
        yield Refusal(RefusalCode.CARD_INSIDE if card else RefusalCode.NOT_INTERNAL, "removable")


def _identity(drive: Drive, others: Iterable[Drive]) -> Iterable[Refusal]:
    word = drive.identity.confirm_word
    if word is None:
        yield Refusal(RefusalCode.IDENTITY_UNKNOWN)
        return
    for other in others:
        if other.node != drive.node and _cannot_tell(drive, other):
            yield Refusal(RefusalCode.IDENTITY_AMBIGUOUS, f"{other.node}: {word}")


def _cannot_tell(one: Drive, two: Drive) -> bool:
    """Same word to confirm, and no WWN that tells them apart. A different size does not help:
    the operator confirms by serial number."""
    if one.identity.confirm_word != two.identity.confirm_word:
        return False
    wwns = (one.identity.wwn, two.identity.wwn)
    return None in wwns or wwns[0] == wwns[1]
