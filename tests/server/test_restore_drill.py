"""A backup of a server that is busy, and what it is worth after the worst: restored elsewhere,
every report that was acknowledged before it began is there to the byte, and is served."""

from __future__ import annotations

import contextlib
import stat
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from reprise.adapters.signing.jws import Ed25519Signer
from reprise.server.upkeep import postgresql_tools
from server.backups import (
    backed_up,
    files,
    keeping_data_in,
    names,
    one_report,
    packed,
    refuses,
    restored,
)
from server.kit import REPRISE, Running, enrolled, fresh, reprise, serving, signed
from server.postgresql import Cluster

pytestmark = pytest.mark.whole


class Load:
    """Stations that hand in one report after the other. `acknowledged`: what they got a receipt
    for."""

    def __init__(self, server: Running, station: Ed25519Signer) -> None:
        self._server, self._station = server, station
        self._ended = threading.Event()
        self.acknowledged: dict[str, bytes] = {}
        self._threads = [threading.Thread(target=self._send) for _n in range(3)]

    def _send(self) -> None:
        while not self._ended.is_set():
            report = fresh(serial="DRILL")
            body = signed(self._station, report)
            with contextlib.suppress(OSError):  # killed
                if self._server.put(report.report_id, body).status_code == 201:
                    self.acknowledged[report.report_id] = body

    def __enter__(self) -> Load:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join(60)

    def until(self, count: int) -> dict[str, bytes]:
        end = time.monotonic() + 60
        while len(self.acknowledged) < count and time.monotonic() < end:
            time.sleep(0.05)
        assert len(self.acknowledged) >= count
        return dict(self.acknowledged)


def reprise_server(settings: Path, *words: str) -> str:
    argv = [*REPRISE, "--config", str(settings), "server", *words]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def drill(here: Path | str, there: Path | str, place: Path) -> None:
    station = enrolled(here, place / "stick")
    box, old, new = place / "backup.tar", place / "old-data", place / "new" / "data"
    (old / "photos").mkdir(parents=True)
    (old / "photos" / "one").write_bytes(b"light")
    new.parent.mkdir()
    settings, after = keeping_data_in(old), keeping_data_in(new)
    with (
        serving(here, config=settings, log=place / "log") as server,
        Load(server, station) as load,
    ):
        before = load.until(20)
        said = reprise_server(settings, "backup", str(box), "--database", str(here))
        meanwhile = len(load.acknowledged)
        load.until(meanwhile + 5)  # it was never kept waiting, and goes on
        server.kill()
    assert meanwhile > len(before), "reports came while the backup was made"
    assert f"Backed up: {box}" in said
    assert stat.S_IMODE(box.stat().st_mode) == 0o600
    assert [name for name in names(place) if "backup" in name] == ["backup.tar"]

    said = reprise_server(after, "restore", str(box), "--database", str(there))
    assert "each as its station signed it" in said
    assert "✗" not in said
    assert (new / "photos" / "one").read_bytes() == b"light"
    with serving(there, config=after, log=place / "log of the new one") as server:
        for report_id, body in before.items():
            assert server.get(f"/api/v1/reports/{report_id}").content == body
        assert "DRILL" in server.get("/?q=DRILL").text
        report = fresh()
        assert server.put(report.report_id, signed(station, report)).status_code == 201


def test_an_sqlite_file(tmp_path: Path) -> None:
    drill(tmp_path / "reprise.db", tmp_path / "new" / "reprise.db", tmp_path)
    made = [tmp_path / "new" / "reprise.db", tmp_path / "new" / "data" / "photos" / "one"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in made} == {0o600}


@pytest.fixture
def plain(cluster: Cluster) -> Iterator[tuple[str, str]]:
    """Two empty databases of a user who is no superuser: the walls of PostgreSQL hold for it."""
    here = cluster.address.replace("reprise@", "plain@").rpartition("/")[0]
    with psycopg.connect(cluster.address, autocommit=True) as line:
        line.execute("CREATE ROLE plain LOGIN")
        for name in ("one", "other"):
            line.execute(f"CREATE DATABASE {name} OWNER plain")
        yield f"{here}/one", f"{here}/other"
        for name in ("one", "other"):
            line.execute(f"DROP DATABASE {name} WITH (FORCE)")
        line.execute("DROP ROLE plain")


