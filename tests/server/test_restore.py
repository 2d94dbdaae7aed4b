"""What a restore refuses: whatever breaks off, was altered, comes from elsewhere or leads out; with
nothing changed."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path
from typing import Any

import pytest

from server.backups import (
    backed_up,
    changed,
    files,
    names,
    one_report,
    packed,
    refuses,
    restored,
)
from server.kit import reprise


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """None of the tests changes it."""
    place = tmp_path_factory.mktemp("made")
    path = place / "backup.tar"
    assert backed_up(one_report(place), path).returncode == 0
    return path


def untouched(made: Path, tmp_path: Path, *words: str) -> None:
    there = tmp_path / "there" / "reprise.db"
    refuses(restored(made, there), 2, *words)
    assert not there.parent.exists() or names(there.parent) == []


def test_one_that_breaks_off_is_refused(made: Path, tmp_path: Path) -> None:
    whole = made.read_bytes()
    short = tmp_path / "short.tar"
    ends = [0, 512, 5000, *range(len(whole) // 7, len(whole) - 1024, len(whole) // 7)]
    for end in ends:
        short.write_bytes(whole[:end])
        untouched(short, tmp_path, "breaks off")
    # that nothing follows is told by two empty blocks, which hold nothing
    short.write_bytes(whole[:-512])
    assert restored(short, tmp_path / "x" / "x.db").returncode == 0


@pytest.mark.parametrize("seed", range(8))
def test_one_with_a_changed_byte_is_refused(made: Path, tmp_path: Path, seed: int) -> None:
    data = bytearray(made.read_bytes())
    names = [name.encode() for name in files(made)]
    at = {
        0: data.index(b"SQLite format 3"), 1: data.index(b"light"), 2: data.index(b'"format"'),
        3: data.index(names[0]), 4: data.index(names[1]), 5: data.rindex(names[2]),
        6: data.index(b"ustar"), 7: data.rindex(b"sha256") + 12,
    }[seed]  # fmt: skip
    data[at] ^= 1
    altered = tmp_path / "altered.tar"
    altered.write_bytes(data)
    untouched(altered, tmp_path, "Nothing was changed")


def test_what_is_no_backup_is_refused(made: Path, tmp_path: Path) -> None:
    other, database = tmp_path / "other", files(made)["database.sqlite"]
    for data in (b"", b"x" * 5000, b"\0" * 2048, database):
        other.write_bytes(data)
        untouched(other, tmp_path)
    for data in (b"hello\n", made.read_bytes()[:511]):  # too short to be the beginning of one
        other.write_bytes(data)
        untouched(other, tmp_path, "no backup that Reprise made")
    (tmp_path / "one.db").write_bytes(database)
    for mode in ("w", "w:gz"):
        with tarfile.open(other, mode) as tar:
            tar.add(tmp_path / "one.db", "reprise.db")
        untouched(other, tmp_path, "no backup that Reprise made")
    assert restored(tmp_path / "none", tmp_path / "x.db").returncode == 4
    assert restored(tmp_path, tmp_path / "x.db").returncode == 4


def _with(what: dict[str, bytes], name: str) -> dict[str, bytes]:
    database, manifest = "database.sqlite", "manifest.json"
    return {database: what[database], name: b"evil", manifest: what[manifest]}


@pytest.mark.parametrize(
    "name",
    [
        *("../evil", "data/../../evil", "/tmp/evil", "data//evil", "data/./evil", "evil"),
        *("data/a\\b", "data/a\nb", "data", "database.pgdump", "data/"),
    ],
)
def test_a_name_that_leads_out_is_refused(made: Path, tmp_path: Path, name: str) -> None:
    untouched(packed(tmp_path / "evil.tar", _with(files(made), name)), tmp_path)
    assert not Path("/tmp/evil").exists()
    assert not (tmp_path / "evil").exists()


KINDS = (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE,
         tarfile.GNUTYPE_SPARSE, tarfile.GNUTYPE_LONGNAME, tarfile.XHDTYPE, b"g")  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_but_files_is_unpacked(made: Path, tmp_path: Path, kind: bytes) -> None:
    info = tarfile.TarInfo("data/evil")
    info.type, info.linkname = kind, "/etc/passwd"
    evil = tmp_path / "evil.tar"
    evil.write_bytes(info.tobuf(tarfile.GNU_FORMAT) + made.read_bytes())
    untouched(evil, tmp_path, "no backup that Reprise made")


@pytest.mark.parametrize("count", [1 << 33, 1 << 62])
def test_a_huge_size_takes_no_room(made: Path, tmp_path: Path, count: int) -> None:
    info = tarfile.TarInfo("data/huge")
    info.size = count
    evil = tmp_path / "evil.tar"
    evil.write_bytes(info.tobuf(tarfile.GNU_FORMAT) + made.read_bytes())
    untouched(evil, tmp_path, "breaks off")


def _twice(what: dict[str, bytes], path: Path) -> Path:
    packed(path, what)
    data = path.read_bytes()
    path.write_bytes(data[: 512 + -(-len(what["database.sqlite"]) // 512) * 512] + data)
    return path


def test_files_and_manifest_must_agree(made: Path, tmp_path: Path) -> None:
    what, evil = files(made), tmp_path / "evil.tar"
    untouched(_twice(what, evil), tmp_path, "no backup that Reprise made")
    less = json.loads(what["manifest.json"])["files"][:1]
    untouched(packed(evil, what, files=less), tmp_path, "is damaged")
    for files_ in ([], [{"name": "database.sqlite"}], "x", None):
        untouched(packed(evil, what, files=files_), tmp_path, "no backup that Reprise made")
    without = {name: data for name, data in what.items() if name != "database.sqlite"}
    untouched(packed(evil, without), tmp_path, "no backup that Reprise made")


@pytest.mark.parametrize(
    "changes",
    [
        {"format": 2, "files": "in a form of its own"},
        {"reprise": "99.0.0"},
        {"migrations": ["reports.0001_initial", "reports.9999_later"]},
    ],
)
def test_one_of_a_newer_version_is_refused(
    made: Path, tmp_path: Path, changes: dict[str, Any]
) -> None:
    newer = packed(tmp_path / "newer.tar", files(made), **changes)
    untouched(newer, tmp_path, "made by a newer Reprise")


@pytest.mark.parametrize(
    "line",
    [
        "INSERT INTO django_migrations (app, name, applied) VALUES ('reports', '9999_x', '')",
        "DELETE FROM django_migrations",
        "DROP TABLE django_migrations",
    ],
)
def test_what_a_database_holds_is_believed_more_than_its_manifest(
    made: Path, tmp_path: Path, line: str
) -> None:
    evil = packed(tmp_path / "evil.tar", changed(files(made), tmp_path, line))
    untouched(evil, tmp_path, "none that this version can use")


def test_a_report_that_was_altered_is_restored_and_told(made: Path, tmp_path: Path) -> None:
    line = "UPDATE reports_report SET jws = jws || x'41'"
    altered = packed(tmp_path / "altered.tar", changed(files(made), tmp_path, line))
    done = restored(altered, tmp_path / "there" / "reprise.db")
    assert done.returncode == 4
    assert "its bytes were changed since they were received" in done.stdout
    assert "Reports: 1 of 1 are not good" in done.stdout


def test_the_other_kind_of_database_is_refused(made: Path, tmp_path: Path) -> None:
    there = "postgresql://x@127.0.0.1:9/x"
    refuses(reprise("server", "restore", str(made), "--database", there), 2, "an SQLite file")
    what = files(made)
    dump = {"database.pgdump": b"PGDMP", "manifest.json": what["manifest.json"]}
    other = packed(tmp_path / "other.tar", dump, database="postgresql")
    untouched(other, tmp_path, "a PostgreSQL database", "createdb")


def test_what_fails_late_takes_the_data_folder_away_again(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("reprise.server.upkeep.restoring.give_its_name", full)
    there = tmp_path / "there" / "reprise.db"
    refuses(restored(made, there), 4, "cannot be restored")
    assert names(there.parent) == []
