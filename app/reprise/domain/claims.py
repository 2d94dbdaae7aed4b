"""What each technique may claim on which medium, what it cannot prove, how long it may take.

SP 800-88r1, Appendix A (tables A-5 to A-8), is the last NIST text with a table per medium; r2
leaves techniques to IEEE 2883 and to policy. Where the two or our sources differ, the lower claim
is made.
"""

from __future__ import annotations

from reprise.domain.capabilities import AtaCapabilities, Capabilities, Support
from reprise.domain.hardware import Drive, MediaKind, Transport
from reprise.domain.plan import LimitationCode
from reprise.domain.techniques import CRYPTO, Method, Technique, VerifyDepth

# Bytes per second of one sequential pass: assumptions, only for the time shown before the start
# (middle of what such drives do: HDD 80 to 200 MB/s, SATA SSD up to 550, NVMe 1,000 and more).
# The running erase measures for itself.
_ASSUMED_RATES = {MediaKind.HDD: 120e6, MediaKind.SSD: 400e6, MediaKind.FLASH: 20e6}
_ASSUMED_RATE = 100e6
_ASSUMED_NVME_RATE = 1000e6
_ASSUMED_FIRMWARE_S = 60.0
_SAMPLE_SHARE = 0.1  # SP 800-88r1, 4.7

# On a magnetic drive these reach every sector, reallocated ones included; on flash an overwrite
# by the drive and a security erase are Clear at most (SP 800-88r1, tables ).
_PURGE_ON_HDD_ONLY = frozenset(
    {
        Technique.ATA_SANITIZE_OVERWRITE,
        Technique.ATA_SECURITY_ERASE_ENHANCED,
        Technique.SCSI_SANITIZE_OVERWRITE,
    }
)
_NEVER_PURGE = frozenset({Technique.OVERWRITE, Technique.ATA_SECURITY_ERASE, Technique.MMC_ERASE})
# What the drive reads afterwards may come from its tables, not from its flash.
_MAPPED = frozenset(
    {
        Technique.ATA_SANITIZE_BLOCK,
        Technique.NVME_SANITIZE_BLOCK,
        Technique.SCSI_SANITIZE_BLOCK,
        Technique.NVME_FORMAT_USER_DATA,
        Technique.ATA_SECURITY_ERASE,
        Technique.ATA_SECURITY_ERASE_ENHANCED,
        Technique.MMC_ERASE,
    }
)
# What a host that writes all addresses does not reach. A SCSI drive's last address may have been
# lowered (`sg_format --resize`, common on drives of arrays).
_OUT_OF_REACH = {
    Transport.SAS: (LimitationCode.LOWERED_CAPACITY,),
    Transport.SCSI: (LimitationCode.LOWERED_CAPACITY,),
}
_ONE_NAMESPACE = frozenset({Technique.NVME_FORMAT_USER_DATA, Technique.NVME_FORMAT_CRYPTO})


def claim(technique: Technique, media: MediaKind) -> Method:
    """The most that `technique` may claim on `media`. A host overwrite is never Purge."""
    if technique in _NEVER_PURGE:
        return Method.CLEAR
    if technique in _PURGE_ON_HDD_ONLY and media is not MediaKind.HDD:
        return Method.CLEAR
    return Method.PURGE


def limitations(
    technique: Technique, drive: Drive, capabilities: Capabilities, verify: VerifyDepth
) -> tuple[LimitationCode, ...]:
    """What the attempt cannot prove, however well it goes."""
    found = _overwrite_limits(drive)
    if technique is not Technique.OVERWRITE:
        found = _firmware_limits(technique, drive.media)
    whole = technique in _ONE_NAMESPACE | {Technique.OVERWRITE}
    told = (
        (whole and _more_namespaces(capabilities), LimitationCode.OTHER_NAMESPACES),
        (drive.transport is Transport.MMC, LimitationCode.MMC_RPMB),
        (_hidden_unknown(drive, capabilities), LimitationCode.HIDDEN_AREAS),
        (verify is VerifyDepth.SAMPLE, LimitationCode.SAMPLED),
    )
    return tuple(dict.fromkeys((*found, *(code for holds, code in told if holds))))


def _firmware_limits(technique: Technique, media: MediaKind) -> tuple[LimitationCode, ...]:
    found = [LimitationCode.DRIVE_WORD]
    if technique in CRYPTO:
        found.append(LimitationCode.CRYPTO_UNOBSERVABLE)
    if technique in _MAPPED and media is not MediaKind.HDD:
        found.append(LimitationCode.ZEROS_UNPROVEN)
    if claim(technique, media) is Method.CLEAR:
        found += _surface_limits(media)
    return tuple(found)


def expected_s(
    technique: Technique, drive: Drive, capabilities: Capabilities, verify: VerifyDepth
) -> float:
    """Seconds for erase and read-back: the drive's own estimate where it gives one."""
    size_bytes = drive.identity.size_bytes
    one_pass_s = size_bytes / _rate(drive)
    read_s = one_pass_s * (1.0 if verify is VerifyDepth.FULL else _SAMPLE_SHARE)
    if technique is Technique.OVERWRITE:
        return round(one_pass_s + read_s)
    told = estimate_s(technique, capabilities)
    if told is None:
        by_pass = technique in _PURGE_ON_HDD_ONLY | {Technique.ATA_SECURITY_ERASE}
        slow = by_pass and drive.media is not MediaKind.SSD
        told = one_pass_s if slow else _ASSUMED_FIRMWARE_S
    return round(told + read_s)


def estimate_s(technique: Technique, capabilities: Capabilities) -> float | None:
    """The drive's own estimate; None where it gives none."""
    ata = capabilities.ata or AtaCapabilities()
    minutes = {
        Technique.ATA_SECURITY_ERASE: ata.erase_minutes,
        Technique.ATA_SECURITY_ERASE_ENHANCED: ata.erase_enhanced_minutes,
    }.get(technique)
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


def _more_namespaces(capabilities: Capabilities) -> bool:
    """Whether the subsystem holds (or may hold) space outside the one namespace."""
    nvme = capabilities.nvme
    if nvme is None:
        return False
    several = max(nvme.namespaces or 1, nvme.namespaces_allocated or 1) > 1
    return several or bool(nvme.unallocated_bytes)


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
