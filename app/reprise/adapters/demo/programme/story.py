"""Who comes when: some four hundred visits of PCs to the benches of two organisations. Of one seed
and one day they are always the same; of one seed on another day, the same on other days."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum, auto
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from reprise.adapters.demo.machines import Bad, Disk, Recorded
from reprise.adapters.demo.names import Fault
from reprise.adapters.demo.programme.fleet import Fleet, build, fleet
from reprise.adapters.demo.programme.people import DONORS, TECHNICIANS, Team
from reprise.domain.report.events import Operator

PCS = (335, 15)  # of each team


@dataclass(frozen=True, slots=True)
class Bench:
    """A station. `since`, `until`: on which days of the year it is there; None: to its end."""

    name: str
    team: Team
    since: int
    until: int | None = None


BENCHES = (
    Bench("Établi 1", Team.TOWN, 0),
    Bench("Établi 2", Team.TOWN, 0),
    Bench("Médiathèque", Team.TOWN, 40, 210),  # its stick is lost then
    Bench("Atelier", Team.WORKSHOP, 115),
)
_OFTEN = (6, 3, 2, 1)  # each of them is used, beside the others of its team
DAYS = 365
_ZONE = ZoneInfo("Europe/Paris")
_BENCH_DAYS = (1, 2, 3)  # Tuesday to Thursday: one technician, not all of the week
_FIRST, _LATER = time(8, 50), time(15, 10)
_BETWEEN_MIN = 14
_OF_A_LOT = 24
_BACK_AFTER = 40  # bench days
_RETURN = 0.07  # of those that were erased well


class Fate(Enum):
    """What is wrong with a PC, or with its day."""

    WELL = auto()
    FAILS = auto()  # its disk takes nothing any more in one place
    UNREAD = auto()  # or cannot be read back there
    BROKEN_OFF = auto()  # the technician has to leave
    HIDDEN = auto()  # drives may hang where nothing reaches them
    BARE = auto()  # somebody took the drive out


# Of a hundred PCs.
_SHARES = {
    Fate.FAILS: 5,
    Fate.UNREAD: 3,
    Fate.BROKEN_OFF: 4,
    Fate.HIDDEN: 3,
    Fate.BARE: 4,
}


@dataclass(frozen=True, slots=True)
class Visit:
    """One PC on one bench. `began`: in UTC. `breaks_off_s`: after which the technician stops it;
    None: nobody does. `luck`: what its function checks find, and what is installed, follows from
    it. `delay`: until its report finds a network."""

    began: datetime
    bench: int
    pc: Recorded
    operator: Operator
    session_id: str
    report_id: str
    luck: float
    delay: timedelta
    faults: tuple[Fault, ...] = ()
    breaks_off_s: float | None = None


@dataclass(frozen=True, slots=True)
class _Pc:
    """`place`: 0…1, where in the year it comes first."""

    team: Team
    recorded: Recorded
    fate: Fate
    place: float
    lot: int
    tag: str


def local_day(now: datetime) -> date:
    return now.astimezone(_ZONE).date()


def moment_of(today: date, number: int, at: time) -> datetime:
    """`at` on day `number` of the year that ends before `today`, or on the Monday after it; in
    UTC."""
    day = today - timedelta(days=DAYS - number)
    day += timedelta(days=7 - day.weekday() if day.weekday() >= 5 else 0)
    return datetime.combine(day, at, _ZONE).astimezone(UTC)


def bench_days(today: date) -> Sequence[date]:
    """Of the year before `today`, without it: no week-ends, nor the weeks when offices are shut."""
    days = (today - timedelta(days=back) for back in range(DAYS - 3, 0, -1))
    return [day for day in days if day.weekday() in _BENCH_DAYS and not _is_shut(day)]


def _is_shut(day: date) -> bool:
    of_year = (day.month, day.day)
    return (8, 1) <= of_year <= (8, 21) or of_year >= (12, 22) or of_year <= (1, 3)


def visits(seed: int, today: date, pcs: Sequence[int] = PCS) -> Sequence[Visit]:
    """By the time when they begin."""
    random = Random(seed)  # noqa: S311 (to be the same again)
    days = bench_days(today)
    every = [pc for team in Team for pc in _pcs(team, pcs[team.value], random)]
    found = [visit for pc in every for visit in _of(pc, days, today, random)]
    return sorted(found, key=lambda visit: (visit.began, visit.report_id))


def _pcs(team: Team, count: int, random: Random) -> Iterator[_Pc]:
    of = fleet()
    first = 1 if team is Team.TOWN else 20_001
    for at, fate in enumerate(_fates(count, random)):
        number = first + at
        tag = f"SE-{3000 + at * 3}" if team is Team.TOWN and random.random() < 0.8 else ""
        recorded = _built(of, number, fate, random)
        yield _Pc(team, recorded, fate, at / count, at // _OF_A_LOT, tag)


def _fates(count: int, random: Random) -> list[Fate]:
    """As many of each as _SHARES says, and one at least where there is room."""
    fates = [fate for fate, share in _SHARES.items() for _n in range(max(1, count * share // 100))]
    fates = [*fates, *[Fate.WELL] * (count - len(fates))][:count]
    random.shuffle(fates)
    return fates


def _built(of: Fleet, number: int, fate: Fate, random: Random) -> Recorded:
    turning = fate in (Fate.FAILS, Fate.UNREAD, Fate.BROKEN_OFF)
    recorded = build(of, number, random, turning=turning)
    if fate is Fate.BARE:
        return replace(recorded, disk=())
    if fate in (Fate.FAILS, Fate.UNREAD):
        disk = recorded.disk[0]
        return replace(recorded, disk=(_with_bad_sectors(disk, fate, random),))
    return recorded


def _with_bad_sectors(disk: Disk, fate: Fate, random: Random) -> Disk:
    last = disk.drive.identity.size_bytes // disk.drive.logical_sector_bytes - 64
    first = random.randrange(last // 8) * 8
    bad = Bad(first, 8 * random.randrange(1, 5), "write" if fate is Fate.FAILS else "read")
    manner = disk.manner
    if manner is None:
        raise ValueError("a drive of the fleet has its manner")
    return replace(disk, manner=replace(manner, bad=(bad,)))


def _of(pc: _Pc, days: Sequence[date], today: date, random: Random) -> Iterator[Visit]:
    """All visits of one PC."""
    first = int(pc.place * len(days)) if pc.team is Team.TOWN else _late(pc.place, len(days))
    yield _visit(pc, pc.fate, days[first], today, random)
    following = days[min(first + 1, len(days) - 1)]
    if pc.fate is Fate.BROKEN_OFF:
        yield _visit(pc, Fate.WELL, following, today, random, again=True)
    if pc.fate is Fate.FAILS and random.random() < 0.6:  # the disk was taken out, to be shredded
        bare = replace(pc, recorded=replace(pc.recorded, disk=()))
        yield _visit(bare, Fate.BARE, following, today, random, again=True)
    back = first + _BACK_AFTER
    if pc.fate is Fate.WELL and random.random() < _RETURN and back < len(days):
        yield _visit(pc, Fate.WELL, days[back], today, random, again=True)


def _late(place: float, count: int) -> int:
    """The second organisation joins after a third of the year."""
    return int((1 + 2 * place) / 3 * count)


def _visit(
    pc: _Pc, fate: Fate, day: date, today: date, random: Random, *, again: bool = False
) -> Visit:
    began = _moment(day, _LATER if again else _FIRST, random)
    session_id, report_id = (str(UUID(int=random.getrandbits(128), version=4)) for _n in "12")
    luck, slow = random.random(), random.random() < 0.06
    wait = timedelta(seconds=random.randrange(15, 90))
    if slow:  # no network at the bench: its stick is carried to another PC the next morning
        wait += timedelta(hours=18)
    return Visit(
        began=began,
        bench=_bench(pc.team, (day - today).days + DAYS, random),
        pc=pc.recorded,
        operator=_operator(pc, random),
        session_id=session_id,
        report_id=report_id,
        luck=luck,
        delay=wait,
        faults=(Fault.HIDDEN,) if fate is Fate.HIDDEN else (),
        breaks_off_s=random.uniform(900, 3600) if fate is Fate.BROKEN_OFF else None,
    )


def _moment(day: date, earliest: time, random: Random) -> datetime:
    """Some minutes after the one before, with a pause for lunch where that comes."""
    minutes = random.randrange(6) * _BETWEEN_MIN + random.randrange(_BETWEEN_MIN)
    local = datetime.combine(day, earliest, _ZONE) + timedelta(
        minutes=minutes, seconds=random.randrange(60)
    )
    return local.astimezone(UTC)


def _bench(team: Team, day_of_year: int, random: Random) -> int:
    there = [
        number
        for number, bench in enumerate(BENCHES)
        if bench.team is team and bench.since < day_of_year < (bench.until or DAYS + 1)
    ]
    return random.choices(there, [_OFTEN[number] for number in there])[0]


def _operator(pc: _Pc, random: Random) -> Operator:
    donors = DONORS[pc.team]
    return Operator(
        name=random.choice(TECHNICIANS[pc.team]),
        organisation=pc.team.title,
        asset_tag=pc.tag,
        lot=f"SE-L{pc.lot + 1:02}" if pc.team is Team.TOWN else "",
        donor=donors[pc.lot % len(donors)],
    )
