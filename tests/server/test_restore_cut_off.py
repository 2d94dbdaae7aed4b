"""A restore that is killed: what the backup would let in is ended by whoever opens the database
next, and a check says so until then."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import psycopg
import pytest
from django.contrib.sessions.models import Session

from reprise import i18n
from reprise.errors import StorageError
from reprise.server.audit.services import Action, trail
from reprise.server.database import close_database
from reprise.server.database_address import database_address
from reprise.server.enrolments.services import find_offer, offer
from reprise.server.opening import open_database
from reprise.server.people.invitations import find_invitation, invite
from reprise.server.people.scope import Role
from reprise.server.problems import ProblemError
from reprise.server.upkeep.pace import Pace
from reprise.server.upkeep.postgresql_tools import restore_postgresql
from reprise.server.upkeep.restored_mark import mark_database
from server.backups import backed_up, files, keeping_data_in, packed, refuses, restored
from server.kit import enrolled, reprise, session_of
from server.postgresql import Cluster
from server.taking import OURS

pytestmark = pytest.mark.whole
# The command, which is killed instead of calling what is named.
_KILLED = """
import os, sys
from importlib import import_module
from reprise.__main__ import main
module, name = sys.argv[1].split(":")
setattr(import_module(module), name, lambda *args: os.kill(os.getpid(), 9))
sys.exit(main(sys.argv[2:]))
"""
WHERE = (
    "reprise.server.opening:_bring_up_to_date",  # it has its name, and nobody opened it
    "reprise.server.opening:end_what_was_open",  # its tables are up to date
    "reprise.server.upkeep.after_restore:unmark",  # all is ended, and nothing of it is written
)


@pytest.fixture(params=["sqlite", "postgresql"])
def places(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """Where a server's database is, and where one may be restored."""
    if request.param == "sqlite":
        yield str(tmp_path / "here" / "reprise.db"), str(tmp_path / "there" / "reprise.db")
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    yield cluster.own_database(), cluster.own_database()


def killed(where: str, *words: str) -> None:
    argv = [sys.executable, "-c", _KILLED, where, "--lang", "en", *words]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr


def settings_in(place: Path) -> tuple[str, str]:
    return "--config", str(keeping_data_in(place))


def box_of(here: str, place: Path) -> tuple[Path, str, str, str]:
    """A backup in which somebody is logged in: that session, a code and an invitation, too."""
    enrolled(here, place / "stick")
    session = session_of(here, "eve@example.org")
    open_database(here)
    _offer, code = offer(OURS, "Bench 9", 24)
    _invitation, secret = invite(OURS, "new@example.org", Role.ADMINISTRATOR)
    close_database()
    box = place / "box.tar"
    assert backed_up(here, box, *settings_in(place / "old")).returncode == 0
    return box, session, code, secret


@pytest.mark.parametrize("where", WHERE)
def test_what_was_open_is_told_and_ended_at_the_next_start(
    places: tuple[str, str], tmp_path: Path, where: str
) -> None:
    here, there = places
    box, session, code, secret = box_of(here, tmp_path)
    settings = settings_in(tmp_path / "new")
    killed(where, *settings, "server", "restore", str(box), "--database", there)
    told = reprise(*settings, "server", "check", "--database", there)
    assert told.returncode == 4
    assert "✗ Restored from the backup of " in told.stdout
    refuses(restored(box, there, *settings), 2, "holds something already")

    open_database(there)
    assert not Session.objects.filter(session_key=session).exists()
    with pytest.raises(ProblemError):
        find_offer(code)
    assert find_invitation(secret) is None
    actions = [line.action for line in trail(OURS, 1, 50).lines]
    assert actions.count(Action.RESTORED) == 1
    close_database()
    assert "Restored from" not in reprise("server", "check", "--database", there).stdout
    open_database(there)  # once only
    assert [line.action for line in trail(OURS, 1, 50).lines] == actions
    close_database()


def test_a_backup_of_one_that_was_cut_off_is_restored_as_any(
    places: tuple[str, str], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """And tells the moment of the first backup: nothing was ended since."""
    here, there = places
    box, session, _code, _secret = box_of(here, tmp_path)
    moment = "2026-02-03T04:05:06+00:00"
    box = packed(tmp_path / "first.tar", files(box), made_at=moment)
    settings = settings_in(tmp_path / "new")
    killed(WHERE[0], *settings, "server", "restore", str(box), "--database", there)
    assert backed_up(there, tmp_path / "next.tar", *settings).returncode == 0
    third = str(tmp_path / "third" / "reprise.db")
    if there.startswith("postgresql"):
        third = request.getfixturevalue("cluster").own_database()
    done = restored(tmp_path / "next.tar", third, *settings_in(tmp_path / "third"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "✓ Ended: 1 log-in, 1 station’s code, 1 invitation." in done.stdout
    open_database(third)
    assert not Session.objects.filter(session_key=session).exists()
    (told,) = (line for line in trail(OURS, 1, 50).lines if line.action is Action.RESTORED)
    assert told.after == {"backup_of": moment}
    close_database()


def _pace() -> Pace:
    return Pace("unpack", 1, lambda *_words: None)


def _fails(there: str, words: str) -> None:
    with i18n.using("en"), pytest.raises(StorageError) as failed:
        restore_postgresql(database_address(there), [b"no dump"], "2026-11-02", _pace())
    assert words in failed.value.what


def _marks(there: str) -> list[tuple[str]]:
    with psycopg.connect(there) as line:
        if line.execute("SELECT to_regclass('reprise_restored')").fetchone() == (None,):
            return []
        return line.execute("SELECT made_at FROM reprise_restored").fetchall()


def test_two_at_once_leave_one_that_is_marked(cluster: Cluster, tmp_path: Path) -> None:
    here, there = cluster.own_database(), cluster.own_database()
    box, session, _code, _secret = box_of(here, tmp_path)
    dump = files(box)["database.pgdump"]
    begun, go = Event(), Event()

    def pieces() -> Iterator[bytes]:
        yield dump[:-1]
        begun.set()
        assert go.wait(20)
        yield dump[-1:]

    with ThreadPoolExecutor(1) as pool:
        address = database_address(there)
        first = pool.submit(restore_postgresql, address, pieces(), "2026-11-01", _pace())
        assert begun.wait(20)
        _fails(there, "Another backup is being restored")
        go.set()
        first.result(20)
    assert _marks(there) == [("2026-11-01",)]
    open_database(there)
    assert not Session.objects.filter(session_key=session).exists()
    close_database()


def test_one_that_fails_takes_its_own_mark_away_and_no_other(cluster: Cluster) -> None:
    """One that lost its line, and with it the lock, may be at it still."""
    there = cluster.own_database()
    _fails(there, "cannot be restored")
    assert _marks(there) == []
    with psycopg.connect(there) as line:
        mark_database(line, "2026-11-01")
    _fails(there, "cannot be restored")
    assert _marks(there) == [("2026-11-01",)]


def test_one_that_is_killed_before_it_begins_may_be_begun_again(
    cluster: Cluster, tmp_path: Path
) -> None:
    here, there = cluster.own_database(), cluster.own_database()
    box = box_of(here, tmp_path)[0]
    settings = settings_in(tmp_path / "new")
    at = "reprise.server.upkeep.postgresql_tools:_unpack"
    killed(at, *settings, "server", "restore", str(box), "--database", there)
    with psycopg.connect(there) as line:
        tables = line.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        assert tables.fetchall() == [("reprise_restored",)]
    assert restored(box, there, *settings).returncode == 0
