"""What is unusual about a PC's plan: why one typed word is not enough, and why nothing may begin
without a person. Pure: facts and plan in, reasons out."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from reprise.domain.drives.scope import is_outside
from reprise.domain.pc.hardware import Drive, DriveIdentity, Inventory, Transport
from reprise.domain.planning.plan import DrivePlan, Plan, WarningCode

# A desktop has two or three drives; four fit into a workstation. More is a server or a storage box.
MANY_DRIVES = 5
# SMBIOS Reference Specification (DSP0134), 7.4.1, as dmidecode spells them.
SERVER_CHASSIS = frozenset(
    {
        "Main Server Chassis",
        "Rack Mount Chassis",
        "Blade",
        "Blade Enclosing",
        "RAID Chassis",
        "Multi-system",
    }
)
FEW_ABSENT = 4  # a workbench where drives come and go misses more every month: told by number
TAIL = 4  # characters of a serial number: few to type, and enough to make somebody look


class UnusualCode(StrEnum):
    NOT_INTERNAL = "unusual-not-internal"
    NEIGHBOUR_REFUSED = "unusual-neighbour-refused"
    MANY_DRIVES = "unusual-many-drives"
    SERVER = "unusual-server"
    HIDDEN_STORAGE = "unusual-hidden-storage"
    FROM_ANOTHER_PC = "unusual-from-another-pc"
    PERHAPS_FROM_ANOTHER_PC = "unusual-perhaps-from-another-pc"
    BELOW_POLICY = "unusual-below-policy"
    ABSENT = "unusual-absent-drive"
    MORE_ABSENT = "unusual-more-absent-drives"


@dataclass(frozen=True, slots=True)
class Unusual:
    """One reason. `drive`: DriveIdentity.key of the drive that it is about; "": the whole PC.
    `detail` is data: a path, a number."""

    code: UnusualCode
    drive: str = ""
    detail: str = ""


def unusual(
    inventory: Inventory,
    plan: Plan,
    elsewhere: Collection[str] = (),
    perhaps: Collection[str] = (),
    absent: Iterable[DriveIdentity] = (),
) -> tuple[Unusual, ...]:
    """All reasons (empty: an ordinary PC). `elsewhere`: keys of the drives that another PC began
    to erase, `perhaps`: that it may have been another; `absent`: drives that were begun in this
    one and that it does not show. Where the plan erases nothing there is nothing to confirm, so
    nothing is unusual."""
    facts = {drive.node: drive for drive in inventory.drives}
    erased = [planned for planned in plan.drives if not planned.refused]
    if not erased:
        return ()
    return (
        *_of_drives(erased, facts, elsewhere, perhaps),
        *_of_neighbours(plan, facts),
        *_of_pc(inventory, plan, len(erased)),
        *_of_absent(absent),
    )


def serial_tail(drive: Drive) -> str:
    """What a person types besides the word: the last letters and digits of the drive's serial
    number (or WWN), in capitals. A drive that has none in ASCII gives its short path."""
    return _tail(drive.identity.confirm_word or "") or _tail(drive.node)


def _of_absent(absent: Iterable[DriveIdentity]) -> Iterable[Unusual]:
    """`absent`: the newest last. Once each, though it was met at two sizes; of many the newest,
    and how many there are."""
    names = tuple(dict.fromkeys(reversed([_named(drive) for drive in absent])))[::-1]
    told = names if len(names) <= FEW_ABSENT else names[-FEW_ABSENT + 1 :]
    for name in told:
        yield Unusual(UnusualCode.ABSENT, detail=name)
    if len(told) < len(names):
        yield Unusual(UnusualCode.MORE_ABSENT, detail=str(len(names) - len(told)))


def _named(drive: DriveIdentity) -> str:
    return " ".join((*filter(None, (drive.model,)), f"({drive.serial or drive.wwn})"))


def _tail(text: str) -> str:
    return "".join(c for c in text if c.isascii() and c.isalnum())[-TAIL:].upper()


def _of_drives(
    erased: Iterable[DrivePlan],
    facts: dict[str, Drive],
    elsewhere: Collection[str],
    perhaps: Collection[str],
) -> Iterable[Unusual]:
    for planned in erased:
        key, name = planned.drive.key, planned.node.removeprefix("/dev/")
        drive = facts.get(planned.node)
        if drive is None or drive.transport is Transport.USB or drive.removable:
            yield Unusual(UnusualCode.NOT_INTERNAL, key, name)
        if key in elsewhere:
            yield Unusual(UnusualCode.FROM_ANOTHER_PC, key, name)
        if key in perhaps:
            yield Unusual(UnusualCode.PERHAPS_FROM_ANOTHER_PC, key, name)
        if WarningCode.BELOW_POLICY in planned.warnings:
            yield Unusual(UnusualCode.BELOW_POLICY, key, name)


def _of_neighbours(plan: Plan, facts: dict[str, Drive]) -> Iterable[Unusual]:
    for planned in plan.drives:
        codes = {refusal.code for refusal in planned.refusals}
        if planned.refused and not is_outside(facts.get(planned.node), codes):
            name = planned.node.removeprefix("/dev/")
            yield Unusual(UnusualCode.NEIGHBOUR_REFUSED, detail=name)


def _of_pc(inventory: Inventory, plan: Plan, erased: int) -> Iterable[Unusual]:
    if erased >= MANY_DRIVES:
        yield Unusual(UnusualCode.MANY_DRIVES, detail=str(erased))
    if inventory.machine.chassis in SERVER_CHASSIS:
        yield Unusual(UnusualCode.SERVER)
    if plan.warnings:
        yield Unusual(UnusualCode.HIDDEN_STORAGE)
