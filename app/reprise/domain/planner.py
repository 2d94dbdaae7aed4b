"""Drive + capabilities + policy -> DrivePlan: refusals, or attempts in order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields

from reprise.domain.capabilities import Capabilities, Support
from reprise.domain.hardware import Drive, Health, MediaKind, Transport
from reprise.domain.plan import (
    Attempt,
    DrivePlan,
    LimitationCode,
    Plan,
    Refusal,
    RefusalCode,
    WarningCode,
)
from reprise.domain.policy import NvmeFormat, Policy
from reprise.domain.safety import refusals
from reprise.domain.techniques import Method, Technique, VerifyDepth

NVME_FORMATS = {
    NvmeFormat.USER_DATA: Technique.NVME_FORMAT_USER_DATA,
    NvmeFormat.CRYPTO: Technique.NVME_FORMAT_CRYPTO,
}
# Bytes per second of one sequential pass: assumptions, only for the time shown before the start
# (middle of the ranges in NIST-independent practice: HDD 80 to 200 MB/s, SATA SSD up to 550,
# NVMe 1,000 and more). The running erase measures for itself.
_ASSUMED_RATES = {MediaKind.HDD: 120e6, MediaKind.SSD: 400e6, MediaKind.FLASH: 20e6}
_ASSUMED_RATE = 100e6
_ASSUMED_NVME_RATE = 1000e6
_ASSUMED_FORMAT_S = 60.0
_SAMPLE_SHARE = 0.1  # SP 800-88r1, 4.7


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person asked for, over the policy. `named`: they gave this very path."""

    technique: Technique | None = None
    verify: VerifyDepth | None = None
    named: bool = False


def plan_drive(
    drive: Drive,
    capabilities: Capabilities,
    policy: Policy,
    *,
    others: Iterable[Drive] = (),
    wish: Wish | None = None,
) -> DrivePlan:
    """What will be done to `drive`. `others`: all drives of the PC (see safety.refusals)."""
    wanted = wish or Wish()
    found = refusals(drive, policy, others=others, named=wanted.named)
    attempts = tuple(
        _attempt(drive, technique, wanted.verify or policy.verify)
        for technique in _techniques(drive, capabilities, policy, wanted.technique)
    )
    if not attempts:
        found = (*found, Refusal(RefusalCode.TECHNIQUE_UNSUPPORTED, wanted.technique or ""))
    return DrivePlan(
        drive=drive.identity,
        node=drive.node,
        attempts=() if found else attempts,
        refusals=found,
        warnings=tuple(_warnings(drive, capabilities)),
        capabilities=_shown(capabilities) if drive.transport is Transport.NVME else {},
    )


def plan_all(
    drives: Sequence[Drive], capabilities: Mapping[str, Capabilities], policy: Policy
) -> Plan:
    """One plan for a PC. `capabilities` by DriveIdentity.key; a drive that is not in it can do
    nothing that is known."""
    return Plan(
        drives=tuple(
            plan_drive(
                drive,
                capabilities.get(drive.identity.key, Capabilities()),
                policy,
                others=drives,
            )
            for drive in drives
        ),
        policy=policy.label,
    )


def _techniques(
    drive: Drive, capabilities: Capabilities, policy: Policy, wanted: Technique | None
) -> list[Technique]:
    if wanted is not None:
        return [wanted] if _can(wanted, drive, capabilities) else []
    formatting = NVME_FORMATS.get(policy.nvme_format)
    if formatting is None or not _can(formatting, drive, capabilities):
        return [Technique.OVERWRITE]
    if policy.overwrite_after_failed_format:
        return [formatting, Technique.OVERWRITE]
    return [formatting]


