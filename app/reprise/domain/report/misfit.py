"""A technique that is not one of this drive's, or that cannot give what it claims: no attempt was
as it is told. No true report may be doubted."""

from __future__ import annotations

from collections.abc import Iterator

from reprise.domain.pc.hardware import MediaKind, Transport
from reprise.domain.planning.techniques import SPECS, Claims, Family, Method, Technique, reaches
from reprise.domain.report.report import AttemptRecord
from reprise.domain.report.told import ToldDrive

OTHER_COMMANDS = "technique-of-other-drives"
CANNOT = "technique-that-the-drive-has-not"
CLAIMS_MORE = "claims-more-than-its-technique"

_UNKNOWN = Transport.UNKNOWN
_BRIDGED = frozenset({Transport.USB, Transport.SAS, Transport.SCSI, _UNKNOWN})
_ATA = frozenset({Transport.SATA, Transport.ATA}) | _BRIDGED
# By which ways a command of each family reaches a drive.
_REACHED_BY = {
    Family.ATA_SANITIZE: _ATA,
    Family.ATA_SECURITY: _ATA,
    Family.SCSI_SANITIZE: _ATA | {Transport.VIRTIO},
    Family.NVME_SANITIZE: frozenset({Transport.NVME, _UNKNOWN}),
    Family.NVME_FORMAT: frozenset({Transport.NVME, _UNKNOWN}),
    Family.MMC: frozenset({Transport.MMC, _UNKNOWN}),
    Family.TCG: _ATA | {Transport.NVME},
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


def misfits(record: ToldDrive, attempt: AttemptRecord) -> Iterator[str]:
    """Of the above."""
    technique = attempt.attempt.technique
    spec = SPECS[technique]
    transport = record.facts.transport if record.facts is not None else Transport.UNKNOWN
    media = record.facts.media if record.facts is not None else MediaKind.UNKNOWN
    if transport not in _REACHED_BY.get(spec.family, Transport):
        yield OTHER_COMMANDS
    elif _lacks(record, technique):
        yield CANNOT
    claims = [spec.claims] if spec.further is None else [spec.claims, spec.further]
    if not any(reaches(_most(claim, media), attempt.achieved) for claim in claims):
        yield CLAIMS_MORE


def _most(claims: Claims, media: MediaKind) -> Method:
    """The medium may have been told better when it was planned than in the newest look."""
    if media in (MediaKind.HDD, MediaKind.SSD, MediaKind.FLASH):
        return claims.of(media)
    return claims.hdd if reaches(claims.hdd, claims.ssd) else claims.ssd


def _lacks(record: ToldDrive, technique: Technique) -> bool:
    """Whether the drive's own answers, as the plan has them, say that it has no such command. A
    question that failed is no answer, and what stands beside the answers is none."""
    spec = SPECS[technique]
    commands = _COMMANDS.get(spec.family)
    told = record.planned.words
    asked = {name.partition(".")[0] for name in told} & {*_COMMANDS.values()}
    if commands is None or not asked:
        return False
    answers = told.get(f"{commands}.{spec.capability}") if spec.capability else None
    return answers <= {"no"} if answers is not None else commands not in asked
