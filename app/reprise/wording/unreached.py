"""Storage that nothing here can reach: why, and what to do about it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from reprise.domain.drives.unreached import Statement, Unreached, UnreachedKind
from reprise.i18n import N_
from reprise.i18n import _ as translate
from reprise.wording.formats import NBSP

# Why, and what to do.
_UNREACHED: Mapping[UnreachedKind, tuple[str, str]] = {
    UnreachedKind.BEHIND_RAID: (
        N_("drives may be hidden behind a RAID controller"),
        N_(
            "Set the storage from RAID to AHCI in the PC's firmware, or the controller to HBA mode,"
            " and start again; or open the PC and look."
        ),
    ),
    UnreachedKind.NO_DRIVER: (
        N_(
            "there is no driver for a storage controller or card reader: what may be attached to it"
            " cannot be seen"
        ),
        N_(
            "Look inside the PC, and into its card slot: take out what is attached, and erase it in"
            " another PC."
        ),
    ),
    UnreachedKind.SHOWS_NOTHING: (
        N_("a storage controller shows no drive: it may hide some"),
        N_(
            "Open the PC and look; delete RAID volumes in the controller's own set-up, and start "
            "again."
        ),
    ),
    UnreachedKind.UNREADABLE: (
        N_("a controller or its port could not be read: whether a drive is attached is unknown"),
        N_("Start again; where it stays so, open the PC and look."),
    ),
    UnreachedKind.REMAPPED: (
        N_("the PC's firmware hides an NVMe drive behind the SATA controller (Intel RST)"),
        N_("Set the storage from RAID or RST to AHCI in the PC's firmware and start again."),
    ),
    UnreachedKind.VOLUME: (
        N_(
            "a RAID controller shows a volume, not the drives that it is made of: they cannot be"
            " reached"
        ),
        N_(
            "Delete the volume and set the controller to HBA mode in its own set-up, and start "
            "again; or erase each drive in another PC."
        ),
    ),
    UnreachedKind.NO_NAMESPACE: (
        N_("an NVMe drive shows no namespace, so nothing of it can be erased"),
        N_("Take it out, or have it destroyed."),
    ),
    UnreachedKind.NVME_NO_DRIVER: (
        N_("an NVMe drive is there that the system cannot use"),
        N_("Try it in another PC, or have it destroyed."),
    ),
    UnreachedKind.STARTING: (
        N_("a drive that is attached there is still starting"),
        N_("Wait a little and read the drives again."),
    ),
    UnreachedKind.SILENT: (
        N_("something is attached there and does not answer as a drive"),
        N_(
            "Check its cables and try it in another PC, or take it out and have it destroyed. If "
            "the drive has appeared since, start the PC again: the station will then look afresh."
        ),
    ),
    UnreachedKind.NO_NODE: (
        N_("a drive or card is there that can be neither read nor written"),
        N_("Try it in another PC, or take it out and have it destroyed."),
    ),
    UnreachedKind.APPEARED: (
        N_("a drive came up after the drives were read, and was not erased"),
        N_("Start the PC again: the drive will then be in the list."),
    ),
    UnreachedKind.NOT_LOOKED: (
        N_("the session was cut off before it looked once more for drives that came up late"),
        N_("Look which drives are in the PC, or erase it again."),
    ),
    UnreachedKind.NOT_LISTED: (
        N_("the list of the PC's storage controllers could not be read"),
        N_("Start again; this PC cannot be called erased without that list."),
    ),
    UnreachedKind.NOT_TOLD: (
        N_("the report leaves out drives, or part of what it says of them"),
        N_("Erase the PC again: without them it cannot be called erased."),
    ),
}
FREE = ({kind: why for kind, (why, _advice) in _UNREACHED.items()},)


# An address as the kernel writes it: domain, bus, device, function.
_PCI = re.compile(r"[0-9a-f]{4,}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]")


def _found_at(one: Unreached) -> Iterator[str]:
    """Of a PCI function what a person can search for: its address, its vendor and device, its
    driver. The rest of the detail is in the report."""
    if not _PCI.fullmatch(one.where):
        yield from (one.where, one.detail)
        return
    told = dict(word.partition("=")[::2] for word in one.detail.split())
    yield from (f"PCI{NBSP}{one.where}", told.get("id", ""), told.get("driver", ""))


def unreached_place(one: Unreached) -> str:
    """Why, and where."""
    data = ", ".join(filter(None, _found_at(one)))
    text = translate(_UNREACHED[one.kind][0])
    return f"{text} ({data})" if data else text


def unreached(found: Iterable[Unreached]) -> tuple[str, ...]:
    """In words, one text a reason: what may hold data that nobody erased. Where there is any, the
    PC is not erased, whatever became of the drives that were seen."""
    return tuple(
        f"{unreached_place(place)}. {translate(_UNREACHED[place.kind][1])}" for place in found
    )


_STATED = N_(
    "{reason}. {who} states that nothing is attached there other than the drives listed here."
    " This is a person's statement, not an observation."
)
_SOMEBODY = N_("The operator, who gave no name,")


def statements(found: Iterable[Statement]) -> tuple[str, ...]:
    """An operator's word about such a place: no observation, and said so."""
    return tuple(
        translate(_STATED).format(
            who=statement.by or translate(_SOMEBODY),
            reason=_begun(unreached_place(statement.about)),
        )
        for statement in found
    )


def _begun(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
