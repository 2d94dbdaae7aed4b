"""Filling a new database with the year of a made-up programme: everything at its moment, and by the
services that serve a real one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from reprise.server.clock import played_at
from reprise.server.database import writing
from reprise.server.demo.mark import put_mark
from reprise.server.demo.people import TOWN, WORKSHOP, Account, People
from reprise.server.people.scope import Role
from reprise.server.problems import ProblemError
from reprise.server.quarantine.services import check_or_keep
from reprise.server.reports.intake import Answer, answer_of, known_sender
from reprise.server.reports.storing import Checked, put_all
from reprise.server.stations.services import enroll, rename, revoke

_STEP = timedelta(minutes=7)  # between two things that one person does
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Bench:
    """A station to be. `lost_at`: when it is revoked; None: it never is."""

    name: str
    kid: str
    public_pem: str
    begins_at: datetime
    lost_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """A signed report that reaches the server."""

    arrives_at: datetime
    report_id: str
    jws: bytes


@dataclass(frozen=True, slots=True)
class Organisation:
    """`technicians`: their names. `benches`: its own, one at least."""

    name: str
    technicians: Sequence[str]
    benches: Sequence[Bench]


@dataclass(frozen=True, slots=True)
class Year:
    """What is to happen. `town` looks after the server, and has two technicians; `workshop` joins
    it before its bench begins."""

    seed: int
    begins_at: datetime
    ends_at: datetime
    town: Organisation
    workshop: Organisation
    letters: Sequence[Letter]
    unreadable: Letter  # of a station that is newer than the server


Happening = tuple[datetime, Callable[[], object]]
Tell = Callable[[int, int], None]


def fill(year: Year, password: str, tell: Tell) -> Sequence[Account]:
    """Into the database that is open, and new. The accounts that were made, each with `password`.
    `tell`: how many reports are in, of how many. Raises ProblemError, StorageError."""
    with writing():
        put_mark(year.seed)
    people = People(password)
    happenings: list[Happening] = [
        *_in_town(year, people),
        *_in_the_workshop(year, people),
        *_benches(year.town, people),
        *_benches(year.workshop, people),
        *_letters(year.letters, tell),
        (year.unreadable.arrives_at, partial(_refuse, year.unreadable)),
    ]
    for at, happen in sorted(happenings, key=lambda one: one[0]):
        with played_at(at):
            happen()
    return people.accounts


def _in_town(year: Year, people: People) -> Iterator[Happening]:
    name, began = year.town.name, year.begins_at
    first, second = year.town.technicians
    camille, sacha, noa = (f"{who}@{TOWN}" for who in ("camille", "sacha", "noa"))
    auditor, technician = Role.AUDITOR, Role.TECHNICIAN
    yield began, partial(people.begin, name, "Alix Exemple", f"alix@{TOWN}")
    yield began + _STEP, partial(people.join, name, technician, first, camille)
    yield began + 2 * _STEP, partial(people.join, name, auditor, second, sacha)
    yield began + 3 * _STEP, partial(people.give_role, name, technician, sacha)
    yield began + _DAY, partial(people.join, name, auditor, "Dominique Essai", f"dpo@{TOWN}")
    yield began + 70 * _DAY, partial(people.join, name, technician, "Noa Stage", noa)
    yield began + 161 * _DAY, partial(people.leave, name, noa)
    to = ("Association Les Débuts", f"debuts@{TOWN}")
    yield began + 91 * _DAY, partial(people.join, name, Role.BENEFICIARY, *to)
    yield began + 98 * _DAY, partial(people.connect, name, "GLPI")
    waiting = partial(people.invite, name, technician, f"robin@{TOWN}")
    yield year.ends_at - _DAY, waiting


def _in_the_workshop(year: Year, people: People) -> Iterator[Happening]:
    name = year.workshop.name
    began = year.workshop.benches[0].begins_at - _DAY
    who = ("Ange Prototype", f"ange@{WORKSHOP}")
    yield began, partial(people.another, year.town.name, name, *who)
    for number, technician in enumerate(year.workshop.technicians, 1):
        email = f"{technician.split()[0].lower()}@{WORKSHOP}"
        joining = partial(people.join, name, Role.TECHNICIAN, technician, email)
        yield began + number * _STEP, joining


def _benches(of: Organisation, people: People) -> Iterator[Happening]:
    """One that is lost is a stick that is lent."""
    for number, bench in enumerate(of.benches):
        began = bench.begins_at + number * _STEP
        named = f"{bench.name} (test)" if bench.lost_at else bench.name
        yield began, partial(_enroll, people, of.name, named, bench)
        if bench.lost_at:
            yield began + _STEP, partial(_rename, people, of.name, bench)
            yield bench.lost_at, partial(_revoke, people, of.name, bench)


def _enroll(people: People, organisation: str, name: str, bench: Bench) -> None:
    enroll(people.scope(organisation), name, bench.public_pem, bench.kid)


def _rename(people: People, organisation: str, bench: Bench) -> None:
    rename(people.scope(organisation), bench.kid, bench.name)


def _revoke(people: People, organisation: str, bench: Bench) -> None:
    revoke(people.scope(organisation), bench.kid)


def _letters(letters: Sequence[Letter], tell: Tell) -> Iterator[Happening]:
    by_arrival = sorted(letters, key=lambda letter: letter.arrives_at)
    for number, letter in enumerate(by_arrival, 1):
        yield letter.arrives_at, partial(_take, letter, partial(tell, number, len(letters)))


def _take(letter: Letter, tell: Callable[[], None]) -> None:
    """As if it had come over the network. Raises ProblemError where a station would be told so."""
    checked = _checked(letter)
    if isinstance(checked, Checked):
        answer_of(*put_all([checked])[0])
    tell()


def _refuse(letter: Letter) -> None:
    try:
        _checked(letter)
    except ProblemError:
        return
    raise RuntimeError("what nobody should read was read")


def _checked(letter: Letter) -> Checked | Answer:
    station = known_sender(letter.jws.partition(b".")[0])
    return check_or_keep(letter.report_id, letter.jws, station)
