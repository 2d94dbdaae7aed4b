"""What a backup holds, and that it is whole or not there. Of a busy one: test_restore_drill.py."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import tarfile
from contextlib import closing
from pathlib import Path

import pytest

from reprise.domain.erasure.progress import Progress
from reprise.errors import StoppedError
from reprise.server.settings import ServerSettings
from reprise.server.upkeep import box, sqlite_copy
from reprise.server.upkeep.backing_up import back_up
from server.backups import backed_up, files, names, one_report, packed, refuses, restored
from server.kit import reprise
from server.test_take_over import DUMP


@pytest.fixture
def here(tmp_path: Path) -> Path:
    return one_report(tmp_path)


@pytest.fixture
def made(here: Path, tmp_path: Path) -> Path:
    path = tmp_path / "backup.tar"
    assert backed_up(here, path).returncode == 0
    return path


def test_what_is_restored_is_what_was_there(here: Path, made: Path, tmp_path: Path) -> None:
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert list(files(made)) == ["database.sqlite", "data/photos/ab/abc", "manifest.json"]
    there = tmp_path / "there" / "reprise.db"
    done = restored(made, there)
    assert done.returncode == 0, done.stderr
    assert "Reports: 1, as its station signed it" in done.stdout
    with closing(sqlite3.connect(here)) as old, closing(sqlite3.connect(there)) as new:
        was, now = ({*raw.iterdump()} for raw in (old, new))
    kept_apart = ('INSERT INTO "sqlite_sequence"', 'INSERT INTO "people_instance"')
    gone, more = (
        {one for one in some if not one.startswith(kept_apart)} for some in (was - now, now - was)
    )
    assert not gone
    assert len(more) == 2  # the server's record of it, and its organisation's
    assert all('"audit_entry"' in line and "'restored'" in line for line in more)
    instances = [{one for one in some if one.startswith(kept_apart[1])} for some in (was, now)]
    assert instances[0].isdisjoint(instances[1])  # links that were mailed before end
    assert (there.parent / "reprise-data/photos/ab/abc").read_bytes() == b"light" * 1000
    made.rename(tmp_path / "a copy of my own.tar")  # what this makes is as good as the first
    assert restored(packed(made, files(tmp_path / "a copy of my own.tar")), tmp_path / "b/b.db")


def test_nothing_is_replaced(here: Path, made: Path, tmp_path: Path) -> None:
    before = made.read_bytes()
    refuses(backed_up(here, made), 2, "is there already")
    assert made.read_bytes() == before
    link = tmp_path / "link.tar"
    link.symlink_to(tmp_path / "nowhere")
    refuses(backed_up(here, link), 2, "is there already")
    for end in ("", "-wal", "-journal"):
        (tmp_path / "used").mkdir(exist_ok=True)
        used = tmp_path / "used" / f"x.db{end}"
        used.touch()
        refuses(restored(made, tmp_path / "used" / "x.db"), 2, "holds something already")
        assert [path.name for path in used.parent.iterdir()] == [used.name]
        used.unlink()
    data = tmp_path / "used" / "reprise-data" / "precious"
    data.parent.mkdir()
    data.touch()
    refuses(restored(made, tmp_path / "used" / "x.db"), 2, "reprise-data holds something already")
    assert data.exists()
    refuses(restored(made, here), 2, "holds something already")


def test_a_mistyped_database_is_not_made(tmp_path: Path) -> None:
    for what in (("backup", str(tmp_path / "b.tar")), ("upgrade",)):
        typo = tmp_path / "typo.db"
        refuses(
            reprise("server", *what, "--database", str(typo)), 2, "does not exist", "--database"
        )
        assert list(tmp_path.iterdir()) == []


def test_one_that_is_stopped_leaves_nothing(here: Path, tmp_path: Path) -> None:
    told: list[str] = []

    def stop(progress: Progress) -> None:
        told.append(progress.phase)
        if progress.phase == "pack":
            raise StoppedError("")

    before = names(tmp_path)
    with pytest.raises(StoppedError):
        back_up(ServerSettings(database=str(here)), tmp_path / "b.tar", stop)
    assert told[-2:] == ["copy", "pack"]
    assert names(tmp_path) == before


def test_a_backup_keeps_room_for_the_reports(
    here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = names(tmp_path)
    full = shutil.disk_usage("/")._replace(free=1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: full)
    done = backed_up(here, tmp_path / "b.tar")
    refuses(done, 4, "too little room", "another disk")
    assert names(tmp_path) == before


def test_a_damaged_database_makes_no_backup(here: Path, tmp_path: Path) -> None:
    page = 4096
    with here.open("r+b") as file:
        file.seek(3 * page)
        file.write(b"\xff" * page)
    before = names(tmp_path)
    done = backed_up(here, tmp_path / "b.tar")
    refuses(done, 4, "is damaged")
    assert names(tmp_path) == before


def test_writers_never_make_the_copy_begin_again(
    here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_copy, "_PAGES", 1)
    with closing(sqlite3.connect(here, isolation_level=None)) as writer:
        writer.execute("CREATE TABLE filler (x)")
        writer.executemany("INSERT INTO filler VALUES (?)", [("x" * 3000,)] * 100)
        done: list[int] = []

        def write(progress: Progress) -> None:
            done.append(progress.done_bytes)
            writer.execute("UPDATE filler SET x = x || 'y'")

        monkeypatch.setattr("reprise.server.upkeep.pace._EVERY_S", 0)
        sqlite_copy.copy_sqlite(here, tmp_path / "copy", write)
    assert len(done) > 100
    assert done == sorted(done)
    with closing(sqlite3.connect(tmp_path / "copy")) as copy:
        assert copy.execute("SELECT DISTINCT x FROM filler").fetchall() == [("x" * 3000,)]


def test_a_data_folder_that_cannot_be_read_makes_no_backup(here: Path, tmp_path: Path) -> None:
    shutil.rmtree(here.parent / "reprise-data")
    assert backed_up(here, tmp_path / "a.tar").returncode == 0
    (here.parent / "reprise-data").write_bytes(b"no folder")
    refuses(backed_up(here, tmp_path / "b.tar"), 4, "reprise-data: ")
    assert not (tmp_path / "b.tar").exists()


def test_what_could_not_be_restored_is_not_backed_up(tmp_path: Path) -> None:
    other, old = tmp_path / "other.db", tmp_path / "old.db"
    with closing(sqlite3.connect(other)) as raw, raw:
        raw.execute("CREATE TABLE theirs (x)")
    with closing(sqlite3.connect(old)) as raw, raw:
        raw.executescript(DUMP.read_text())
    refuses(backed_up(other, tmp_path / "b.tar"), 2, "not a Reprise database")
    refuses(backed_up(old, tmp_path / "b.tar"), 2, "0.1, whose server had no accounts", "take-over")
    assert names(tmp_path) == ["old.db", "other.db"]


@pytest.mark.skipif(os.geteuid() != 0, reason="root alone gives files away")
def test_what_root_restores_belongs_to_the_server(here: Path, tmp_path: Path) -> None:
    assert backed_up(here, tmp_path / "b.tar").returncode == 0
    place = tmp_path / "of the server"
    place.mkdir()
    os.chown(place, 12345, 23456)
    assert restored(tmp_path / "b.tar", place / "reprise.db").returncode == 0
    every = [place / "reprise.db", *(place / "reprise-data").rglob("*"), place / "reprise-data"]
    assert len(every) == 5
    assert {(one.stat().st_uid, one.stat().st_gid) for one in every} == {(12345, 23456)}


def test_caches_and_links_stay_out(here: Path, tmp_path: Path) -> None:
    data = here.parent / "reprise-data"
    (data / "papers" / "ab").mkdir(parents=True)
    (data / "papers" / "ab" / "paper").write_bytes(b"made again")
    (data / "papers" / "CACHEDIR.TAG").touch()
    (data / "photos" / ".tmp-1").write_bytes(b"half")
    (data / "photos" / "link").symlink_to("/etc/passwd")
    made = tmp_path / "b.tar"
    back_up(ServerSettings(database=str(here)), made, lambda _progress: None)
    assert [name for name in files(made) if "photos" not in name] == [
        "database.sqlite", "manifest.json",
    ]  # fmt: skip
    assert [name for name in files(made) if "photos" in name] == ["data/photos/ab/abc"]


def test_of_a_database_away_or_a_program_missing_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = "postgresql://u:s3cret@127.0.0.1:9/r"
    done = reprise("server", "backup", str(tmp_path / "b.tar"), "--database", secret)
    refuses(done, 4, "cannot be opened")
    assert "s3cret" not in done.stderr
    assert names(tmp_path) == []


def test_names_that_a_tar_cannot_hold_are_told(here: Path, tmp_path: Path) -> None:
    long = here.parent / "reprise-data" / ("b" * 200) / ("c" * 200)
    long.parent.mkdir(parents=True)
    long.touch()
    done = backed_up(here, tmp_path / "b.tar")
    refuses(done, 4, "cannot be kept in a backup")
    assert not (tmp_path / "b.tar").exists()


def test_a_database_beyond_eight_gigabytes_has_a_header_that_others_read() -> None:
    header = box._header("database.sqlite", 1 << 40)
    info = tarfile.TarInfo.frombuf(header, "utf-8", "strict")
    assert (info.name, info.size) == ("database.sqlite", 1 << 40)
    assert box._read_header(header) == ("database.sqlite", 1 << 40)
