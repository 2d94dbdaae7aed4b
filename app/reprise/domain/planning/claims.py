"""What each technique may claim on which medium, what it cannot prove, how long it may take.

Claims stand in techniques, each with its source.
"""

from __future__ import annotations

from reprise.domain.drives.capabilities import Capabilities, NvmeCapabilities, Support
from reprise.domain.drives.namespaces import more_namespaces, unread_namespaces
from reprise.domain.erasure.sampling import SAMPLE_SHARE
from reprise.domain.pc.hardware import Drive, MediaKind, Transport
from reprise.domain.planning.plan import LimitationCode
from reprise.domain.planning.policy import Policy
from reprise.domain.planning.techniques import (
    SPECS,
    Family,
    Method,
    Technique,
    TechniqueSpec,
    VerifyDepth,
)

# Bytes per second of one sequential pass: assumptions, only for the time shown before the start
# (middle of what such drives do: HDD 80 to 200 MB/s, SATA SSD up to 550, NVMe 1,000 and more).
# The running erase measures for itself.
_ASSUMED_RATES = {MediaKind.HDD: 120e6, MediaKind.SSD: 400e6, MediaKind.FLASH: 20e6}
_ASSUMED_RATE = 100e6
_ASSUMED_NVME_RATE = 1000e6
_ASSUMED_FIRMWARE_S = 60.0

# What a host that writes all addresses does not reach. A SCSI drive's last address may have been
# lowered (`sg_format --resize`, common on drives of arrays).
_OUT_OF_REACH = {
    Transport.SAS: (LimitationCode.LOWERED_CAPACITY,),
    Transport.SCSI: (LimitationCode.LOWERED_CAPACITY,),
}


def claim(technique: Technique, media: MediaKind, policy: Policy) -> Method:
    """The most that `technique` may claim on `media`. A host overwrite is never Purge."""
    row = SPECS[technique]
    further = row.further if technique in policy.further_claims else None
    return (further or row.claims).of(media)


def limitations(
    technique: Technique,
    drive: Drive,
    capabilities: Capabilities,
    verify: VerifyDepth,
    claims: Method,
) -> tuple[LimitationCode, ...]:
    """What the attempt cannot prove, however well it goes. `claims`: see `claim`."""
    row = SPECS[technique]
    limits = _overwrite_limits(drive)
    if row.family is not Family.HOST_OVERWRITE:
        limits = _firmware_limits(row, drive.media, claims)
    nvme = capabilities.nvme or NvmeCapabilities()
    told = (
        (more_namespaces(technique, drive, capabilities), LimitationCode.OTHER_NAMESPACES),
        (unread_namespaces(technique, nvme), LimitationCode.NAMESPACES_UNREAD),
        (nvme.replay_protected is Support.YES, LimitationCode.NVME_RPMB),
        (nvme.boot_partitions is Support.YES, LimitationCode.NVME_BOOT),
        (drive.transport is Transport.MMC, LimitationCode.MMC_RPMB),
        (_hidden_unknown(drive, capabilities), LimitationCode.HIDDEN_AREAS),
        (verify is VerifyDepth.SAMPLE, LimitationCode.SAMPLED),
    )
    return tuple(dict.fromkeys((*limits, *(code for holds, code in told if holds))))


def _firmware_limits(
    row: TechniqueSpec, media: MediaKind, claims: Method
) -> tuple[LimitationCode, ...]:
    limits = [LimitationCode.DRIVE_WORD]
    if row.crypto:
        limits.append(LimitationCode.CRYPTO_UNOBSERVABLE)
    if not row.pattern_asked_for:
        limits.append(LimitationCode.NOISE_MAY_BE_DATA)
    if row.from_tables and media is not MediaKind.HDD:
        limits.append(LimitationCode.ZEROS_UNPROVEN)
    if claims is Method.CLEAR:
        limits += _surface_limits(media)
    return tuple(limits)


def expected_s(
    technique: Technique, drive: Drive, capabilities: Capabilities, verify: VerifyDepth
) -> float:
    """Seconds for erase and read-back: the drive's own estimate where it gives one."""
    size_bytes = drive.identity.size_bytes
    one_pass_s = size_bytes / _rate(drive)
    read_s = one_pass_s * (1.0 if verify is VerifyDepth.FULL else SAMPLE_SHARE)
    if technique is Technique.OVERWRITE:
        return float(round(one_pass_s + read_s))
    told = estimate_s(technique, capabilities)
    if told is None:
        slow = SPECS[technique].by_pass and drive.media is not MediaKind.SSD
        told = one_pass_s if slow else _ASSUMED_FIRMWARE_S
    return float(round(told + read_s))


def estimate_s(technique: Technique, capabilities: Capabilities) -> float | None:
    """The drive's own estimate; None where it gives none."""
    field = SPECS[technique].minutes
    minutes: int | None = getattr(capabilities.ata, field, None) if field else None
    if minutes:
        return minutes * 60.0
    if capabilities.nvme is not None:
        return capabilities.nvme.sanitize_estimate_s.get(technique)
    return None


def _rate(drive: Drive) -> float:
    if drive.transport is Transport.NVME:
        return _ASSUMED_NVME_RATE
    return _ASSUMED_RATES.get(drive.media, _ASSUMED_RATE)


def _surface_limits(media: MediaKind) -> tuple[LimitationCode, ...]:
    return {
        MediaKind.HDD: (LimitationCode.REALLOCATED,),
        MediaKind.SSD: (LimitationCode.SPARE_AREA,),
        MediaKind.FLASH: (LimitationCode.SPARE_AREA,),
    }.get(media, (LimitationCode.MEDIA_UNKNOWN, LimitationCode.SPARE_AREA))


def _overwrite_limits(drive: Drive) -> tuple[LimitationCode, ...]:
    if drive.transport is Transport.LOOP:
        return (LimitationCode.FILE_ONLY,)
    return (*_surface_limits(drive.media), *_OUT_OF_REACH.get(drive.transport, ()))


def _hidden_unknown(drive: Drive, capabilities: Capabilities) -> bool:
    """Whether an HPA, DCO or AMAC limit could be there without our knowing: only where the drive
    lacks the feature, or told its native size, is it known."""
    if drive.transport in (Transport.LOOP, Transport.NVME, Transport.MMC, Transport.VIRTIO):
        return False
    if capabilities.scsi is not None and capabilities.ata is None:
        return False  # SCSI has none of these; see _OUT_OF_REACH
    ata = capabilities.ata
    if ata is None:
        return True
    limits_known = ata.native_sectors is not None or (ata.hpa, ata.amac) == (Support.NO,) * 2
    overlay_known = ata.dco_sectors is not None or ata.dco is Support.NO
    return not (limits_known and overlay_known)
