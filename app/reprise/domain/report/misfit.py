"""A technique that is not one of this drive's, or that cannot give what it claims: no attempt was
as it is told. No true report may be doubted."""

from __future__ import annotations

from collections.abc import Iterator

from reprise.domain.pc.hardware import Drive, MediaKind, Transport
from reprise.domain.planning.techniques import SPECS, Claims, Family, Method, Technique, reaches
from reprise.domain.report.report import AttemptRecord, DriveRecord, Report

OTHER_COMMANDS = "technique-of-other-drives"
CANNOT = "technique-that-the-drive-has-not"
CLAIMS_MORE = "claims-more-than-its-technique"

_ATA = frozenset({Transport.NVME, Transport.MMC})
_NOT_ON = {
    Family.ATA_SANITIZE: _ATA,
    Family.ATA_SECURITY: _ATA,
    Family.SCSI_SANITIZE: _ATA,
    Family.NVME_SANITIZE: frozenset({Transport.SATA, Transport.ATA, Transport.MMC}),
    Family.NVME_FORMAT: frozenset({Transport.SATA, Transport.ATA, Transport.MMC}),
    Family.MMC: frozenset({Transport.SATA, Transport.ATA, Transport.NVME}),
}
# The command set in DrivePlan.capabilities ("ata.sanitize_block").
_COMMANDS = {
    Family.ATA_SANITIZE: "ata",
    Family.ATA_SECURITY: "ata",
    Family.NVME_SANITIZE: "nvme",
    Family.NVME_FORMAT: "nvme",
    Family.SCSI_SANITIZE: "scsi",
    Family.MMC: "mmc",
}


def misfits(
    report: Report, record: DriveRecord, facts: Drive | None, attempt: AttemptRecord
) -> Iterator[str]:
    """Of the above. `facts`: what the looks know of the drive."""
    technique = attempt.attempt.technique
    spec = SPECS[technique]
    transport = facts.transport if facts is not None else Transport.UNKNOWN
    media = facts.media if facts is not None else MediaKind.UNKNOWN
    if transport in _NOT_ON.get(spec.family, ()):
        yield OTHER_COMMANDS
    elif _lacks(report, record, technique):
        yield CANNOT
    claims = [spec.claims] if spec.further is None else [spec.claims, spec.further]
    if not any(reaches(_most(claim, media), attempt.achieved) for claim in claims):
        yield CLAIMS_MORE


def _most(claims: Claims, media: MediaKind) -> Method:
    """The medium may have been told better when it was planned than in the newest look."""
    if media in (MediaKind.HDD, MediaKind.SSD, MediaKind.FLASH):
        return claims.of(media)
    return claims.hdd if reaches(claims.hdd, claims.ssd) else claims.ssd


def _lacks(report: Report, record: DriveRecord, technique: Technique) -> bool:
    """Whether the drive's own answers, as the plan has them, say that it has no such command."""
    spec = SPECS[technique]
    commands = _COMMANDS.get(spec.family)
    planned = report.plan.drives if report.plan is not None else ()
    told = [one.capabilities for one in planned if one.drive == record.identity]
    if commands is None or not any(told):
        return False
    if spec.capability and any(f"{commands}.{spec.capability}" in one for one in told):
        return all(one.get(f"{commands}.{spec.capability}", "no") == "no" for one in told)
    return not any(name.startswith(f"{commands}.") for one in told for name in one)
