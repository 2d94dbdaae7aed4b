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
from server.backups import backed_up, files, names, one_report, packed, refuses, restored
from server.kit import REPRISE, Running, enrolled, fresh, own_data, reprise, serving, signed
from server.postgresql import Cluster


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


def reprise_server(settings: list[str], *words: str) -> str:
    done = subprocess.run(
        [*REPRISE, *settings, "server", *words],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def drill(here: Path | str, there: Path | str, place: Path) -> None:
    station = enrolled(here, place / "stick")
    box = place / "backup.tar"
    with serving(here, log=place / "log") as server, Load(server, station) as load:
        before = load.until(20)
        said = reprise_server(own_data(place, here), "backup", str(box), "--database", str(here))
        meanwhile = len(load.acknowledged)
        load.until(meanwhile + 5)  # it was never kept waiting, and goes on
        server.kill()
    assert meanwhile > len(before), "reports came while the backup was made"
    assert f"Backed up: {box}" in said
    assert stat.S_IMODE(box.stat().st_mode) == 0o600
    assert sorted(p.name for p in place.iterdir() if "backup" in p.name) == ["backup.tar"]

    there_too = own_data(place / "there", there)
    said = reprise_server(there_too, "restore", str(box), "--database", str(there))
    assert "each as its station signed it" in said
    assert "✗" not in said
    config = place / "there" if there_too else None
    with serving(there, config=config, log=place / "log of the new one") as server:
        for report_id, body in before.items():
            assert server.get(f"/api/v1/reports/{report_id}").content == body
        assert server.get("/?q=DRILL").status_code == 200
        new = fresh()
        assert server.put(new.report_id, signed(station, new)).status_code == 201


def test_an_sqlite_file(tmp_path: Path) -> None:
    (tmp_path / "reprise-data" / "photos").mkdir(parents=True)
    (tmp_path / "reprise-data" / "photos" / "one").write_bytes(b"light")
    drill(tmp_path / "reprise.db", tmp_path / "new" / "reprise.db", tmp_path)
    assert (tmp_path / "new" / "reprise-data" / "photos" / "one").read_bytes() == b"light"
    files = [tmp_path / "new" / "reprise.db", tmp_path / "new" / "reprise-data" / "photos" / "one"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


@pytest.fixture
def empty(cluster: Cluster) -> Iterator[str]:
    """The address of a database that holds nothing."""
    with psycopg.connect(cluster.address, autocommit=True) as line:
        line.execute("CREATE DATABASE restored")
        yield cluster.address.rpartition("/")[0] + "/restored"
        line.execute("DROP DATABASE restored WITH (FORCE)")


@pytest.fixture
def of_no_superuser(cluster: Cluster) -> Iterator[tuple[str, str]]:
    """The addresses of two empty databases of somebody whom row security binds, as it should be."""
    with psycopg.connect(cluster.address, autocommit=True) as line:
        line.execute("CREATE ROLE holder LOGIN")
        for name in ("held", "held_again"):
            line.execute(f"CREATE DATABASE {name} OWNER holder")
        base = f"postgresql://holder@127.0.0.1:{cluster.port}"
        yield f"{base}/held", f"{base}/held_again"
        for name in ("held", "held_again"):
            line.execute(f"DROP DATABASE {name} WITH (FORCE)")
        line.execute("DROP ROLE holder")


def test_a_postgresql_of_no_superuser(of_no_superuser: tuple[str, str], tmp_path: Path) -> None:
    """Who owns the tables sees all that is behind their walls only by asking for it: a backup
    without would hold no report."""
    drill(*of_no_superuser, tmp_path)


def test_a_postgresql(cluster: Cluster, empty: str, tmp_path: Path) -> None:
    drill(cluster.address, empty, tmp_path)
    done = subprocess.run(
        [
            *(*REPRISE, *own_data(tmp_path / "third", empty)),
            *("server", "restore", str(tmp_path / "backup.tar"), "--database", empty),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "holds something already" in done.stderr


def test_without_postgresql_s_own_program_it_is_said_what_to_install(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrolled(cluster.address, tmp_path / "stick")
    monkeypatch.setenv("PATH", str(tmp_path))
    done = backed_up(cluster.address, tmp_path / "b.tar")
    refuses(done, 4, "pg_dump is not installed", "Install postgresql-client")
    assert names(tmp_path) == ["server.toml", "stick"]


def test_what_postgresql_refuses_is_said_in_its_words(
    cluster: Cluster, empty: str, tmp_path: Path
) -> None:
    enrolled(cluster.address, tmp_path / "stick")
    box = tmp_path / "b.tar"
    assert backed_up(cluster.address, box).returncode == 0
    what = files(box)
    dump = what["database.pgdump"]
    half = packed(tmp_path / "half.tar", {**what, "database.pgdump": dump[: len(dump) // 2]})
    refuses(restored(half, empty), 4, "cannot be restored", "pg_restore")
    with psycopg.connect(empty) as line:
        tables = line.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        assert tables.fetchone() == (0,)
    assert restored(box, empty).returncode == 0


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
