"""`reprise server check` sees what is wrong, and says it; `reprise server upgrade` mends tables."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import subprocess
import tarfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from reprise.adapters.storage import config_files
from reprise.server.database import close_database, connect_to
from server.backups import backed_up, one_report, restored
from server.kit import new_database, reprise, stranger


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return one_report(tmp_path_factory.mktemp("made"))


@pytest.fixture
def database(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made.parent, tmp_path / "here")
    (tmp_path / "here" / "reprise-data").chmod(0o700)
    return tmp_path / "here" / made.name


def checked(database: Path | str, *words: str) -> subprocess.CompletedProcess[str]:
    return reprise("server", "check", "--database", str(database), *words)


def told(database: Path, mark: str, words: str, *options: str) -> None:
    done = checked(database, *options)
    lines = [line for line in done.stdout.splitlines() if words in line]
    assert [line[0] for line in lines] == [mark], done.stdout
    assert done.returncode == (4 if mark == "✗" else 0), done.stdout
    assert "Traceback" not in done.stderr


def run(database: Path, line: str, *values: Any) -> None:
    with closing(sqlite3.connect(database)) as raw, raw:
        assert raw.execute(line, values).rowcount == 1


def test_quick_looks_at_no_report(database: Path) -> None:
    run(database, "UPDATE reports_report SET sha256 = 'other'")
    assert checked(database, "--quick").returncode == 0
    assert "Report" not in checked(database, "--quick").stdout


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("UPDATE reports_report SET sha256 = substr(sha256, 9) || 'abcdabc'", "bytes were changed"),
        ("UPDATE reports_report SET jws = CAST(jws AS TEXT)", "bytes were changed"),
        ("UPDATE reports_report SET jws = x''", "bytes were changed"),
        ("UPDATE reports_report SET report_id = 'x'", "another report"),
    ],
)
def test_a_report_that_was_altered_is_seen(database: Path, line: str, words: str) -> None:
    with closing(sqlite3.connect(database)) as raw, raw:
        raw.execute(line)
    told(database, "✗", words)
    told(database, "✗", "Reports: 1 of 1 are not good")


def test_a_key_that_was_exchanged_proves_nothing(database: Path) -> None:
    other = stranger().public_pem().decode()
    run(database, "UPDATE stations_station SET public_pem = ?", other)
    told(database, "✗", "its signature is not good")


def test_bytes_that_fit_their_sum_and_no_signature_are_seen(database: Path) -> None:
    with closing(sqlite3.connect(database)) as raw, raw:
        (jws,) = raw.execute("SELECT jws FROM reports_report").fetchone()
        head, payload, signature = jws.split(b".")
        other = b".".join((head, payload, signature[:40] + b"AAAA" + signature[44:]))
        sums = (other, hashlib.sha256(other).hexdigest())
        raw.execute("UPDATE reports_report SET jws = ?, sha256 = ?", sums)
    told(database, "✗", "its signature is not good")


def test_files_that_others_may_read_are_told(database: Path) -> None:
    database.chmod(0o640)
    told(database, "✗", f"others of this machine may read {database}")
    database.chmod(0o600)
    (database.parent / "reprise-data").chmod(0o755)
    told(database, "✗", f"may read {database.parent}/reprise-data")


@pytest.mark.parametrize(
    "where",
    [
        "u:s3cret@127.0.0.1:9/r",
        "u@127.0.0.1:9/r?connect_timeout=3&password=s3cret",
        "u@127.0.0.1:9/r?%70assword=s3cret",
    ],
)
def test_a_password_that_everybody_reads_is_told(tmp_path: Path, where: str) -> None:
    (tmp_path / "server.toml").write_text(f'database = "postgresql://{where}"\n')
    for mode, mark in ((0o644, "✗"), (0o640, "✓")):
        (tmp_path / "server.toml").chmod(mode)
        done = reprise("--config", str(tmp_path), "server", "check")
        assert f"{mark} Settings:" in done.stdout
        assert "✗ The database postgresql://127.0.0.1:9/r cannot be opened." in done.stdout
        assert done.returncode == 4
        assert "s3cret" not in done.stdout + done.stderr


def test_a_folder_of_settings_that_is_not_there_is_told(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told(database, "✓", "Settings:", "--quick")
    monkeypatch.setattr(config_files, "SHIPPED", database / "none")
    monkeypatch.setattr(config_files, "CHECKOUT", database.parent / "none")
    told(database, "!", f"Settings: the defaults; there is no folder {database.parent}/none")


@pytest.mark.parametrize(("free", "mark"), [(10**6, "✗"), (10**9, "!"), (10**10, "✓")])
def test_room_is_told(
    database: Path, monkeypatch: pytest.MonkeyPatch, free: int, mark: str
) -> None:
    disk = shutil.disk_usage("/")._replace(free=free)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: disk)
    told(database, mark, "Room:")


def test_a_clock_behind_the_reports_is_told(database: Path) -> None:
    run(database, "UPDATE reports_pc SET last_received_at = '2099-01-01 00:00:00'")
    told(database, "✗", "Clock: it says")


def test_a_public_address_that_does_not_answer_is_told_in_plain_words(
    database: Path, tmp_path: Path
) -> None:
    for url, words in (
        ("http://127.0.0.1:9", "the connection was refused"),
        ("https://nobody.invalid", "name"),
    ):
        (tmp_path / "server.toml").write_text(f'database = "{database}"\npublic_url = "{url}"\n')
        done = reprise("--config", str(tmp_path), "server", "check", "--quick")
        (line,) = [line for line in done.stdout.splitlines() if "does not answer" in line]
        assert line.startswith(f"! Address: {url} does not answer (") and words in line
        assert "Errno" not in line and "urlopen" not in line


def test_no_report_is_none(tmp_path: Path) -> None:
    new_database(tmp_path / "reprise.db")
    (tmp_path / "reprise.db").chmod(0o600)
    told(tmp_path / "reprise.db", "✓", "Reports: none yet")


def test_no_database_and_a_foreign_one_are_told(tmp_path: Path) -> None:
    told(tmp_path / "none.db", "✗", "does not exist")
    assert checked(tmp_path / "none.db").stdout.count("none.db") == 1
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "notes").write_text("precious " * 100)
    told(tmp_path / "notes", "✗", "is not a Reprise database")
    assert (tmp_path / "notes").read_text() == "precious " * 100
    with closing(sqlite3.connect(tmp_path / "other.db")) as raw:
        raw.execute("CREATE TABLE theirs (x)")
    before = (tmp_path / "other.db").read_bytes()
    checked(tmp_path / "other.db")
    assert (tmp_path / "other.db").read_bytes() == before


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """A database of a version that knew stations alone."""
    path = tmp_path / "reprise.db"
    connect_to(str(path))
    MigrationExecutor(connection).migrate([("stations", "0001_initial")])
    close_database()
    path.chmod(0o600)
    return path


def upgraded(database: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return reprise("server", "upgrade", "--database", str(database), *words)


def test_tables_are_brought_up_to_date_after_a_backup(older: Path) -> None:
    told(older, "✗", "are due")
    done = upgraded(older)
    assert done.returncode == 0, done.stderr
    (box,) = older.parent.glob("reprise-before-upgrade-*.tar")
    assert f"Backup: {box}" in done.stdout
    with tarfile.open(box) as tar:
        assert b"reports.0001" not in tar.extractfile("manifest.json").read()  # type: ignore[union-attr]
    told(older, "✓", "Tables: up to date")
    assert "up to date already" in upgraded(older).stdout
    assert len(list(older.parent.glob("*.tar"))) == 1


def test_without_its_backup_nothing_is_changed(older: Path, tmp_path: Path) -> None:
    (tmp_path / "b.tar").touch()
    assert upgraded(older, "--backup", str(tmp_path / "b.tar")).returncode == 2
    told(older, "✗", "are due")
    assert upgraded(older, "--no-backup").returncode == 0
    assert not list(older.parent.glob("reprise-*.tar"))
    told(older, "✓", "Tables: up to date")


_OTHERWISE = "the list says other than the signed report"


@pytest.mark.parametrize(
    "line",
    [
        "UPDATE reports_report SET outcome = 'failed'",
        "UPDATE reports_report SET done_at = '2026-11-30 00:00:00'",
        "UPDATE reports_report SET received_at = 'yesterday'",
        "UPDATE reports_report SET outcome = 'failed', rule = 1",
        "UPDATE reports_report SET superseded_by = 'another'",
        "UPDATE reports_report SET superseded_by = report_id, session_id = ''",
        "UPDATE reports_pc SET outcome = 'failed'",
        "UPDATE reports_pc SET machine_key = 'another'",
        "UPDATE reports_report SET session_id = 'another'",
        "UPDATE reports_report SET session_id = ''",
        "UPDATE reports_report SET session_s = session_s + 1",
        "UPDATE reports_report SET session_s = 'long'",
        "UPDATE reports_report SET cut_off = 1",
        "UPDATE reports_report SET organisation = 2",
        "UPDATE reports_drive SET state = 'failed' WHERE position = 0",
        "UPDATE reports_drive SET achieved = 'destroy' WHERE position = 0",
        "UPDATE reports_drive SET serial = 'OTHER' WHERE position = 0",
        "DELETE FROM reports_drive WHERE position = 0",
    ],
)
def test_a_list_that_says_other_than_was_signed_is_told_and_restored_as_signed(
    database: Path, tmp_path: Path, line: str
) -> None:
    run(database, line)
    told(database, "✗", _OTHERWISE)
    told(database, "✗", "Reports: 1 of 1 are not good")
    assert backed_up(database, tmp_path / "box.tar").returncode == 0
    done = restored(tmp_path / "box.tar", tmp_path / "there" / "reprise.db")
    if "yesterday" in line:  # the receipt's moment is nowhere else
        return
    if "rule" not in line:  # of another rule: judged anew as the database was opened
        assert done.returncode == 4
        assert "judged anew" in done.stdout
    told(tmp_path / "there" / "reprise.db", "✓", "Reports: 1, as its station signed it")
