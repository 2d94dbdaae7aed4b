"""Each drive of a report with all that the report tells of it anywhere: the looks, the plan, the
records. One pass over each list, as a report may have a thousand drives."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields

from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.pc.hardware import Drive, DriveIdentity
from reprise.domain.planning.plan import DrivePlan, Refusal
from reprise.domain.planning.techniques import Method
from reprise.domain.report.report import DriveRecord, Report


@dataclass(frozen=True, slots=True)
class ToldDrive(DriveRecord):
    """`place`: its number among the report's `drives`; None: only a look shows it. `facts`: what
    the looks know of this very drive; None where none showed it. `plans`: those of this drive,
    whatever size they tell; `largest_bytes`: the largest size that any word gives it."""

    place: int | None = None
    facts: Drive | None = None
    plans: tuple[DrivePlan, ...] = ()
    largest_bytes: int = 0


def records(report: Report) -> tuple[ToldDrive, ...]:
    """One record a drive. A drive that was seen and that no record tells of was not treated, and
    one that left before it was is refused."""
    words = _Words(report)
    left = _Left(report.inventory.drives)
    seen = [(record, left.take(record)) for record in report.drives]
    plans = {} if report.plan is None else {(p.drive, p.node): p for p in report.plan.drives}
    # an older report has one record of all drives of one identity
    named = {record.identity for record in report.drives}
    silent = [
        (drive, plans.get((drive.identity, drive.node)) if drive.identity in named else None)
        for drive in left
    ]
    gone = {one.drive.identity: one.drive for one in reversed(report.gone)}
    return (
        *(
            words.told(record, facts or gone.get(record.identity), place)
            for place, (record, facts) in enumerate(seen)
        ),
        *(
            words.untouched(drive, DriveState.DETECTED, plan.refusals if plan else ())
            for drive, plan in silent
        ),
        *(words.untouched(one.drive, DriveState.REFUSED, one.refusals) for one in report.gone),
    )


class _Left:
    """The drives that no record has taken yet: two may have one identity, and then each its own
    record."""

    def __init__(self, drives: Iterable[Drive]) -> None:
        self._drives = dict(enumerate(drives))
        self._at: defaultdict[DriveIdentity, list[int]] = defaultdict(list)
        for number, drive in self._drives.items():
            self._at[drive.identity].append(number)

    def __iter__(self) -> Iterator[Drive]:
        return iter(self._drives.values())

    def take(self, record: DriveRecord) -> Drive | None:
        same = self._at.get(record.identity, [])
        if not same:
            return None
        there = (number for number in same if self._drives[number].node == record.node)
        number = next(there, same[0])
        same.remove(number)
        return self._drives.pop(number)


class _Words:
    """What a report tells of each drive. A removed hidden area, or a lie, gives one drive two
    sizes; what nothing tells apart (no serial number, no WWN) is found by its whole identity."""

    def __init__(self, report: Report) -> None:
        self._plans: defaultdict[str, list[DrivePlan]] = defaultdict(list)
        self._largest: defaultdict[str, int] = defaultdict(int)
        for plan in report.plan.drives if report.plan is not None else ():
            self._plans[name_of(plan.drive)].append(plan)
            self._learn(plan.drive)
        for drive in report.inventory.drives:
            self._learn(drive.identity)
        for gone in report.gone:
            self._learn(gone.drive.identity)
        for record in report.drives:
            reached = (max(one.written_bytes, one.verified_bytes) for one in record.attempts)
            self._learn(record.identity, record.found_bytes, *reached)

    def _learn(self, identity: DriveIdentity, *sizes: int) -> None:
        name = name_of(identity)
        self._largest[name] = max(self._largest[name], identity.size_bytes, *sizes, 0)

    def told(self, record: DriveRecord, facts: Drive | None, place: int | None) -> ToldDrive:
        name = name_of(record.identity)
        return ToldDrive(
            **{field.name: getattr(record, field.name) for field in fields(DriveRecord)},
            place=place,
            facts=facts,
            plans=tuple(self._plans.get(name, ())),
            largest_bytes=self._largest[name],
        )

    def untouched(
        self, drive: Drive, state: DriveState, refusals: tuple[Refusal, ...]
    ) -> ToldDrive:
        record = DriveRecord(drive.identity, drive.node, state, Method.NONE, refusals=refusals)
        return self.told(record, drive, None)


def name_of(identity: DriveIdentity) -> str:
    """Who a drive is, whatever its size."""
    if identity.serial is None and identity.wwn is None:
        return identity.key
    return identity.key.rpartition("|")[0]


def is_about(word: str, identity: DriveIdentity) -> bool:
    """Whether `word`, the key of a drive in an observation, names this one, at any of its sizes."""
    return word == identity.key or word.rpartition("|")[0] == name_of(identity)
