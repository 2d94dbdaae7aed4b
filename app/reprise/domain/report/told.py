"""Each drive of a report with all that the report tells of it anywhere: the looks, the plan, the
records. One pass over each list, as a report may have a thousand drives, or a thousand plans of
one drive."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace

from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.pc.hardware import Drive, DriveIdentity
from reprise.domain.planning.plan import DrivePlan, Preparation, Refusal
from reprise.domain.planning.techniques import Method, Technique, VerifyDepth, reaches
from reprise.domain.report.report import DriveRecord, Report, Shortened


@dataclass(frozen=True, slots=True)
class Way:
    """A planned attempt: what it may claim, the limitations that the policy does not accept, and
    how much is to be read back."""

    claims: Method
    not_accepted: frozenset[str]
    verify: VerifyDepth


@dataclass(frozen=True, slots=True)
class Planned:
    """All plans of one drive, whatever size they tell. `minimum`: the highest; `attempts`: the ways
    of each technique; `words`: all that each capability was told to be (DrivePlan.capabilities)."""

    steps: frozenset[Preparation] = frozenset()
    minimum: Method = Method.NONE
    attempts: Mapping[Technique, frozenset[Way]] = field(default_factory=dict)
    words: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ToldDrive(DriveRecord):
    """`facts`: what the looks know of this very drive; None where none showed it. `planned`: of
    this drive, whatever size is told; `largest_bytes`: the largest size that any word gives it;
    `cut`: a list of its record was shortened that might say something against it."""

    facts: Drive | None = None
    planned: Planned = field(default_factory=Planned)
    largest_bytes: int = 0
    cut: bool = False

    @property
    def reached_bytes(self) -> int:
        """The most that its attempts can have reached."""
        return max(self.identity.size_bytes, self.found_bytes)

    @property
    def done(self) -> frozenset[Preparation]:
        return frozenset(self.preparation.done) if self.preparation is not None else frozenset()


# A planner gives each technique once, also of two drives of one name. More ways are no plan.
_MOST_WAYS = 16
# A list of a drive's record that says something against it.
_AGAINST = frozenset(
    {"attempts", "earlier", "observations", "medium_errors", "steps", "done", "left", "refusals"}
)


def lists_of(shortened: Iterable[Shortened]) -> Iterator[list[str]]:
    """The ways to what was shortened: a number that no reader could take is left out."""
    return (one.where.split(".") for one in shortened if one.kept < one.of)


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
            words.told(record, facts or gone.get(record.identity), str(place))
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
        self._largest: defaultdict[str, int] = defaultdict(int)
        plans: defaultdict[str, list[DrivePlan]] = defaultdict(list)
        for plan in report.plan.drives if report.plan is not None else ():
            plans[name_of(plan.drive)].append(plan)
            self._learn(plan.drive)
        self._planned = {name: _folded(mine) for name, mine in plans.items()}
        self._cut = {
            way[1]
            for way in lists_of(report.shortened)
            if len(way) > 1 and way[0] == "drives" and way[-1] in _AGAINST
        }
        for drive in report.inventory.drives:
            self._learn(drive.identity)
        for gone in report.gone:
            self._learn(gone.drive.identity)
        for record in report.drives:
            reached = (max(one.written_bytes, one.verified_bytes) for one in record.attempts)
            self._learn(record.identity, record.found_bytes, *reached, *_sizes_seen(record))

    def _learn(self, identity: DriveIdentity, *sizes: int) -> None:
        name = name_of(identity)
        self._largest[name] = max(self._largest[name], identity.size_bytes, *sizes, 0)

    def told(self, record: DriveRecord, facts: Drive | None, place: str) -> ToldDrive:
        """`place`: its number among the report's drives; "": only a look shows it."""
        name = name_of(record.identity)
        return ToldDrive(
            **{one.name: getattr(record, one.name) for one in fields(DriveRecord)},
            facts=facts,
            planned=self._planned.get(name, Planned()),
            largest_bytes=self._largest[name],
            cut=place in self._cut,
        )

    def untouched(
        self, drive: Drive, state: DriveState, refusals: tuple[Refusal, ...]
    ) -> ToldDrive:
        record = DriveRecord(drive.identity, drive.node, state, Method.NONE, refusals=refusals)
        return self.told(record, drive, "")


def _sizes_seen(record: DriveRecord) -> Iterator[int]:
    """By the names that its attempts' observations give it. (What earlier sessions saw may be of
    another drive in the same dock, and is told as a size of its own: ObservationKind.SEEN_LARGER.)
    """
    words = {seen.drive for attempt in record.attempts for seen in attempt.observations}
    for word in words - {record.identity.key}:
        size = word.rpartition("|")[2]
        if is_about(word, record.identity):
            yield whole_number(size)


_LONGEST_NUMBER = 19  # digits; 2^63 has as many
NO_NUMBER = 1 << 64  # larger than each


def whole_number(word: str) -> int:
    """What is none is larger than each that is one."""
    known = word.isascii() and word.isdecimal() and len(word) <= _LONGEST_NUMBER
    return int(word) if known else NO_NUMBER


def _folded(plans: Iterable[DrivePlan]) -> Planned:
    steps: set[Preparation] = set()
    minimum = Method.NONE
    ways: defaultdict[Technique, set[Way]] = defaultdict(set)
    words: defaultdict[str, set[str]] = defaultdict(set)
    for plan in plans:
        steps.update(plan.preparations)
        for one in plan.attempts:
            minimum = one.minimum if reaches(one.minimum, minimum) else minimum
            way = Way(one.claims, frozenset(one.not_accepted), one.verify)
            ways[one.technique].add(way)
        for name, word in plan.capabilities.items():
            words[name].add(word)
    return Planned(
        frozenset(steps),
        minimum,
        {technique: frozenset(w) for technique, w in ways.items() if len(w) <= _MOST_WAYS},
        {name: frozenset(told) for name, told in words.items()},
    )


def name_of(identity: DriveIdentity) -> str:
    """Who a drive is, whatever its size."""
    if identity.serial is None and identity.wwn is None:
        return identity.key
    return identity.key.rpartition("|")[0]


def is_about(word: str, identity: DriveIdentity) -> bool:
    """Whether `word`, the key of a drive in an observation, names this one, at any of its sizes."""
    return word == identity.key or word.rpartition("|")[0] == name_of(identity)


def installed_on(report: Report) -> DriveRecord | None:
    """The drive of the installation, by its key at the size that it was met or left at: reports of
    before 2026-12 name it as a removed hidden area had made it grow. None: there is none."""
    if report.install is None:
        return None
    word = report.install.drive
    return next(
        (
            record
            for record in report.drives
            if is_about(word, record.identity)
            or (record.found_bytes and word == _found_as(record).key)
        ),
        None,
    )


def _found_as(record: DriveRecord) -> DriveIdentity:
    return replace(record.identity, size_bytes=record.found_bytes)
