"""Hardware, drives, and what is done to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reprise.domain.erasure.pattern import Stream
    from reprise.domain.planning.policy import Policy
    from reprise.domain.planning.techniques import Technique
    from reprise.ports import (
        CommandRunner,
        DriveProbe,
        Preparer,
        Sanitizer,
        Suspender,
        VolumeReader,
    )


def command_runner() -> CommandRunner:
    """The funnel for external commands."""
    from reprise.adapters.pc.command import SystemCommandRunner

    return SystemCommandRunner()


def drive_probe(runner: CommandRunner | None = None) -> DriveProbe:
    """Reads this machine's hardware; never writes."""
    from reprise.adapters.hardware.probe import SystemProbe

    return SystemProbe(runner or command_runner())


def volume_reader() -> VolumeReader:
    """Looks inside partitions; opens them for reading only."""
    from reprise.adapters.hardware.volumes import VolumeReader

    return VolumeReader()


def sanitizers(probe: DriveProbe, policy: Policy) -> Mapping[Technique, Sanitizer]:
    """Every technique that this version can run."""
    from reprise.adapters.drives.firmware.ata_sanitize import AtaSanitize
    from reprise.adapters.drives.firmware.ata_security import AtaSecurityErase
    from reprise.adapters.drives.firmware.mmc_erase import MmcErase
    from reprise.adapters.drives.firmware.nvme_format import NvmeFormat
    from reprise.adapters.drives.firmware.nvme_sanitize import NvmeSanitize
    from reprise.adapters.drives.firmware.scsi_sanitize import ScsiSanitize
    from reprise.adapters.drives.firmware.tcg_psid import PsidRevert
    from reprise.adapters.drives.firmware.witnessed import Procedure, WitnessedSanitizer
    from reprise.adapters.drives.overwrite import OverwriteSanitizer
    from reprise.domain.planning.techniques import SPECS, Family

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
    from reprise.adapters.drives.surface.fastest import fastest_stream

    return fastest_stream()


def preparer(probe: DriveProbe, policy: Policy) -> Preparer:
    """Unlocks drives, and gives back what they hide."""
    from reprise.adapters.drives.firmware.ata_prepare import AtaPreparer

    return AtaPreparer(probe, policy)


def suspender(runner: CommandRunner | None = None) -> Suspender:
    """Puts the PC to sleep for some seconds, to thaw drives."""
    from reprise.adapters.drives.firmware.suspend import RtcSuspender

    return RtcSuspender(runner or command_runner())
