"""The year of a demonstration, filled in by the services of a real server."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from reprise.bootstrap.demo_server import fill_database
from reprise.domain.report.outcome import Outcome
from reprise.server.audit.services import Action, trail
from reprise.server.database import close_database
from reprise.server.demo import mark
from reprise.server.demo.people import Account
from reprise.server.opening import open_database
from reprise.server.people.accounts import find_user
from reprise.server.people.invitations import list_invitations
from reprise.server.people.members import list_members
from reprise.server.people.scope import Role, of_command
from reprise.server.problems import ProblemError
from reprise.server.quarantine.services import list_letters
from reprise.server.reports.archive import known_report
from reprise.server.reports.verifying import look_at_each
from reprise.server.stations.services import enroll, list_stations
from server.kit import PASSWORD, new_database
from server.taking import OURS, take_report

pytestmark = pytest.mark.whole
THEIRS = of_command(2)
SMALL = (12, 2)  # PCs of each organisation


@dataclass(frozen=True)
class Filled:
    database: Path
    accounts: tuple[Account, ...]
    told: tuple[tuple[int, int], ...]


def filled(folder: Path, seed: int) -> Filled:
    database, told = folder / f"demo-{seed}.db", list[tuple[int, int]]()
    new_database(database)
    try:
        accounts = fill_database(
            str(database), seed, PASSWORD, lambda *step: told.append(step), SMALL
        )
    finally:
        mark._is[:] = [False]
    return Filled(database, tuple(accounts), tuple(told))


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Filled:
    return filled(tmp_path_factory.mktemp("demo"), 5)


@pytest.fixture
def opened(year: Filled) -> Iterator[Filled]:
    open_database(str(year.database))
    yield year


@pytest.fixture(autouse=True)
def _nothing_stays() -> Iterator[None]:
    yield
    close_database()
    mark._is[:] = [False]


def content(organisation: int) -> dict[str, str]:
    """The outcome of each report, by its number."""
    from reprise.server.reports import models

    here = models.Report.objects.filter(pc__organisation=organisation)
    return dict(here.values_list("report_id", "outcome"))


def test_each_outcome_is_there(opened: Filled) -> None:
    town, workshop = content(1), content(2)
    counted = Counter(map(Outcome, town.values()))
    assert counted.keys() == set(Outcome)
    assert counted[Outcome.ERASED] >= 7
    assert counted[Outcome.INTERRUPTED] == 1
    assert len(town) >= SMALL[0] + 1  # who was broken off came again
    assert len(workshop) >= SMALL[1]
    assert not town.keys() & workshop.keys()


def test_every_report_is_sound(opened: Filled) -> None:
    looked = list(look_at_each())
    assert len(looked) == len({**content(1), **content(2)})
    assert {one.state.name for one in looked} == {"GOOD"}


def test_receipts_lie_within_the_year(opened: Filled) -> None:
    now = datetime.now(UTC)
    received = []
    for report_id in content(1):
        stored = known_report(report_id)
        assert stored is not None
        assert stored.received_at is not None
        received.append(stored.received_at)
    assert now - timedelta(days=366) < min(received)
    assert max(received) <= now
    assert (max(received) - min(received)).days > 250
    assert len({moment.date() for moment in received}) > 8


def test_the_same_seed_makes_the_same_year(year: Filled, tmp_path: Path) -> None:
    found = []
    for seed in (5, 6):
        again = filled(tmp_path, seed)
        open_database(str(again.database))
        found.append((content(1), content(2)))
        close_database()
    open_database(str(year.database))
    assert found[0] == (content(1), content(2))
    assert not found[1][0].keys() & content(1).keys()


def test_its_people_have_each_role_and_one_password(opened: Filled) -> None:
    for organisation, scope in (("Ville", OURS), ("Ressourcerie", THEIRS)):
        mine = [one for one in opened.accounts if one.organisation.startswith(organisation)]
        members = list_members(scope)
        assert {(m.email, m.role) for m in members} == {(one.email, one.role) for one in mine}
    assert {one.role for one in opened.accounts} == set(Role)
    assert len(opened.accounts) == 7
    for account in opened.accounts:
        user = find_user(account.email)
        assert user is not None
        assert user.check_password(PASSWORD)
    (waiting,) = list_invitations(OURS)
    assert waiting.email.startswith("robin@")


def test_what_was_changed_stands_in_the_record_in_its_order(opened: Filled) -> None:
    lines = trail(OURS, 1, 500).lines
    moments = [line.at for line in reversed(lines)]
    assert moments == sorted(moments)
    assert moments[0] < datetime.now(UTC) - timedelta(days=350)
    assert {line.action for line in lines} == {
        *(Action.SET_UP, Action.PERSON_INVITED, Action.PERSON_JOINED, Action.PERSON_REMOVED),
        *(Action.ROLE_CHANGED, Action.TOKEN_MADE, Action.STATION_ENROLLED),
        *(Action.STATION_RENAMED, Action.STATION_REVOKED),
    }


def test_one_of_its_stations_is_revoked_and_takes_nothing_more(opened: Filled) -> None:
    stations = list_stations(OURS)
    assert [s.name for s in stations] == ["Médiathèque", "Établi 1", "Établi 2"]
    (lost,) = [s for s in stations if s.revoked_at is not None]
    assert lost.name == "Médiathèque"
    assert lost.revoked_at is not None
    assert lost.enrolled_at is not None
    assert lost.enrolled_at < lost.revoked_at < datetime.now(UTC) - timedelta(days=100)
    assert [s.name for s in list_stations(THEIRS)] == ["Atelier"]


def test_what_a_newer_station_sent_is_in_quarantine(opened: Filled) -> None:
    (letter,) = list_letters(OURS, 1, 10).lines
    assert letter.problem == "not-a-report"
    assert letter.station == "Établi 2"
    assert letter.received_at < datetime.now(UTC) - timedelta(days=60)
    assert not list_letters(THEIRS, 1, 10).lines


def test_how_far_it_is_is_told(year: Filled) -> None:
    done, all_ = zip(*year.told, strict=True)
    assert done == tuple(range(1, all_[0] + 1))
    assert set(all_) == {done[-1]}


def test_its_reports_are_worth_nothing_on_a_real_server(opened: Filled, tmp_path: Path) -> None:
    """Even where its stations were enrolled there."""
    stored = known_report(next(iter(content(1))))
    assert stored is not None
    (key,) = [s.public_pem for s in list_stations(OURS) if s.kid == stored.kid]
    new_database(tmp_path / "real.db")
    open_database(str(tmp_path / "real.db"))
    enroll(OURS, "Établi 1", key, stored.kid)
    with pytest.raises(ProblemError, match="wrong-type"):
        take_report(stored.report_id, stored.jws)
