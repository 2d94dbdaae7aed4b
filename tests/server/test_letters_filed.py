"""New words get into PostgreSQL's index of letters behind the reports' backs: none waits for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from reprise.errors import StorageError
from reprise.server.database import close_database, writing
from reprise.server.jobs import worker
from reprise.server.opening import open_database
from reprise.server.reports import models
from reprise.server.reports.columns import pc_row
from reprise.server.reports.searching import file_letters, remember, told_words
from reprise.server.stations.keys import make_key
from reprise.server.stations.services import enroll
from server.kit import enrolled, fresh, open_new, serving
from server.pages import stored
from server.postgresql import Cluster
from server.taking import OURS, put_report
from server.test_processes import until

pytestmark = pytest.mark.whole


def waiting(cluster: Cluster, database: str) -> int:
    """Words that are on the list, and not in the index yet."""
    name = database.rpartition("/")[2]
    with psycopg.connect(f"{cluster.address.rpartition('/')[0]}/{name}") as raw:
        raw.execute("CREATE EXTENSION IF NOT EXISTS pgstattuple")
        row = raw.execute("SELECT pending_tuples FROM pgstatginindex('reports_letters')").fetchone()
    assert row is not None
    return int(row[0])


@pytest.fixture
def database(cluster: Cluster) -> Iterator[str]:
    address = cluster.own_database()
    open_database(address)
    yield address
    close_database()


def test_words_are_filed_by_who_is_told_to(cluster: Cluster, database: str) -> None:
    key = make_key()
    enroll(OURS, "Bench", key.public_pem.decode(), key.kid)
    put_report(fresh(serial="PG-1"), b"bytes", key.kid)
    assert waiting(cluster, database) == 1
    file_letters()
    assert waiting(cluster, database) == 0


def test_who_does_not_own_the_index_leaves_it_to_postgresql(
    cluster: Cluster, database: str
) -> None:
    """A database may be brought up to date by one role, and used by another."""
    role = f"user_of_{database.rpartition('/')[2]}"
    with psycopg.connect(
        f"{cluster.address.rpartition('/')[0]}/{database.rpartition('/')[2]}"
    ) as raw:
        raw.execute(f"CREATE ROLE {role} LOGIN")
        raw.execute(f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {role}")
    close_database()
    open_database(f"postgresql://{role}@{database.partition('@')[2]}")
    file_letters()


def test_no_report_files_what_others_brought(cluster: Cluster, database: str) -> None:
    """PostgreSQL's own list is full after some 350 PCs."""
    now = datetime.now(UTC)
    reports = [fresh(serial=f"PG-{number}") for number in range(1000)]
    pcs = [pc_row(report, OURS.organisation, now, "") for report in reports]
    with writing():
        models.Pc.objects.bulk_create(pcs)
        both = zip(pcs, reports, strict=True)
        remember({pc.pk: told_words(report) for pc, report in both})
    assert waiting(cluster, database) == len(reports)


def test_sqlite_has_no_such_list(tmp_path: Path) -> None:
    open_new(tmp_path / "reprise.db")
    file_letters()
    close_database()


def test_a_server_files_them(cluster: Cluster, tmp_path: Path) -> None:
    database = cluster.own_database()
    station = enrolled(database, tmp_path / "stick")
    (tmp_path / "server.toml").write_text(f'data = "{tmp_path}/data"')
    with serving(database, log=tmp_path / "log", config=tmp_path) as server:
        stored(server, station, fresh())
        assert until(lambda: waiting(cluster, database) == 0, 20)


def test_what_is_done_often_keeps_nothing_else_from_being_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_new(tmp_path / "reprise.db")
    monkeypatch.setattr(worker, "_FIRST_CLEAN_S", 0.0)
    monkeypatch.setattr(worker, "_AGAIN_S", 0.0)
    done: list[str] = []

    def fails() -> None:
        done.append("often")
        raise StorageError("full", "")

    def idle() -> None:
        raise SystemExit

    monkeypatch.setattr("reprise.server.jobs.bell.wait", idle)
    with pytest.raises(SystemExit):
        worker.Worker({}, 1.0, [lambda: done.append("hourly")], [fails]).run()
    assert done == ["hourly", "often"]
    close_database()
