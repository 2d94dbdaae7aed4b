"""Which techniques a drive can really do, and what must be done to it first. Only a plain YES
counts: UNKNOWN is not enough to send a firmware command."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from reprise.domain.drives.capabilities import (
    Capabilities,
    NvmeCapabilities,
    SanitizeState,
    Support,
)
from reprise.domain.drives.namespaces import allocated, alone, attachable, only_namespace
from reprise.domain.pc.hardware import Drive, Transport
from reprise.domain.planning.plan import Preparation, Refusal, RefusalCode
from reprise.domain.planning.policy import Policy
from reprise.domain.planning.techniques import SPECS, Family, Technique, TechniqueSpec


def can(technique: Technique, drive: Drive, capabilities: Capabilities) -> bool:
    """Whether the drive is known to support `technique`."""
    row = SPECS[technique]
    return _CHECKS[row.family](row, drive, capabilities)


def _can_overwrite(_row: TechniqueSpec, _drive: Drive, _capabilities: Capabilities) -> bool:
    return True


def _can_psid(_row: TechniqueSpec, _drive: Drive, capabilities: Capabilities) -> bool:
    """It resets the whole drive: not where another namespace is somebody else's plan."""
    nvme = capabilities.nvme
    apart = nvme is None or alone(nvme)
    return capabilities.opal is Support.YES and not capabilities.bridged and apart


def _can_scsi(row: TechniqueSpec, _drive: Drive, capabilities: Capabilities) -> bool:
    return says_yes(capabilities.scsi, row)


def _can_ata_sanitize(row: TechniqueSpec, _drive: Drive, capabilities: Capabilities) -> bool:
    ata = capabilities.ata
    return (
        ata is not None
        and not capabilities.bridged
        and ata.sanitize_state is not SanitizeState.FROZEN
        and ata.sanitize is Support.YES
        and says_yes(ata, row)
    )


def _can_security_erase(row: TechniqueSpec, _drive: Drive, capabilities: Capabilities) -> bool:
    """Never across a bridge: one that resets in the middle leaves a locked drive."""
    ata = capabilities.ata
    return (
        ata is not None
        and not capabilities.bridged
        and ata.security is Support.YES
        and says_yes(ata, row)
        and not (ata.security_frozen is Support.YES and locks_by_suspend(capabilities))
    )


def has_password(capabilities: Capabilities) -> bool:
    """An ATA password is set, and the firmware (or somebody) opened the drive with it: without
    power it locks itself again (ACS-4, Security feature set: a power-on reset leaves a drive with
    security enabled locked), and nobody here could open it."""
    ata = capabilities.ata
    return (
        ata is not None
        and ata.security_enabled is Support.YES
        and ata.security_locked is not Support.YES
    )


def locks_by_suspend(capabilities: Capabilities) -> bool:
    """By a password of either kind that nobody here knows: ATA's, or that of a drive that encrypts
    itself (TCG Opal, Pyrite ...)."""
    return has_password(capabilities) or capabilities.opal_open is Support.YES


def may_lock_by_suspend(capabilities: Capabilities) -> bool:
    """Also of an ATA drive that could not be asked for its password. Behind a USB bridge no
    firmware opens one, so only its own word counts there."""
    ata = capabilities.ata
    silent = (
        ata is not None
        and ata.known
        and not capabilities.bridged
        and ata.security_enabled is Support.UNKNOWN
        and ata.security_locked is not Support.YES
    )
    return silent or locks_by_suspend(capabilities)


def _can_nvme_sanitize(row: TechniqueSpec, drive: Drive, capabilities: Capabilities) -> bool:
    """A sanitize reaches every namespace of the subsystem: only where this PC uses no other one
    than the one that was confirmed. Detached ones are erased with it, as they should be."""
    nvme = capabilities.nvme
    return (
        nvme is not None
        and drive.transport is Transport.NVME
        and nvme.namespace_id is not None
        and alone(nvme)
        and says_yes(nvme, row)
    )


def _can_format(row: TechniqueSpec, drive: Drive, capabilities: Capabilities) -> bool:
    """None but the namespace that was identified and witnessed may be touched or claimed: it is
    the only one, or the drive says that a format reaches no other."""
    nvme = capabilities.nvme
    return (
        nvme is not None
        and drive.transport is Transport.NVME
        and nvme.format is Support.YES
        and nvme.namespace_id is not None
        and (only_namespace(nvme) or formats_one_by_one(nvme))
        and says_yes(nvme, row)
    )


def formats_one_by_one(nvme: NvmeCapabilities) -> bool:
    """Several namespaces, all of them active, so each that is shown is a drive of the plan (for the
    others see namespaces.beyond); and a format with a secure erase reaches only the one that it
    names (NVM Express Base 2.0, 5.17.2.1, FNA bits 0 and 1 cleared). A detached one would be left,
    so that drive is for a sanitize."""
    return (
        nvme.namespaces is not None
        and nvme.namespaces == allocated(nvme)
        and nvme.format_all_namespaces is Support.NO
        and nvme.erase_all_namespaces is Support.NO
    )


