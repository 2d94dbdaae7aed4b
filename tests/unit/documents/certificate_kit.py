"""A report of one drive, and the certificate's lines."""

from __future__ import annotations

from itertools import pairwise

from reprise.domain.planning.techniques import Verdict
from reprise.domain.report.report import DriveRecord, Report
from station_kit.facts import with_facts
from unit.documents.test_certificate import words
from unit.domain.drives.drives import hdd
from unit.domain.pc import samples

HDD = hdd()


def of(*records: DriveRecord, **changes: object) -> Report:
    made = samples.report((HDD,), records)
    return with_facts(made, **changes)


def pairs(report: Report) -> set[tuple[str, str]]:
    """Each line with the one below it: a fact's label stands above its value."""
    return set(pairwise(lines(report)))


def lines(report: Report) -> list[str]:
    return [line.replace("\u00a0", " ") for line in words(report).split("\n")]


ATTEMPT = samples.attempt(
    HDD,
    Verdict.UNVERIFIED,
    written_bytes=250_053_931_008,
    verified_bytes=50_010_786_201,
    resumed_from_bytes=1_000_000,
    reasons=("read-errors",),
)
REPORT = of(samples.drive_record(HDD, ATTEMPT))