def test_a_postgresql(plain: tuple[str, str], tmp_path: Path) -> None:
    here, there = plain
    drill(here, there, tmp_path)
    settings = ("--config", str(keeping_data_in(tmp_path / "none")))
    again = restored(tmp_path / "backup.tar", there, *settings)
    refuses(again, 2, "/other holds something already")
    with psycopg.connect(there) as line:  # nobody is shown what is another's, here neither
        assert line.execute("SELECT count(*) FROM reports_report").fetchone() == (0,)


def test_without_postgresql_s_own_program_it_is_said_what_to_install(
    plain: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrolled(plain[0], tmp_path / "stick")
    monkeypatch.setenv("PATH", str(tmp_path))
    done = backed_up(plain[0], tmp_path / "b.tar")
    refuses(done, 4, "pg_dump is not installed", "Install postgresql-client")
    assert "b.tar" not in "".join(names(tmp_path))


def test_what_postgresql_refuses_is_said_in_its_words(
    plain: tuple[str, str], tmp_path: Path
) -> None:
    here, there = plain
    enrolled(here, tmp_path / "stick")
    box, settings = tmp_path / "b.tar", ("--config", str(keeping_data_in(tmp_path / "data")))
    assert backed_up(here, box, *settings).returncode == 0
    what = files(box)
    dump = what["database.pgdump"]
    half = packed(tmp_path / "half.tar", {**what, "database.pgdump": dump[: len(dump) // 2]})
    refuses(restored(half, there, *settings), 4, "cannot be restored", "pg_restore")
    with psycopg.connect(there) as line:
        tables = line.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        assert tables.fetchone() == (0,)
    assert restored(box, there, *settings).returncode == 0


def test_a_pooler_that_hides_the_reports_makes_no_backup(
    plain: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrolled(plain[0], tmp_path / "stick")
    monkeypatch.setattr(postgresql_tools, "ASKS_EVERY", "-c reprise.organisation=none")
    done = backed_up(plain[0], tmp_path / "b.tar")
    refuses(done, 4, "does not show the reports", "pooler")
    assert "b.tar" not in "".join(names(tmp_path))


def test_a_server_that_is_well_has_no_mark_but_good(tmp_path: Path) -> None:
    database = one_report(tmp_path)
    (database.parent / "reprise-data").chmod(0o700)
    with serving(database) as server:
        text = f'database = "{database}"\npublic_url = "{server.url}"\n'
        (tmp_path / "server.toml").write_text(text)
        done = reprise("--config", str(tmp_path), "server", "check")
        marks = [line[0] for line in done.stdout.splitlines()]
        assert done.returncode == 0
        assert marks.count("✓") == len(marks) - 1 == 8
        assert f"! Address: {server.url}. Use https" in done.stdout
        assert "✓ Reports: 1, as its station signed it." in done.stdout
        assert "checking the reports, 100 %" in done.stderr
    done = reprise("--config", str(tmp_path), "server", "check")
    assert f"! Address: {server.url} does not answer" in done.stdout


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("{user}:s3cret@{rest}", "{user}:…@{rest}"),
        ("{user}@{rest}?password=s3cret", "{user}@{rest}?password=…"),
        (
            "{user}@{rest}?application_name=a%26b&%70assword=s3cret&sslpassword=s3cret",
            "{user}@{rest}?application_name=a%26b&%70assword=…&sslpassword=…",
        ),
    ],
)
def test_what_the_server_is_to_be_told_holds_no_password(
    cluster: Cluster, tmp_path: Path, given: str, told: str
) -> None:
    here, there, box = cluster.own_database(), cluster.own_database(), tmp_path / "box.tar"
    enrolled(here, tmp_path / "stick")
    settings = ("--config", str(keeping_data_in(tmp_path / "new")))
    assert backed_up(here, box, *settings).returncode == 0
    user, _at, rest = there.removeprefix("postgresql://").partition("@")
    given, told = (f"postgresql://{one.format(user=user, rest=rest)}" for one in (given, told))
    done = restored(box, given, *settings)
    assert done.returncode == 0, done.stderr
    assert f'database = "{told}" in server.toml' in done.stderr
    assert "s3cret" not in done.stdout + done.stderr
