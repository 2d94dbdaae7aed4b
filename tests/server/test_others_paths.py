"""The server's commands run as its own user: what that user may not read or write is told as that,
with who it is, and the path is not blamed for anything else."""

from __future__ import annotations

import os
import pwd
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.kit import new_database, reprise, stranger

_NOBODY = 65534


@pytest.fixture
def database() -> Iterator[Path]:
    """Of the server's user, where it may write."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "reprise.db"
        new_database(path)
        for one in (path.parent, path):
            os.chown(one, _user(), -1)
        yield path


def _user() -> int:
    return os.geteuid() or _NOBODY


@pytest.fixture
def home(database: Path, tmp_path: Path) -> Iterator[Path]:
    """Of somebody else. The test goes on as the server's user."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "station.pub.pem").write_bytes(stranger().public_pem())
    (home / "request.jws").write_text("a.b.c")
    (home / "backup.tar").write_text("x")
    assert reprise("enroll", "--list", "--database", str(database)).returncode == 0  # all is loaded
    own = os.geteuid()
    home.chmod(0)
    os.seteuid(_user())
    yield home
    os.seteuid(own)
    home.chmod(0o700)


@pytest.mark.parametrize(
    ("words", "code", "what"),
    [
        ("enroll --name A --out {home}/bench1", 4, "{home}/bench1 cannot be written"),
        ("enroll --name A --key {home}/station.pub.pem", 2, "station.pub.pem cannot be read"),
        (
            "enroll --request {home}/request.jws --answer {near}/a.jws",
            2,
            "request.jws” cannot be read",
        ),
        ("server backup {home}/box.tar", 4, "the backup {home}/box.tar cannot be written"),
    ],
)
def test_a_path_of_somebody_else_is_told_as_that(
    words: str, code: int, what: str, home: Path, database: Path
) -> None:
    near = database.parent
    line = [word.format(home=home, near=near) for word in words.split()]
    done = reprise(*line, "--database", str(database))
    assert done.returncode == code, done.stderr
    assert what.format(home=home) in done.stderr
    assert "access is denied" in done.stderr
    name = pwd.getpwuid(os.geteuid()).pw_name
    assert f"“{name}” runs this command: give a path that this user may" in done.stderr
    for wrong in ("as root", "Give station.pub.pem", "existing file", "with room"):
        assert wrong not in done.stderr


def test_a_backup_that_may_not_be_read_blames_no_new_place(home: Path, database: Path) -> None:
    new = database.with_name("new.db")
    done = reprise("server", "restore", str(home / "backup.tar"), "--database", str(new))
    assert done.returncode == 4
    assert "backup.tar cannot be read: access is denied" in done.stderr
    assert "new place" not in done.stderr
    assert not new.exists()


def test_a_backup_that_is_not_there_blames_no_new_place(tmp_path: Path) -> None:
    new = tmp_path / "new.db"
    done = reprise("server", "restore", str(tmp_path / "none.tar"), "--database", str(new))
    assert done.returncode == 4
    assert "none.tar cannot be read: there is no such file" in done.stderr
    assert "new place" not in done.stderr
