"""Hardware, drives, and what is done to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from reprise.domain.impact import ImpactFactors
    from reprise.domain.pattern import Stream
    from reprise.domain.policy import Policy
    from reprise.domain.techniques import Technique
    from reprise.domain.triage import TriageRules
    from reprise.ports import (
        CommandResult,
        CommandRunner,
        DriveProbe,
        Preparer,
        Sanitizer,
        Suspender,
        VolumeReader,
    )


T = TypeVar("T")


def command_runner(on_call: Callable[[CommandResult], None] | None = None) -> CommandRunner:
    """The funnel for external commands; `on_call` sees each of them."""
    from reprise.adapters.command import SystemCommandRunner

    return SystemCommandRunner(on_call)


def drive_probe(runner: CommandRunner | None = None) -> DriveProbe:
    """Reads this machine's hardware; never writes."""
    from reprise.adapters.probe import SystemProbe

    return SystemProbe(runner or command_runner())


def volume_reader() -> VolumeReader:
    """Looks inside of partitions; opens them for reading only."""
    from reprise.adapters.hardware.inside import VolumeReader

    return VolumeReader()


def policy(config: str | None) -> Policy:
    """policy.toml of the settings folder; the defaults where it has none. Raises InputError."""
    from reprise.domain.policy import Policy

    return _configured(config, "policy.toml", Policy)


def triage_rules(config: str | None) -> TriageRules:
    """triage.toml of the settings folder; the defaults where it has none. Raises InputError."""
    from reprise.domain.triage import TriageRules

    return _configured(config, "triage.toml", TriageRules)


def impact_factors(config: str | None) -> ImpactFactors:
    """impact.toml of the settings folder; the defaults where it has none. Raises InputError."""
    from reprise.domain.impact import ImpactFactors

    return _configured(config, "impact.toml", ImpactFactors)


def _configured(config: str | None, name: str, kind: type[T]) -> T:
    from reprise.adapters.config_files import config_dir, read_config
    from reprise.strict_toml import dataclass_from_toml

    path = config_dir(config) / name
    return dataclass_from_toml(read_config(path), kind, str(path)) if path.exists() else kind()


def sanitizers(probe: DriveProbe, policy: Policy) -> Mapping[Technique, Sanitizer]:
    """Every technique that this version can run."""
    from reprise.adapters.firmware.ata_sanitize import AtaSanitize
    from reprise.adapters.firmware.ata_security import AtaSecurityErase
    from reprise.adapters.firmware.mmc_erase import MmcErase
    from reprise.adapters.firmware.nvme_format import NvmeFormat
    from reprise.adapters.firmware.nvme_sanitize import NvmeSanitize
    from reprise.adapters.firmware.scsi_sanitize import ScsiSanitize
    from reprise.adapters.firmware.tcg_psid import PsidRevert
    from reprise.adapters.firmware.witnessed import Procedure, WitnessedSanitizer
    from reprise.adapters.overwrite import OverwriteSanitizer
    from reprise.domain.technique_specs import SPECS, Family

    def witnessed(procedure: Procedure) -> Sanitizer:
        return WitnessedSanitizer(procedure, probe, policy)

    by_family: Mapping[Family, Sanitizer] = {
        Family.HOST_OVERWRITE: OverwriteSanitizer(probe, policy),
        Family.ATA_SANITIZE: witnessed(AtaSanitize(policy)),
        Family.ATA_SECURITY: witnessed(AtaSecurityErase()),
        Family.NVME_FORMAT: witnessed(NvmeFormat(policy)),
        Family.NVME_SANITIZE: witnessed(NvmeSanitize(policy)),
        Family.SCSI_SANITIZE: witnessed(ScsiSanitize(policy)),
        Family.MMC: witnessed(MmcErase(policy)),
        Family.TCG: witnessed(PsidRevert()),
    }
    return {technique: by_family[row.family] for technique, row in SPECS.items()}


def fastest_stream() -> Stream:
    """Which overwrite stream this PC makes fastest; found out once, in a tenth of a second."""
    from reprise.adapters.surface.fastest import fastest_stream

    return fastest_stream()


def preparer(probe: DriveProbe, policy: Policy) -> Preparer:
    """Unlocks drives, and gives back what they hide."""
    from reprise.adapters.firmware.ata_prepare import AtaPreparer

    return AtaPreparer(probe, policy)


def suspender(runner: CommandRunner | None = None) -> Suspender:
    """Puts the PC to sleep for some seconds, to thaw drives."""
    from reprise.adapters.firmware.suspend import RtcSuspender

    return RtcSuspender(runner or command_runner())