def _can_mmc(_row: TechniqueSpec, drive: Drive, capabilities: Capabilities) -> bool:
    mmc = capabilities.mmc
    return (
        drive.transport is Transport.MMC
        and mmc is not None
        and Support.YES in (mmc.trim, mmc.secure_erase)
    )


def must_be_written_first(technique: Technique, capabilities: Capabilities) -> bool:
    """Whether a read error right after `technique` is what the drive announced, no bad sector."""
    field = SPECS[technique].write_first
    return bool(field) and getattr(capabilities.scsi, field, None) is Support.YES


def says_yes(part: object, row: TechniqueSpec) -> bool:
    """`part`: the capabilities of the row's family."""
    return getattr(part, row.capability, None) is Support.YES


_CHECKS: Mapping[Family, Callable[[TechniqueSpec, Drive, Capabilities], bool]] = {
    Family.HOST_OVERWRITE: _can_overwrite,
    Family.ATA_SANITIZE: _can_ata_sanitize,
    Family.ATA_SECURITY: _can_security_erase,
    Family.NVME_SANITIZE: _can_nvme_sanitize,
    Family.NVME_FORMAT: _can_format,
    Family.SCSI_SANITIZE: _can_scsi,
    Family.MMC: _can_mmc,
    Family.TCG: _can_psid,
}


def preparations(
    capabilities: Capabilities, techniques: Iterable[Technique], policy: Policy
) -> tuple[Preparation, ...]:
    """What comes before the first attempt, in order: a frozen drive must be thawed before it can
    be unlocked, and the HPA goes before the DCO (ACS-3, DEVICE CONFIGURATION RESTORE aborts while
    a host protected area is set)."""
    ata = capabilities.ata
    if ata is None:
        attach = attachable(capabilities) and Technique.OVERWRITE in techniques
        return (Preparation.ATTACH_NAMESPACES,) * (attach and policy.remove_hidden_areas)
    locked = ata.security_locked is Support.YES
    hidden = hidden_areas(capabilities) if policy.remove_hidden_areas else ()
    wants_security = any(SPECS[technique].family is Family.ATA_SECURITY for technique in techniques)
    frozen = ata.security_frozen is Support.YES and not locks_by_suspend(capabilities)
    needed: list[Preparation] = []
    if frozen and policy.thaw_by_suspend and (locked or wants_security or hidden):
        needed.append(Preparation.THAW)
    if locked:
        needed.append(Preparation.UNLOCK)
    return (*needed, *hidden)


# ACS-4, SANITIZE DEVICE: until a sanitize has succeeded the drive aborts other commands, so that
# it says nothing of its native size proves nothing (a limitation tells that it is unknown).
_TAKES_NO_OTHER = frozenset({SanitizeState.RUNNING, SanitizeState.FAILED})


def may_hide(capabilities: Capabilities) -> bool:
    """An ATA drive may hide space, and does not say how large it really is: it refuses to, or its
    bridge or driver loses the answer. Only HPA and AMAC: a DCO that the firmware froze tells
    nothing on most PCs, and is a limitation."""
    ata = capabilities.ata
    if ata is None or ata.sanitize_state in _TAKES_NO_OTHER or ata.native_sectors is not None:
        return False
    has_neither = (ata.hpa, ata.amac) == (Support.NO, Support.NO)
    return Support.YES in (ata.hpa, ata.amac) or (ata.known and not has_neither)


def hides_tail(drive: Drive, capabilities: Capabilities) -> bool:
    """The drive's own word gives it more than the kernel can reach: a bridge that counts to 2 TiB,
    an adapter that keeps the end for itself."""
    return own_bytes(capabilities) > drive.identity.size_bytes


def own_bytes(capabilities: Capabilities) -> int:
    """The largest size that the drive gives itself; 0: it tells none. Its IDENTIFY DEVICE may be
    known although its adapter tells who it is, and takes no ATA command (SAT, VPD page 89h)."""
    ata, mmc = capabilities.ata, capabilities.mmc
    told = (
        capabilities.own.size_bytes,
        ata.visible_bytes if ata is not None else None,
        mmc.user_bytes if mmc is not None else None,
    )
    return max(size or 0 for size in told)


def hidden_areas(capabilities: Capabilities) -> tuple[Preparation, ...]:
    """What would have to be removed: the drive told that it is larger than it shows."""
    ata = capabilities.ata
    visible = ata.visible_sectors if ata is not None else None
    if ata is None or visible is None:
        return ()
    steps: list[Preparation] = []
    native = ata.native_sectors or visible
    if native > visible:
        by_amac = ata.amac is Support.YES
        steps.append(Preparation.REMOVE_AMAC if by_amac else Preparation.REMOVE_HPA)
    if (ata.dco_sectors or 0) > max(native, visible):
        steps.append(Preparation.RESTORE_DCO)
    return tuple(steps)


def security_refusals(capabilities: Capabilities) -> Iterable[Refusal]:
    """A locked drive that cannot even be asked for our password."""
    ata = capabilities.ata
    if ata is None or ata.security_locked is not Support.YES:
        return
    if ata.security_expired is Support.YES:
        yield Refusal(RefusalCode.SECURITY_EXPIRED)
    elif capabilities.bridged:
        yield Refusal(RefusalCode.SECURITY_LOCKED, "usb")