def _can(technique: Technique, drive: Drive, capabilities: Capabilities) -> bool:
    """Only a plain YES counts; UNKNOWN is not enough to send a firmware command."""
    if technique is Technique.OVERWRITE:
        return True
    return (
        drive.transport is Transport.NVME
        and capabilities.nvme_format is Support.YES
        and capabilities.nvme_namespace_id is not None
        and capabilities.nvme_namespaces == 1
        and (
            technique is not Technique.NVME_FORMAT_CRYPTO
            or capabilities.nvme_format_crypto is Support.YES
        )
    )


def _attempt(drive: Drive, technique: Technique, verify: VerifyDepth) -> Attempt:
    if technique is Technique.OVERWRITE:
        return Attempt(
            technique=technique,
            claims=Method.CLEAR,  # host overwrite is never Purge
            verify=verify,
            expected_s=round(_passes(verify) * drive.identity.size_bytes / _rate(drive)),
            limitations=(*_overwrite_limits(drive), *_depth_limits(verify)),
        )
    read_s = (_passes(verify) - 1) * drive.identity.size_bytes / _rate(drive)
    return Attempt(
        technique=technique,
        claims=Method.PURGE,  # SP 800-88r1, table A-8: Format with secure erase
        verify=verify,
        expected_s=round(_ASSUMED_FORMAT_S + read_s),
        limitations=(*_format_limits(technique), *_depth_limits(verify)),
    )


def _passes(verify: VerifyDepth) -> float:
    return 2.0 if verify is VerifyDepth.FULL else 1.0 + _SAMPLE_SHARE


def _rate(drive: Drive) -> float:
    if drive.transport is Transport.NVME:
        return _ASSUMED_NVME_RATE
    return _ASSUMED_RATES.get(drive.media, _ASSUMED_RATE)


def _depth_limits(verify: VerifyDepth) -> tuple[LimitationCode, ...]:
    return (LimitationCode.SAMPLED,) if verify is VerifyDepth.SAMPLE else ()


def _overwrite_limits(drive: Drive) -> tuple[LimitationCode, ...]:
    if drive.transport is Transport.LOOP:
        return (LimitationCode.FILE_ONLY,)
    limits = {
        MediaKind.HDD: (LimitationCode.REALLOCATED,),
        MediaKind.SSD: (LimitationCode.SPARE_AREA,),
        MediaKind.FLASH: (LimitationCode.SPARE_AREA,),
    }.get(drive.media, (LimitationCode.MEDIA_UNKNOWN, LimitationCode.SPARE_AREA))
    if drive.transport is Transport.NVME:
        return limits
    return (*limits, LimitationCode.HIDDEN_AREAS)


def _format_limits(technique: Technique) -> tuple[LimitationCode, ...]:
    if technique is Technique.NVME_FORMAT_CRYPTO:
        return (LimitationCode.DRIVE_WORD, LimitationCode.CRYPTO_UNOBSERVABLE)
    return (LimitationCode.DRIVE_WORD, LimitationCode.ZEROS_UNPROVEN)


def _warnings(drive: Drive, capabilities: Capabilities) -> Iterable[WarningCode]:
    smart = drive.smart
    if smart.health is Health.FAILING:
        yield WarningCode.HEALTH_FAILING
    elif smart.health is Health.UNKNOWN and drive.transport is not Transport.LOOP:
        yield WarningCode.HEALTH_UNKNOWN
    if smart.pending_sectors:
        yield WarningCode.PENDING_SECTORS
    if smart.reallocated_sectors:
        yield WarningCode.REALLOCATED_SECTORS
    if drive.transport is Transport.NVME:
        if capabilities.nvme_format is Support.UNKNOWN:
            yield WarningCode.FORMAT_UNKNOWN
        if (capabilities.nvme_namespaces or 1) > 1:
            yield WarningCode.FORMAT_SEVERAL_NAMESPACES


def _shown(capabilities: Capabilities) -> dict[str, str]:
    values = {
        field.name: getattr(capabilities, field.name)
        for field in fields(capabilities)
        if field.name != "evidence"
    }
    return {name: str(value) for name, value in values.items() if value is not None}
