"""What the service's unit alone is told (server.env) is told to the commands of its server, too: a
nightly backup would else be of the empty database of the first start."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from reprise.adapters.storage.environment_file import read_environment
from reprise.errors import InputError
from server.backups import one_report
from server.kit import reprise

NAME = "REPRISE_DATABASE_URL"
UPGRADE = ("server", "upgrade", "--no-backup")


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """As the package leaves it: its first start made an empty database where server.toml says."""
    folder = tmp_path / "etc"
    folder.mkdir()
    (folder / "server.toml").write_text(f'database = "{tmp_path / "first.db"}"\n')
    monkeypatch.setenv(NAME, "")  # as it was after each test, too
    done = typed(folder, "enroll", "--name", "a", "--out", str(tmp_path / "key"))
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def theirs(config: Path, tmp_path: Path) -> Path:
    """The database of the service."""
    (tmp_path / "theirs").mkdir()
    database = one_report(tmp_path / "theirs")
    (config / "server.env").write_text(f'# a comment\n{NAME}="{database}"\n')
    return database


def typed(config: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return reprise("--config", str(config), *words)


def test_a_backup_is_of_what_the_service_works_with(config: Path, theirs: Path) -> None:
    backup = config / "backup.tar"
    done = typed(config, "server", "backup", str(backup))
    assert done.returncode == 0, done.stderr
    assert f"Database: {theirs}\n" in done.stderr
    there = config / "there.db"
    done = typed(config, "server", "restore", str(backup), "--database", str(there))
    assert "Reports: 1, as its station signed it" in done.stdout
    assert f'{NAME}="{there}" in server.env' in done.stderr


@pytest.mark.parametrize(
    "words",
    [("server", "createadmin", "--email", "a@b.example"), UPGRADE, ("server", "check", "--quick")],
)
def test_so_are_the_other_commands(config: Path, theirs: Path, words: tuple[str, ...]) -> None:
    done = typed(config, *words)
    assert f"Database: {theirs}" in done.stdout + done.stderr
    assert "first.db" not in done.stdout + done.stderr


def test_options_and_the_environment_are_nearer(
    config: Path, theirs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = config.parent / "first.db"
    assert f"Database: {first}\n" in typed(config, *UPGRADE, "--database", str(first)).stderr
    monkeypatch.setenv(NAME, str(first))
    assert f"Database: {first}\n" in typed(config, *UPGRADE).stderr


def test_one_that_cannot_be_read_is_not_passed_over(config: Path, tmp_path: Path) -> None:
    """It may name another database. A link to itself is read by nobody, root included."""
    (config / "server.env").symlink_to("server.env")
    backup = ("server", "backup", str(tmp_path / "b.tar"))
    done = typed(config, *backup)
    assert done.returncode == 2
    assert "chmod 640" in done.stderr
    assert not (tmp_path / "b.tar").exists()
    assert typed(config, *backup, "--database", str(tmp_path / "first.db")).returncode == 0


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("A=postgresql:///reprise", "postgresql:///reprise"),
        ("  A= b c  ", "b c"),
        ("A='b c'", "b c"),
        ('A="b \\"c\\" \\$d \\e"', 'b "c" $d \\e'),
        ("A=it's#;", "it's#;"),
        ("A=b\\ c\\\\", "b c\\"),
        ("A='b' \"c\"d", "bcd"),
        ("A=", ""),
        ("A=first\nA=last", "last"),
        ("A = 'b c' ", "b c"),
        ("A\t=b\r", "b"),
        ("A=b\x85\u2028c", "b\x85\u2028c"),
    ],
)
def test_it_is_read_as_the_service_is_told(tmp_path: Path, line: str, value: str) -> None:
    """systemd.exec(5), EnvironmentFile=."""
    path = tmp_path / "server.env"
    path.write_text(f"# A=no\n; A=no\n\nnonsense\nexport A=no\n{line}\n")
    assert read_environment(path) == {"A": value}


@pytest.mark.parametrize("line", ['A="b\nc"', "A=b\\\nc", "A='"])
def test_what_goes_on_in_the_next_line_is_told(tmp_path: Path, line: str) -> None:
    path = tmp_path / "server.env"
    path.write_text(f"B=1\n{line}\n")
    with pytest.raises(InputError, match=r"li(gn|n)e 2"):
        read_environment(path)
