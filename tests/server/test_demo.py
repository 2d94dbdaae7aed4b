"""A server that is a demonstration: its mark, and what it never touches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from reprise import i18n
from reprise.adapters.signing.jws import DEMO_TYPE, Ed25519Signer
from reprise.bootstrap import demo_server as making
from reprise.bootstrap.demo_server import demo_server
from reprise.domain.report.report import DEMO_SCHEMA
from reprise.errors import InputError, StorageError
from reprise.server import clock
from reprise.server.database import close_database, writing
from reprise.server.demo import mark
from reprise.server.demo.mark import is_demonstration, put_mark
from reprise.server.opening import look_into, open_database
from reprise.server.problems import Problem, ProblemError, ProblemKind
from reprise.server.reports.archive import known_report
from reprise.server.settings import Mail, OpenId, ServerSettings
from reprise.server.stations.services import enroll
from server.kit import fresh, new_database, signed, stranger
from server.taking import OURS, take_report


@pytest.fixture(autouse=True)
def _nothing_stays() -> Iterator[None]:
    yield
    close_database()
    mark._is[:] = [False]


@pytest.fixture
def real(tmp_path: Path) -> str:
    new_database(tmp_path / "real.db")
    return str(tmp_path / "real.db")


@pytest.fixture
def marked(tmp_path: Path) -> str:
    new_database(tmp_path / "marked.db")
    open_database(str(tmp_path / "marked.db"))
    assert not is_demonstration()
    with writing():
        put_mark(1)
    assert is_demonstration()
    return str(tmp_path / "marked.db")


def test_the_mark_is_the_databases(marked: str, real: str) -> None:
    for open_it in (open_database, look_into):
        open_it(real)
        assert not is_demonstration()
        open_it(marked)
        assert is_demonstration()


def test_no_proof_of_a_real_station_ends_in_a_demonstration(marked: str) -> None:
    """It would be gone with the server, and the station would have its receipt."""
    station, report = stranger(), fresh()
    enroll(OURS, "Real", station.public_pem().decode(), station.kid)
    with pytest.raises(ProblemError, match="wrong-type"):
        take_report(report.report_id, signed(station, report))
    played = Ed25519Signer(station._key, DEMO_TYPE)
    with pytest.raises(ProblemError, match="not-a-report"):
        take_report(report.report_id, signed(played, report))
    assert known_report(report.report_id) is None
    shown = replace(report, schema=DEMO_SCHEMA)
    assert take_report(report.report_id, signed(played, shown))[0] == 201


def test_a_station_is_told_why(marked: str) -> None:
    refusal = Problem(ProblemKind.WRONG_TYPE)
    with i18n.using("en"):
        assert "is a demonstration" in refusal.advice
        mark._is[:] = [False]
        assert "demonstration" not in refusal.advice


def test_time_goes_on_after_a_year_that_was_played() -> None:
    moment = datetime(2020, 1, 1, tzinfo=UTC)
    with clock.played_at(moment):
        assert clock.now() == moment
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


SETTINGS = ServerSettings(
    database="/nonexistent/real.db",
    public_url="https://reprise.example.org",
    data="/nonexistent/data",
    s3_bucket="real",
    mail=Mail(host="mail.example.org", sender="a@example.org"),
    openid=OpenId(url="https://login.example.org"),
    page_size=20,
)


@pytest.fixture
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "fill_database", lambda *_all: ())


def silent(_done: int, _all: int) -> None:
    """Nobody looks on."""


@pytest.mark.usefixtures("_quick")
def test_nothing_of_a_real_server_is_used() -> None:
    with demo_server(SETTINGS, None, 1, silent) as made:
        folder = Path(made.settings.database).parent
        assert folder.is_dir()
        assert made.settings == ServerSettings(
            database=str(folder / "reprise.db"), data=str(folder / "data"), page_size=20
        )
        assert len(set(made.password)) > 4
        again = made.password
    assert not folder.exists()
    with demo_server(SETTINGS, None, 1, silent) as made:
        assert made.password != again


@pytest.mark.usefixtures("_quick")
@pytest.mark.parametrize("name", ["reprise.db", "reprise.db-wal"])
def test_what_holds_something_is_never_filled(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"")  # nothing in it yet, perhaps
    with (
        i18n.using("en"),
        pytest.raises(InputError, match="already"),
        demo_server(SETTINGS, str(tmp_path / "reprise.db"), 1, silent),
    ):
        pass
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.usefixtures("_quick")
@pytest.mark.parametrize("name", ["postgresql:///reprise", "sqlite:///x.db", "missing/reprise.db"])
def test_what_is_no_new_file_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError), demo_server(SETTINGS, name, 1, silent):
        pass
    assert not list(tmp_path.iterdir())


@pytest.mark.usefixtures("_quick")
def test_a_file_that_was_named_stays(tmp_path: Path) -> None:
    file = tmp_path / "try.db"
    with demo_server(SETTINGS, str(file), 1, silent) as made:
        assert made.settings.database == str(file)
    assert file.exists()
    assert file.stat().st_mode & 0o777 == 0o600


def test_half_a_year_is_taken_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(database: str, *_more: object) -> None:
        Path(f"{database}-wal").write_bytes(b"x")
        raise StorageError("full")

    monkeypatch.setattr(making, "fill_database", full)
    with pytest.raises(StorageError), demo_server(SETTINGS, str(tmp_path / "x.db"), 1, silent):
        pass
    assert not list(tmp_path.iterdir())
