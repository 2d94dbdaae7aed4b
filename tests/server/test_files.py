"""Files beside the database: whole or not there, and never another's bytes."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from reprise.codec import sha256_hex
from reprise.errors import InputError
from reprise.server.files.folder import FolderStore
from reprise.server.files.opening import data_folder
from reprise.server.files.store import NoFileError, StoreError
from reprise.server.settings import ServerSettings, load_settings

PDF = b"%PDF-1.4 " + bytes(range(256)) * 40
NAME = sha256_hex(PDF)


@pytest.fixture
def folder(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "deep" / "data", frozenset())


def only_file(root: Path) -> Path:
    (file,) = (path for path in root.rglob("*") if path.is_file())
    return file


def test_what_was_put_is_there(folder: FolderStore, tmp_path: Path) -> None:
    assert list(folder.list("papers")) == []
    assert folder.put("papers", PDF) == NAME
    assert folder.put("papers", PDF) == NAME
    assert folder.get("papers", NAME) == PDF
    assert [kept.name for kept in folder.list("papers")] == [NAME]
    assert abs(datetime.now(UTC) - next(folder.list("papers")).modified_at) < timedelta(minutes=1)
    assert list(folder.list("photos")) == []
    folder.delete("papers", NAME)
    folder.delete("papers", NAME)
    with pytest.raises(NoFileError):
        folder.get("papers", NAME)


@pytest.mark.parametrize("wrong", [b"", PDF[:-1], PDF + b"x", b"%PDF-1.5" + PDF[8:]])
def test_changed_bytes_are_not_given(folder: FolderStore, tmp_path: Path, wrong: bytes) -> None:
    folder.put("papers", PDF)
    only_file(tmp_path).write_bytes(wrong)
    with pytest.raises(NoFileError):
        folder.get("papers", NAME)
    folder.put("papers", PDF)
    assert folder.get("papers", NAME) == PDF


def test_what_was_begun_and_never_ended_goes_after_a_day(
    folder: FolderStore, tmp_path: Path
) -> None:
    folder.put("papers", PDF)
    half = [only_file(tmp_path).with_name(f".tmp-{n}") for n in "ab"]
    foreign = half[0].with_name("notes.txt")
    for file in (*half, foreign):
        file.write_bytes(b"x")
    for file in (half[0], foreign):
        os.utime(file, (0, 0))
    assert [kept.name for kept in folder.list("papers")] == [NAME]
    assert [file.exists() for file in (*half, foreign)] == [False, True, True]


_PUT = """
import resource, sys
from pathlib import Path
from reprise.server.files.folder import FolderStore
from reprise.server.files.store import StoreError
resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))
try:
    FolderStore(Path(sys.argv[1]), frozenset()).put("papers", b"x" * 9000)
except StoreError as error:
    print(error)
"""


def test_a_disk_without_room_keeps_nothing_half(tmp_path: Path) -> None:
    """A limit on files stands for the disk: the system says no in the middle of the file."""
    argv = [sys.executable, "-c", _PUT, str(tmp_path / "data")]
    done = subprocess.run(argv, capture_output=True, text=True, check=True)
    assert str(tmp_path / "data") in done.stdout
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_folder_that_cannot_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    store = FolderStore(tmp_path / "file" / "data", frozenset())
    with pytest.raises(StoreError, match="file/data"):
        store.put("papers", PDF)
    with pytest.raises(StoreError):
        store.get("papers", NAME)


def test_where_files_are(tmp_path: Path) -> None:
    beside = ServerSettings(database=str(tmp_path / "reprise.db"))
    assert data_folder(beside) == tmp_path / "reprise-data"
    postgresql = ServerSettings(database="postgresql://reprise@db/reprise")
    assert data_folder(postgresql) == Path("/var/lib/reprise/data")
    assert data_folder(ServerSettings(data="/srv/files")) == Path("/srv/files")


@pytest.mark.parametrize(
    "text",
    ['s3_endpoint = "https://s3.example.org"', 's3_bucket = "b"\ns3_endpoint = "ftp://x"',
     "paper_seconds = 0", "paper_seconds = 4000", 's3_keys = "/run/keys"'],
)  # fmt: skip
def test_settings_that_cannot_be(text: str) -> None:
    with pytest.raises(InputError):
        load_settings(text, "server.toml", {})
