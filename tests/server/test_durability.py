"""What was acknowledged is there after the worst; what was not leaves no trace."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from reprise import i18n
from reprise.adapters.signing.jws import Ed25519Signer
from reprise.errors import InputError, StorageError
from reprise.server.database import close_database, try_to_write
from reprise.server.database_errors import FullError
from reprise.server.opening import open_database
from server.kit import Running, enrolled, fresh, reprise, serving, signed
from server.small_disk import fill, small_disk
from unit.domain.pc import samples

__all__ = ["small_disk"]  # a fixture


def sound(database: Path) -> None:
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


@pytest.mark.whole
def test_acknowledged_reports_survive_kill_9(tmp_path: Path) -> None:
    database = tmp_path / "reprise.db"
    station = enrolled(database, tmp_path / "stick")
    acknowledged: dict[str, bytes] = {}
    enough, killed = threading.Event(), threading.Event()
    with serving(database) as server:

        def send() -> None:
            while not killed.is_set():
                report = fresh(serial="KILLED")
                body = signed(station, report)
                # before the end an error is a time-out of a machine under load
                with contextlib.suppress(OSError):
                    if server.put(report.report_id, body).status_code == 201:
                        acknowledged[report.report_id] = body
                if len(acknowledged) >= 10:
                    enough.set()

        threads = [threading.Thread(target=send) for _ in range(3)]
        for thread in threads:
            thread.start()
        enough.wait(60)  # killed in the middle of the traffic, however slow this machine is
        killed.set()
        server.kill()
        for thread in threads:
            thread.join(30)
    assert len(acknowledged) >= 10
    with serving(database) as server:
        for report_id, body in acknowledged.items():
            assert server.get(f"/api/v1/reports/{report_id}").content == body
    sound(database)


def put_until_refused(
    server: Running, station: Ed25519Signer
) -> tuple[dict[str, bytes], str, bytes]:
    stored: dict[str, bytes] = {}
    for _ in range(60):
        report = fresh(samples.many_report(30))
        body = signed(station, report)
        answer = server.put(report.report_id, body)
        if answer.status_code != 201:
            assert answer.status_code == 507, answer.text
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json()["type"] == "/problems/no-room"
            return stored, report.report_id, body
        stored[report.report_id] = body
    raise AssertionError("the disk never filled")


@pytest.mark.whole
def test_full_disk_keeps_nothing_half_and_recovers(small_disk: Path, tmp_path: Path) -> None:
    database = small_disk / "reprise.db"
    station = enrolled(database, tmp_path / "stick")
    with serving(database) as server:
        assert server.get("/").status_code == 200  # logs in, while there is room for that
        filler = fill(small_disk)
        stored, refused, body = put_until_refused(server, station)
        assert server.get(f"/api/v1/reports/{refused}").status_code == 404
        assert server.get("/?lang=en").status_code == 200
        for report_id, was in stored.items():
            assert server.get(f"/api/v1/reports/{report_id}").content == was
        filler.unlink()
        assert server.put(refused, body).status_code == 201
        assert server.get(f"/api/v1/reports/{refused}").content == body
    sound(database)


def test_a_disk_that_is_nearly_full_takes_no_reports(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_database(str(tmp_path / "reprise.db"))
    try_to_write()
    nearly = shutil.disk_usage("/")._replace(free=1 << 20)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: nearly)
    with pytest.raises(FullError):
        try_to_write()
    close_database()


def test_commits_are_synced_and_keys_are_enforced(tmp_path: Path) -> None:
    open_database(str(tmp_path / "reprise.db"))
    with connection.cursor() as cursor:
        for name, value in (("synchronous", 2), ("journal_mode", "wal"), ("foreign_keys", 1)):
            assert cursor.execute(f"PRAGMA {name}").fetchone() == (value,)  # 2: FULL
    close_database()


def test_migrations_make_exactly_the_tables_of_the_code(tmp_path: Path) -> None:
    open_database(str(tmp_path / "reprise.db"))
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)  # exits where they do not
    close_database()


@pytest.mark.whole
def test_a_database_is_read_by_its_owner_alone(tmp_path: Path) -> None:
    database = tmp_path / "reprise.db"
    database.touch(0o644)  # as earlier versions made it
    with serving(database) as server:
        assert server.get("/").status_code == 200
        made = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.glob("reprise.db*")}
    assert len(made) == 3
    assert set(made.values()) == {0o600}


def test_database_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    database = tmp_path / "reprise.db"
    open_database(str(database))
    close_database()
    newer = ("reports", "9999_newer", "2030-01-01 00:00:00")
    with closing(sqlite3.connect(database)) as raw, raw:
        raw.execute("INSERT INTO django_migrations (app, name, applied) VALUES (?, ?, ?)", newer)
    done = reprise("serve", "--port", "0", "--database", str(database))
    assert done.returncode == 2
    assert done.stderr.startswith("reprise: the database was made by a newer Reprise.")
    with closing(sqlite3.connect(database)) as raw:
        last = "SELECT app, name, applied FROM django_migrations ORDER BY id DESC"
        assert raw.execute(last).fetchone() == newer


@pytest.mark.parametrize(
    ("lang", "reason"),
    [("fr", "ce fichier ou dossier n’existe pas"), ("en", "there is no such file or folder")],
)
def test_why_a_database_cannot_be_opened_is_said_in_words(lang: str, reason: str) -> None:
    with i18n.using(lang):
        with pytest.raises(StorageError) as told:
            open_database("/proc/nope/reprise.sqlite")
        said = str(told.value)  # a screen in another language says it in that one
    assert reason in said
    assert "Errno" not in said


def test_a_mistyped_file_stays_as_it_is(tmp_path: Path) -> None:
    """As root, it may be a file that others need to read."""
    mistyped = tmp_path / "passwd"
    mistyped.write_text("root:x:0:0:root:/root:/bin/bash\n")
    mistyped.chmod(0o644)
    with pytest.raises(InputError):
        open_database(str(mistyped))
    assert mistyped.stat().st_mode & 0o777 == 0o644
    assert mistyped.read_text() == "root:x:0:0:root:/root:/bin/bash\n"
