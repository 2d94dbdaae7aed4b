"""What an NVMe subsystem holds beside the namespaces that this PC sees: detached namespaces, active
ones that the kernel gives no node, and capacity that belongs to none (and may have belonged to one
that was deleted).

NVM Express Base Specification 2.0: 5.22 (Sanitize reaches all user data in the NVM subsystem), 5.14
(Format NVM: the namespaces attached to this controller), 5.17 (Identify, TNVMCAP, UNVMCAP, lists of
active and of allocated namespaces), 8.11 (Namespace Management).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from reprise.domain.drives.capabilities import Capabilities, NvmeCapabilities, Support
from reprise.domain.pc.hardware import Drive, Transport
from reprise.domain.planning.techniques import SPECS, Family, Technique


@dataclass(frozen=True, slots=True)
class Beyond:
    """A part of the drive that an attempt does not reach. `amount`: namespaces, or bytes; None: how
    much there is (or whether) was not told."""

    # "unshown-namespaces", "detached-namespaces", "unallocated-capacity", "namespaces-unknown"
    area: str
    amount: int | None = None


def allocated(nvme: NvmeCapabilities) -> int | None:
    """How many namespaces the subsystem has, attached or not. Without Namespace Management none can
    be detached; what was not told otherwise stays unknown."""
    if nvme.namespaces_allocated is None and nvme.namespace_management is Support.NO:
        return nvme.namespaces
    return nvme.namespaces_allocated


def with_siblings(
    drive: Drive, capabilities: Capabilities, others: Iterable[Drive]
) -> Capabilities:
    """`others`: all drives of the PC. Namespaces of one subsystem may be shown by several
    controllers, each of which tells of its own; the serial number is the subsystem's. One that is
    not told may be the same."""
    nvme = capabilities.nvme
    if nvme is None:
        return capabilities
    beside = sum(other.node != drive.node and _may_share(drive, other) for other in others)
    siblings = max(nvme.siblings or 0, beside - ((nvme.namespaces or 1) - 1))
    return replace(capabilities, nvme=replace(nvme, siblings=siblings or None))


def _may_share(drive: Drive, other: Drive) -> bool:
    """A namespace that is reached over a network has Transport.UNKNOWN."""
    if other.transport not in (Transport.NVME, Transport.UNKNOWN):
        return False
    mine, its = drive.identity.serial, other.identity.serial
    return mine == its if mine and its else other.transport is Transport.NVME


def alone(nvme: NvmeCapabilities) -> bool:
    """Whether this PC shows no other namespace of the subsystem than the one that was asked: what
    reaches the whole drive touches nobody else's plan. Detached ones count not."""
    return nvme.namespaces == 1 and not nvme.siblings


def only_namespace(nvme: NvmeCapabilities) -> bool:
    return alone(nvme) and allocated(nvme) == 1


def attachable(capabilities: Capabilities) -> bool:
    """Whether the overwrite of this namespace can attach the detached ones and erase them with it.
    Not where several are shown: each is a drive of its own, and none of them owns the rest."""
    nvme = capabilities.nvme
    return (
        nvme is not None
        and nvme.namespace_management is Support.YES
        and alone(nvme)
        and (allocated(nvme) or 0) > 1
    )


def beyond(
    technique: Technique, drive: Drive, capabilities: Capabilities, *, attaches: bool = False
) -> tuple[Beyond, ...]:
    """What `technique` leaves on the drive although no plan of this PC shows it. What could not be
    asked may be there. `attaches`: the plan has Preparation.ATTACH_NAMESPACES."""
    if drive.transport is not Transport.NVME or not SPECS[technique].one_namespace:
        return ()
    nvme = capabilities.nvme or NvmeCapabilities()
    if attaches and technique is Technique.OVERWRITE and attachable(capabilities):
        return _unallocated(nvme)
    return (*_namespaces(nvme), *_unallocated(nvme))


def more_namespaces(technique: Technique, drive: Drive, capabilities: Capabilities) -> bool:
    """Whether `technique` leaves anything of the subsystem, be it in drives of their own."""
    if beyond(technique, drive, capabilities, attaches=attachable(capabilities)):
        return True
    several = capabilities.nvme is not None and (capabilities.nvme.namespaces or 1) > 1
    return several and SPECS[technique].one_namespace


def unread_namespaces(technique: Technique, nvme: NvmeCapabilities) -> bool:
    """Whether `technique` erases namespaces that no node shows, so not read back here."""
    sanitizes = SPECS[technique].family is Family.NVME_SANITIZE
    return sanitizes and bool(_namespaces(nvme))


def _namespaces(nvme: NvmeCapabilities) -> tuple[Beyond, ...]:
    there = allocated(nvme)
    shown = _shown(nvme)
    active = nvme.namespaces if nvme.namespaces is not None else shown
    if there is None or there < active:  # not told, or a list that cannot be right
        return (Beyond("namespaces-unknown"),)
    parts = (
        Beyond("unshown-namespaces", active - shown),
        Beyond("detached-namespaces", there - active),
    )
    return tuple(part for part in parts if (part.amount or 0) > 0)


def _shown(nvme: NvmeCapabilities) -> int:
    """Each is a drive of the inventory. Linux gives no node to one that it cannot use, whose names
    are another's, or whose Identify failed: nobody reaches what it holds."""
    told = nvme.namespaces_shown
    return told if told is not None else int(nvme.namespace_id is not None)


def _unallocated(nvme: NvmeCapabilities) -> tuple[Beyond, ...]:
    left = nvme.unallocated_bytes
    return (Beyond("unallocated-capacity", left),) if left else ()
