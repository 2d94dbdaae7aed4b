"""What cannot be true of a report, whoever signed it: noted beside what it says, never instead.

A good signature says who wrote a report, not that it is right: a clock, a drive or a program may be
wrong, or somebody lies. Nothing here makes an outcome better or worse; people are told, and look.
(A technique that cannot have been takes the claim away by itself: see misfit.py.)
No true report may be doubted: each figure is far beyond what hardware does, emulated drives in
memory included, and a clock that the report itself calls untrusted is not held against it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from reprise.domain.pc.hardware import Transport
from reprise.domain.planning.techniques import Method
from reprise.domain.report.misfit import CANNOT, CLAIMS_MORE, OTHER_COMMANDS, misfits
from reprise.domain.report.report import AttemptRecord, Report
from reprise.domain.report.told import ToldDrive, records


class DoubtCode(StrEnum):
    TOO_FAST = "faster-than-a-drive"  # `amount` bytes in `seconds`
    TOO_LONG = "attempt-longer-than-session"  # `seconds`
    TOO_MUCH = "more-than-the-drive-holds"  # `amount` bytes
    NEGATIVE = "negative-figure"  # `amount`
    NO_SIZE = "erased-without-a-size"
    TOO_LARGE = "larger-than-a-drive"  # `amount` bytes
    OTHER_COMMANDS = OTHER_COMMANDS  # `word`: the technique
    CANNOT = CANNOT  # `word`: the technique
    CLAIMS_MORE = CLAIMS_MORE  # `word`: the technique
    NO_DATE = "unreadable-date"  # `word`: as it stands there
    FUTURE = "date-after-receipt"  # `word`
    TOO_EARLY = "date-before-reprise"  # `word`
    BACKWARDS = "sealed-before-it-began"  # `word`: when it was sealed
    NO_TIME = "impossible-duration"  # `seconds` that the session lasted


@dataclass(frozen=True, slots=True)
class Doubt:
    """`drive`: its serial number, or by what else it is told; "" where it is about none."""

    code: DoubtCode
    drive: str = ""
    amount: int = 0
    seconds: float = 0.0
    word: str = ""


_GB = 1_000_000_000
# Bytes a second. Three times and more what the fastest of each kind does; what an emulated or
# virtual drive in memory does is above its wire.
_FASTEST = {
    Transport.SATA: 4 * _GB,
    Transport.ATA: 4 * _GB,
    Transport.USB: 10 * _GB,
    Transport.MMC: 4 * _GB,
}
_FASTEST_OTHER = 64 * _GB
_INSTANT_S = 1.0  # below it a rate is noise: what was asked for may have been in a cache
_LARGEST_DRIVE = 2**52  # bytes, 4.5 PB
_YEAR_S = 366 * 86400.0
_SLACK = timedelta(days=1)  # time zones, and clocks that were set meanwhile
_SLACK_S = 60.0
FIRST = datetime(2020, 1, 1, tzinfo=UTC)  # before there was any Reprise
# What a PC's clock can hold, right or wrong.
_CLOCK = (datetime(1970, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))


def plausibility(report: Report, received_at: datetime) -> tuple[Doubt, ...]:
    """Everything that cannot be true. `received_at`: the server's clock."""
    told = [*_of_dates(report, received_at), *_of_the_session(report)]
    for record in records(report):
        told += _of_a_drive(report, record)
    return tuple(dict.fromkeys(told))


def moment_of(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _of_dates(report: Report, received_at: datetime) -> Iterator[Doubt]:
    clock = report.clock
    for text in _dates(report):
        at = moment_of(text)
        if at is None:
            yield Doubt(DoubtCode.NO_DATE, word=text)
        elif at >= _CLOCK[1] or (clock.trusted and at - received_at > _SLACK):
            yield Doubt(DoubtCode.FUTURE, word=text)
        elif at < (FIRST if clock.trusted else _CLOCK[0]):
            yield Doubt(DoubtCode.TOO_EARLY, word=text)
    began, sealed = moment_of(clock.started_at), moment_of(clock.sealed_at)
    if clock.trusted and began and sealed and began - sealed > _SLACK:
        yield Doubt(DoubtCode.BACKWARDS, word=clock.sealed_at)


def _dates(report: Report) -> Iterator[str]:
    yield from (report.clock.started_at, report.clock.sealed_at)
    for record in report.drives:
        for attempt in record.attempts:
            yield attempt.started_at
            if attempt.finished_at is not None:
                yield attempt.finished_at


def _of_the_session(report: Report) -> Iterator[Doubt]:
    if not 0 <= report.clock.session_s < _YEAR_S:
        yield Doubt(DoubtCode.NO_TIME, seconds=report.clock.session_s)
    memory = report.inventory.memory.total_bytes or 0
    if memory < 0:
        yield Doubt(DoubtCode.NEGATIVE, amount=memory)


def _of_a_drive(report: Report, record: ToldDrive) -> Iterator[Doubt]:
    who = record.identity
    name = who.serial or who.wwn or record.node
    largest = record.reached_bytes
    if who.size_bytes < 0 or largest < 0:
        yield Doubt(DoubtCode.NEGATIVE, name, min(who.size_bytes, largest))
    if largest > _LARGEST_DRIVE:
        yield Doubt(DoubtCode.TOO_LARGE, name, largest)
    for attempt in record.attempts:
        if attempt.achieved is not Method.NONE and largest == 0:
            yield Doubt(DoubtCode.NO_SIZE, name)
        yield from _of_amounts(name, largest, attempt)
        yield from _of_times(report, record, name, attempt)
        yield from _of_the_technique(record, name, attempt)


def _of_amounts(name: str, size_bytes: int, attempt: AttemptRecord) -> Iterator[Doubt]:
    for amount in (attempt.written_bytes, attempt.verified_bytes, attempt.resumed_from_bytes):
        if amount < 0:
            yield Doubt(DoubtCode.NEGATIVE, name, amount)
        elif 0 < size_bytes < amount:
            yield Doubt(DoubtCode.TOO_MUCH, name, amount)


def _of_times(
    report: Report, record: ToldDrive, name: str, attempt: AttemptRecord
) -> Iterator[Doubt]:
    session_s = report.clock.session_s
    whole_s = session_s if attempt.duration_s is None else attempt.duration_s
    transport = record.facts.transport if record.facts is not None else Transport.UNKNOWN
    most = _FASTEST.get(transport, _FASTEST_OTHER)
    written = attempt.written_bytes - attempt.resumed_from_bytes
    for amount, took_s in ((written, attempt.write_s), (attempt.verified_bytes, attempt.verify_s)):
        seconds = took_s if took_s > 0 else whole_s
        if amount > most * max(seconds, _INSTANT_S):
            yield Doubt(DoubtCode.TOO_FAST, name, amount, seconds)
    for seconds in (attempt.duration_s or 0.0, attempt.write_s, attempt.verify_s):
        if seconds < 0:
            yield Doubt(DoubtCode.NO_TIME, name, seconds=seconds)
        elif seconds > session_s + _SLACK_S:
            yield Doubt(DoubtCode.TOO_LONG, name, seconds=seconds)


def _of_the_technique(record: ToldDrive, name: str, attempt: AttemptRecord) -> Iterator[Doubt]:
    for code in misfits(record, attempt):
        yield Doubt(DoubtCode(code), name, word=attempt.attempt.technique)
