"""The command that invites an administrator says what it gives to whom, and gives nothing to an
account that is there unless it is asked for."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from reprise.server.database import close_database
from reprise.server.opening import open_database
from reprise.server.people import models
from reprise.server.people.accounts import add_member, make_user
from reprise.server.people.scope import Role
from server.kit import PASSWORD, new_database, reprise

TOM = "tom@example.org"


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "reprise.db"
    new_database(path)
    open_database(str(path))
    models.Organisation.objects.update(name="Vaulx")
    add_member(make_user(TOM, "Tom", PASSWORD), 1, Role.TECHNICIAN)
    close_database()
    return path


def _asked(database: Path, email: str, *more: str) -> subprocess.CompletedProcess[str]:
    line = ("server", "createadmin", "--email", email, "--database", str(database))
    return reprise(*line, *more)


def _waiting(database: Path) -> int:
    open_database(str(database))
    try:
        return models.Invitation.objects.count()
    finally:
        close_database()


def test_somebody_new_is_invited_to_what_is_said(database: Path) -> None:
    done = _asked(database, "alix@example.org")
    assert (done.returncode, done.stdout.count("/join/")) == (0, 1)
    assert "an administrator of Vaulx who looks after the server" in done.stderr
    assert "keeps its password" not in done.stderr


def test_an_account_that_is_there_gets_nothing_unasked(database: Path) -> None:
    done = _asked(database, " Tom@Example.org ")
    assert (done.returncode, done.stdout) == (2, "")
    for words in ("has an account already (technician in Vaulx)", "--existing", "server password"):
        assert words in done.stderr
    assert _waiting(database) == 0


def test_an_account_that_is_there_is_asked_for(database: Path) -> None:
    done = _asked(database, TOM, "--existing")
    assert (done.returncode, done.stdout.count("/join/")) == (0, 1)
    assert "keeps its password" in done.stderr
    done = _asked(database, "tim@example.org", "--existing")  # mistyped
    assert (done.returncode, done.stdout) == (2, "")
    assert "obody has the address tim@example.org." in done.stderr
    assert _waiting(database) == 1


@pytest.mark.parametrize(
    ("role", "state"),
    [(None, "not in Vaulx, looks after"), (Role.ADMINISTRATOR, "administrator in Vaulx, looks")],
)
def test_who_looks_after_the_server_is_told(database: Path, role: Role | None, state: str) -> None:
    open_database(str(database))
    kay = make_user("kay@example.org", "Kay", PASSWORD, runs_instance=True)
    if role is not None:
        add_member(kay, 1, role)
    close_database()
    done = _asked(database, "kay@example.org")
    assert done.returncode == 2
    assert state in done.stderr
    assert ("--existing" in done.stderr) == (role is None)
    # who has everything gets no link, asked for or not
    assert _asked(database, "kay@example.org", "--existing").returncode == (
        0 if role is None else 2
    )
