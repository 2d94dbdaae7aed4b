"""SQLite keeps anything in any column: what only looks like a date ends no check, no start, no
restore, no page and no report that comes in; and no end of a key is undone by it."""

from __future__ import annotations

from pathlib import Path

import pytest
from allauth.usersessions.models import UserSession

from reprise.adapters.signing.jws import generate_signer
from reprise.domain.station.enrolment import EnrolmentRequest, public_jwk
from reprise.server.database import close_database
from reprise.server.enrolments.services import enrol_by_code, find_offer, offer
from reprise.server.opening import open_database
from reprise.server.people.accounts import find_user
from reprise.server.problems import ProblemError, ProblemKind
from reprise.server.reports.storing import Put
from reprise.server.settings import ServerSettings
from reprise.server.stations.services import list_stations
from reprise.server.upkeep.checking import look_around
from server.kit import ADMINISTRATOR, fresh, serving, session_of, signed
from server.pages import certificate
from server.taking import OURS, put_report
from server.test_check_doubted import start
from server.test_check_unsound import Made, made_in

pytestmark = pytest.mark.whole
_NONE = ["2026-31-29 10:00:00", "2026-11-29 10:00:61", "2026-11-29T10:00:00+99:99"]
_NONE += ["0001-01-01 00:00:00+10:00"]
_COLUMNS = [
    "reports_report.received_at",
    "reports_report.done_at",
    "reports_pc.last_received_at",
    "stations_station.enrolled_at",
    "people_organisation.ended_at",
    "stations_station.public_pem",
]


@pytest.fixture
def made(tmp_path: Path) -> Made:
    return made_in(tmp_path)


def write(made: Made, column: str, value: str | bytes) -> None:
    table, _dot, name = column.partition(".")
    with made.by_hand() as raw:
        assert raw.execute(f"UPDATE {table} SET {name} = ?", [value]).rowcount  # noqa: S608


@pytest.mark.parametrize("column", _COLUMNS)
@pytest.mark.parametrize("value", [*_NONE, b"x"])
def test_it_ends_no_check_no_start_and_no_restore(
    made: Made, tmp_path: Path, column: str, value: str | bytes
) -> None:
    write(made, column, value)
    settings = ServerSettings(database=str(made.database), data=str(tmp_path))
    assert list(look_around(settings, tmp_path / "server.toml", False, lambda *_: None))
    made.look(anew=True)
    write(made, "reports_report.rule", "1")
    write(made, column, value)
    start(made)
    assert "sanitized" not in made.listed()


@pytest.mark.parametrize("value", [_NONE[0], "9999-12-31 23:59:59"])
def test_pages_and_programs_are_answered_and_reports_come_in(made: Made, value: str) -> None:
    for column in _COLUMNS[:4]:
        write(made, column, value)
    write(made, "people_organisation.time_zone", "Asia/Tokyo")
    known, new = made.failed, fresh()
    with serving(made.database) as server:
        assert server.put(known.report_id, signed(made.station, known)).status_code == 200
        assert server.put(new.report_id, signed(made.station, new)).status_code == 201
        one = f"/reports/{known.report_id}"
        for path in ("/", "/pcs/1", one, "/stations"):
            answer = server.get(f"{path}?lang=en")
            assert answer.status_code == 200, path
            assert "unknown date" in answer.text, path
        for path in ("pcs", "pcs/1", "reports", one[1:], f"{one[1:]}/summary", "stations"):
            assert server.get(f"/api/v1/{path}").status_code == 200, path
        assert certificate(server, known.report_id)
        told = server.get("/api/v1/reports?size=1").json()
        ids = [report["report_id"] for report in told["reports"]]
        told = server.get(f"/api/v1/reports?size=1&mark={told['mark']}").json()
        ids += [report["report_id"] for report in told["reports"]]
    assert {known.report_id, new.report_id} <= set(ids)


def test_papers_and_a_person_s_own_pages_are_answered(made: Made) -> None:
    columns = ["papers_paper.used_at", "usersessions_usersession.created_at"]
    columns += ["people_user.joined_at", "people_user.last_login"]
    keys = [session_of(made.database, ADMINISTRATOR) for _ in range(2)]
    open_database(str(made.database))
    for key in keys:
        person = find_user(ADMINISTRATOR)
        UserSession.objects.create(user=person, session_key=key, ip="127.0.0.1", user_agent="x")
    close_database()
    with serving(made.database) as server:
        assert certificate(server, made.failed.report_id)
        for column in columns:
            write(made, column, _NONE[0])
        assert certificate(server, made.failed.report_id)
        assert server.get("/me/sessions?lang=en").text.count("unknown date") >= len(keys)
        told = server.get("/me/data.json").json()
    assert told["joined_at"] is told["last_login"] is None
    assert [session["since"] for session in told["sessions"]] == [None, None]
    with made.by_hand() as raw:
        assert raw.execute("SELECT used_at FROM papers_paper").fetchone() != (_NONE[0],)


@pytest.mark.parametrize(
    ("column", "told"),
    [
        ("stations_station.revoked_at", Put.REVOKED),
        ("people_organisation.ended_at", Put.REVOKED),
        ("stations_station.valid_until", Put.ENDED),
    ],
)
def test_a_key_that_was_closed_stays_so(made: Made, column: str, told: Put) -> None:
    write(made, column, _NONE[0])
    report = fresh()
    open_database(str(made.database))
    assert put_report(report, signed(made.station, report), made.station.kid)[0] is told
    assert [station.is_closed for station in list_stations(OURS)] == [True]
    close_database()


@pytest.mark.parametrize("column", ["used_at", "ends_at"])
def test_a_code_that_was_used_or_ended_opens_to_nobody_else(made: Made, column: str) -> None:
    keys = [generate_signer() for _ in range(2)]
    open_database(str(made.database))
    _open, code = offer(OURS, "", 1)
    asked = EnrolmentRequest(public_jwk(keys[0].public_x()), "Bench 7", code, "")
    if column == "used_at":
        enrol_by_code(asked, keys[0].kid, keys[0].public_pem().decode())
    write(made, f"enrolments_enrolment.{column}", _NONE[0])
    with pytest.raises(ProblemError) as refused:
        enrol_by_code(asked, keys[1].kid, keys[1].public_pem().decode())
    assert refused.value.problem.kind is ProblemKind.CODE_REFUSED
    with pytest.raises(ProblemError):
        find_offer(code)
    close_database()
