"""What cannot be true is doubted, whoever signed it; what may be true is not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.pc.hardware import MediaKind, Transport
from reprise.domain.planning.plan import Preparation, RefusalCode
from reprise.domain.planning.techniques import SPECS, Method, Technique
from reprise.domain.report.outcome import Outcome
from reprise.domain.report.plausibility import DoubtCode, plausibility
from reprise.domain.report.report import AttemptRecord, DriveRecord, PreparationRecord, Report
from reprise.domain.report.report_outcome import report_outcome
from station_kit.facts import with_facts
from unit.documents.paper_samples import PAPERS
from unit.domain.drives.drives import drive, hdd, nvme
from unit.domain.pc import samples

CAME = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
GB = 10**9
GOOD = samples.good_report()
C = DoubtCode


def found(report: Report, came: datetime = CAME) -> set[DoubtCode]:
    return {doubt.code for doubt in plausibility(report, came)}


def attempted(**facts: object) -> Report:
    """The good laptop, whose first drive has an attempt with these facts."""
    record = GOOD.drives[0]
    changed = with_facts(record.attempts[0], **facts)
    return replace(GOOD, drives=(replace(record, attempts=(changed,)), *GOOD.drives[1:]))


def clocked(**facts: object) -> Report:
    return replace(GOOD, clock=with_facts(GOOD.clock, **facts))


def sized(size_bytes: int) -> Report:
    """Everywhere, as hardware would say it."""
    one = replace(hdd(), identity=replace(hdd().identity, size_bytes=size_bytes))
    return samples.report((one,), (samples.drive_record(one, samples.attempt(one)),))


@pytest.mark.parametrize("make", [*samples.ALL, *(m for n, m in PAPERS.items() if n != "doubted")])
def test_samples_are_not_doubted(make: Callable[[], Report]) -> None:
    assert found(make()) == set()
    assert found(PAPERS["doubted"]()) == {C.TOO_FAST, C.NO_DATE}


def told_at(transport: Transport, write_s: float) -> Report:
    one = drive(identity=hdd().identity, transport=transport, media=MediaKind.UNKNOWN)
    return samples.report(
        (one,), (samples.drive_record(one, samples.attempt(one, write_s=write_s)),)
    )


@pytest.mark.parametrize(
    ("report", "code"),
    [
        (attempted(write_s=1.0), C.TOO_FAST),
        (attempted(verify_s=1.0), C.TOO_FAST),
        (attempted(write_s=0.0, duration_s=1.0), C.TOO_FAST),
        (attempted(write_s=0.0, duration_s=None, verify_s=0.0), None),
        (attempted(write_s=20_000.0), C.TOO_LONG),
        (attempted(duration_s=20_000.0), C.TOO_LONG),
        (attempted(duration_s=10_200.0), None),
        (attempted(write_s=-1.0), C.NO_TIME),
        (attempted(written_bytes=hdd().identity.size_bytes + 1), C.TOO_MUCH),
        (attempted(verified_bytes=hdd().identity.size_bytes + 1), C.TOO_MUCH),
        (attempted(written_bytes=-5), C.NEGATIVE),
        (attempted(resumed_from_bytes=-5), C.NEGATIVE),
        (attempted(achieved=Method.PURGE), C.CLAIMS_MORE),
        (attempted(achieved=Method.DESTROY), C.CLAIMS_MORE),
        (sized(-5), C.NEGATIVE),
        (sized(0), C.NO_SIZE),
        (sized(2**53), C.TOO_LARGE),
        (sized(2**50), C.TOO_FAST),  # a petabyte in an hour
        (clocked(sealed_at="9999-99-99"), C.NO_DATE),
        (clocked(sealed_at=""), C.NO_DATE),
        (clocked(started_at="yesterday"), C.NO_DATE),
        (clocked(sealed_at="9999-12-31T23:59:59Z"), C.FUTURE),
        (clocked(sealed_at="9999-12-31T23:59:59Z", trusted=False), C.FUTURE),
        (clocked(sealed_at="2026-11-26T00:00:00Z"), C.FUTURE),
        (clocked(sealed_at="2026-11-26T00:00:00Z", trusted=False), None),
        (clocked(sealed_at="2026-11-25T02:00:00+14:00"), None),
        (clocked(started_at="0001-01-01T00:00:00+14:00"), C.TOO_EARLY),
        (clocked(started_at="2019-12-31T23:59:59Z"), C.TOO_EARLY),
        (clocked(started_at="2009-01-01T00:00:00Z", trusted=False), None),
        (clocked(started_at="1969-01-01T00:00:00Z", trusted=False), C.TOO_EARLY),
        (clocked(started_at="2026-11-24", sealed_at="2026-11-22"), C.BACKWARDS),
        (clocked(session_s=-1.0), C.NO_TIME),
        (clocked(session_s=1e12), C.NO_TIME),
    ],
)
def test_what_cannot_be_true_is_doubted(report: Report, code: DoubtCode | None) -> None:
    assert found(report) & {code} == ({code} if code else set())
    if code is None:
        assert found(report) == set()


def told(technique: Technique, transport: Transport, **capabilities: str) -> Report:
    """One drive that was erased by it; what it said that it can do ("ata_security": "yes")."""
    one = drive(identity=hdd().identity, transport=transport, media=MediaKind.HDD)
    record = samples.drive_record(one, samples.attempt(one, technique=technique))
    report = samples.report((one,), (record,))
    assert report.plan is not None
    shown = {name.replace("_", ".", 1): word for name, word in capabilities.items()}
    planned = replace(report.plan.drives[0], capabilities=shown)
    return replace(report, plan=replace(report.plan, drives=(planned,)))


T = Technique
SATA, NVME, MMC = Transport.SATA, Transport.NVME, Transport.MMC


@pytest.mark.parametrize(
    ("report", "code"),
    [
        (told(T.NVME_FORMAT_CRYPTO, SATA), C.OTHER_COMMANDS),
        (told(T.NVME_SANITIZE_BLOCK, MMC), C.OTHER_COMMANDS),
        (told(T.ATA_SECURITY_ERASE, NVME), C.OTHER_COMMANDS),
        (told(T.SCSI_SANITIZE_BLOCK, NVME), C.OTHER_COMMANDS),
        (told(T.MMC_ERASE, SATA), C.OTHER_COMMANDS),
        (told(T.ATA_SECURITY_ERASE, Transport.USB), None),
        (told(T.SCSI_SANITIZE_BLOCK, SATA), None),
        (told(T.ATA_SECURITY_ERASE, SATA, ata_security="yes"), None),
        (told(T.ATA_SECURITY_ERASE, SATA, ata_security="unknown"), None),
        (told(T.ATA_SECURITY_ERASE, SATA, ata_security="no"), C.CANNOT),
        (told(T.ATA_SANITIZE_BLOCK, SATA, ata_sanitize_block="no"), C.CANNOT),
        (told(T.ATA_SANITIZE_BLOCK, SATA, ata_security="yes"), None),
        (told(T.ATA_SANITIZE_BLOCK, SATA, scsi_sanitize_block="yes"), C.CANNOT),
        (told(T.MMC_ERASE, MMC, mmc_trim="no"), None),
        (told(T.MMC_ERASE, MMC, ata_security="yes"), C.CANNOT),
        (told(T.OVERWRITE, SATA, ata_security="no"), None),
        (told(T.TCG_PSID_REVERT, NVME, nvme_format="no"), None),
    ],
)
def test_a_technique_is_held_against_what_the_drive_is_and_says(
    report: Report, code: DoubtCode | None
) -> None:
    assert found(report) == ({code} if code else set())


@pytest.mark.parametrize("technique", Technique)
@pytest.mark.parametrize("media", MediaKind)
def test_no_claim_of_ours_is_doubted(technique: Technique, media: MediaKind) -> None:
    """Nor what a policy claims that goes by another source."""
    spec = SPECS[technique]
    one = drive(identity=nvme().identity, transport=Transport.UNKNOWN, media=media)
    for claims in filter(None, (spec.claims, spec.further)):
        done = samples.attempt(one, technique=technique, achieved=claims.of(media))
        assert found(samples.report((one,), (samples.drive_record(one, done),))) == set()


@pytest.mark.parametrize("change", ["written", "size", "date"])
def test_a_doubt_changes_no_outcome(change: str) -> None:
    """It may not make a report look better, nor worse: the rule alone decides."""
    changes: dict[str, Report] = {
        "written": attempted(write_s=0.5),
        "size": sized(2**53),
        "date": clocked(sealed_at="9999-99-99"),
    }
    report = changes[change]
    assert found(report)
    assert report_outcome(report) is Outcome.ERASED


def untouched(size_bytes: int) -> Report:
    """A drive that nobody tried to erase: of its attempts nothing is negative."""
    one = replace(hdd(), identity=replace(hdd().identity, size_bytes=size_bytes))
    return samples.report((one,), (samples.refused_record(one, RefusalCode.READ_ONLY),))


def with_memory(total_bytes: int) -> Report:
    inventory = GOOD.inventory
    memory = replace(inventory.memory, total_bytes=total_bytes)
    return replace(GOOD, inventory=replace(inventory, memory=memory))


def uncovered(more_bytes: int) -> Report:
    """A hidden area was removed, and all of the drive was written."""
    one = hdd()
    whole = one.identity.size_bytes + more_bytes
    record = samples.drive_record(
        one, samples.attempt(one, written_bytes=whole, verified_bytes=whole)
    )
    steps = (Preparation.REMOVE_HPA,)
    prepared = PreparationRecord(steps, steps, size_bytes=whole)
    return samples.report((one,), (replace(record, preparation=prepared),))


SIZE = hdd().identity.size_bytes


@pytest.mark.parametrize(
    ("report", "codes"),
    [
        (untouched(-5), {C.NEGATIVE}),
        (untouched(0), set()),
        (with_memory(-1), {C.NEGATIVE}),
        (uncovered(1_000_000), set()),
        (attempted(resumed_from_bytes=SIZE - GB, write_s=1.0), set()),  # the rest alone
        (attempted(finished_at="soon"), {C.NO_DATE}),
        (attempted(finished_at=None), set()),
        # 20 GB a second: of NVMe perhaps, of a drive on SATA not
        (told_at(Transport.SATA, SIZE / (20 * GB)), {C.TOO_FAST}),
        (told_at(Transport.NVME, SIZE / (20 * GB)), set()),
        (told_at(Transport.SATA, SIZE / (0.6 * GB)), set()),
    ],
)
def test_figures_are_held_against_what_they_are_about(
    report: Report, codes: set[DoubtCode]
) -> None:
    assert found(report) == codes


def test_each_doubt_is_told_once_and_names_its_drive() -> None:
    record: DriveRecord = GOOD.drives[0]
    bad: AttemptRecord = replace(record.attempts[0], written_bytes=-1)
    report = replace(GOOD, drives=(replace(record, attempts=(bad,) * 50), *GOOD.drives[1:]))
    (doubt,) = plausibility(report, CAME)
    assert (doubt.code, doubt.drive, doubt.amount) == (C.NEGATIVE, record.identity.serial, -1)
    assert DriveState.SANITIZED is record.state
