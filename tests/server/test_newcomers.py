"""What somebody meets who sets a server up for the first time: slips of a path or a setting."""

from __future__ import annotations

import socket
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from reprise import i18n
from reprise.bootstrap import demo_server
from reprise.errors import InputError
from reprise.server.settings import load_settings
from reprise.server.stations import pages
from reprise.server.upkeep import address_check
from reprise.server.upkeep.address_check import look_at_address
from reprise.server.upkeep.finding import Mark
from server.backups import backed_up, one_report
from server.kit import new_database, reprise
from station_kit.typed import typed
from unit.adapters.network.way_kit import answering, closed_port, context, listening, made


@pytest.mark.parametrize("command", ["createadmin", "password"])
def test_a_mistyped_database_is_not_made(command: str, tmp_path: Path) -> None:
    line = ("server", command, "--email", "a@b.example", "--database")
    done = reprise(*line, str(tmp_path / "mistyped.db"))
    assert done.returncode == 2
    assert "mistyped.db” does not exist" in done.stderr
    assert list(tmp_path.iterdir()) == []
    with closing(sqlite3.connect(tmp_path / "other.db")) as raw:
        raw.execute("CREATE TABLE notes (x)")
    before = (tmp_path / "other.db").read_bytes()
    done = reprise(*line, str(tmp_path / "other.db"))
    assert done.returncode == 2
    assert "is not a Reprise database" in done.stderr
    assert (tmp_path / "other.db").read_bytes() == before


def test_an_invitation_before_the_set_up_names_no_empty_name(tmp_path: Path) -> None:
    new_database(tmp_path / "reprise.db")
    line = ("server", "createadmin", "--email", "a@b.example")
    there = ("--database", str(tmp_path / "reprise.db"))
    done = reprise(*line, "--organisation", "Ville", *there)
    assert done.returncode == 2
    assert "before the server is set up: leave --organisation out" in done.stderr
    assert "“" not in done.stderr.partition("“Ville”")[2]
    assert "/join/" in reprise(*line, *there).stdout


def test_a_demonstration_needs_no_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are a server's, which others may not read; and a port in use is told before a year is
    made up."""

    def never(*_given: object) -> None:
        raise AssertionError("a year was made up")

    (tmp_path / "server.toml").write_text("port = = 3")
    monkeypatch.setattr(demo_server, "demo_server", never)
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        sock.listen()
        port = str(sock.getsockname()[1])
        done = reprise("--config", str(tmp_path), "serve", "--demo", "--port", port)
    assert done.returncode == 2
    assert f"port {port}" in done.stderr
    assert "--port" in done.stderr


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("/proc/docs", "/proc/docs"),
        ("{here}/file", "{here}/file"),
        ("{here}/docs", "{here}/docs/papers"),
        ("{here}/others", "{here}/others/papers"),
    ],
)
def test_a_folder_of_papers_that_cannot_be_written_is_told(
    name: str, told: str, tmp_path: Path
) -> None:
    new_database(tmp_path / "reprise.db")
    (tmp_path / "file").write_text("x")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "papers").write_text("x")
    (tmp_path / "others" / "papers").mkdir(parents=True)
    (tmp_path / "others" / "papers" / "7f").write_text("x")  # where a 256th of them go
    folder = name.format(here=tmp_path)
    line = ("--config", str(tmp_path), "server", "check", "--quick")
    (tmp_path / "server.toml").write_text(f'database = "{tmp_path}/reprise.db"\n')
    assert "Papers" not in reprise(*line).stdout
    with (tmp_path / "server.toml").open("a") as file:
        file.write(f'data = "{folder}"\n')
    done = reprise(*line)
    assert done.returncode == 4
    assert f"✗ Papers: {told.format(here=tmp_path)} cannot be written (" in done.stdout
    assert not (tmp_path / "reprise-data").exists()  # nothing is changed


def test_a_mistyped_file_is_not_told_to_change_its_modes(tmp_path: Path) -> None:
    other = tmp_path / "passwd"
    other.write_text("root:x:0:0\n")
    other.chmod(0o644)
    done = reprise("server", "check", "--database", str(other))
    assert done.returncode == 4
    assert "passwd is not a Reprise database" in done.stdout
    assert "chmod" not in done.stdout


def test_a_database_in_no_folder_is_told_in_words() -> None:
    done = reprise("server", "check", "--database", "/nowhere/at-all.db")
    assert done.returncode == 4, done.stderr
    assert "✗ the database “/nowhere/at-all.db” does not exist" in done.stdout
    assert done.stderr == ""


def test_a_wrong_old_server_leaves_no_new_database(tmp_path: Path) -> None:
    (tmp_path / "old.db").write_text("no database " * 90)
    new = tmp_path / "server.db"
    for old in ("old.db", "none.db"):
        done = reprise("server", "take-over", str(tmp_path / old), "--database", str(new))
        assert done.returncode == 2
        assert not new.exists()


def test_a_restore_says_what_the_server_is_to_be_told(tmp_path: Path) -> None:
    database = one_report(tmp_path / "here")
    assert backed_up(database, tmp_path / "box.tar").returncode == 0
    new = tmp_path / "there" / "new.db"
    done = reprise("server", "restore", str(tmp_path / "box.tar"), "--database", str(new))
    assert done.returncode == 0, done.stderr
    assert f'database = "{new}" in server.toml' in done.stderr


def test_a_certificate_that_is_not_trusted_has_its_own_advice(tmp_path: Path) -> None:
    certified = context(made(tmp_path))
    with i18n.using("en"), listening(answering("200 OK"), certified) as port:
        (found,) = look_at_address(f"https://127.0.0.1:{port}")
    assert "does not trust its certificate" in found.what
    assert "update-ca-certificates" in found.advice
    with i18n.using("en"), closed_port() as port:
        (found,) = look_at_address(f"http://127.0.0.1:{port}")
    assert "update-ca" not in found.advice


@pytest.mark.parametrize("until", [1, 99])
def test_a_check_hears_what_the_server_says_it_lacks(
    until: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The service is kept from a folder that the command reaches. One that begins is waited for."""
    asked: list[bool] = []

    def answer(line: socket.socket) -> None:
        asked.append(b"/readyz" in line.recv(65536))
        ready = not asked[-1] or sum(asked) > until
        body = b"{}" if ready else b'{"detail": "No certificate can be made."}'
        head = b"HTTP/1.1 200 OK" if ready else b"HTTP/1.1 503 No"
        line.sendall(b"%s\r\nContent-Length: %d\r\n\r\n%s" % (head, len(body), body))

    monkeypatch.setattr(address_check, "_BETWEEN_S", 0.01)
    with i18n.using("en"), listening(answer) as port:
        address, *others = look_at_address(f"http://127.0.0.1:{port}")
    assert address.what == f"Address: http://127.0.0.1:{port}"
    assert len(others) == (until > 1)
    for server in others:
        assert server.mark is Mark.BAD
        assert "not ready" in server.what
        assert server.advice == "No certificate can be made."


@pytest.mark.parametrize(
    ("answers", "mark", "words"),
    [
        ("503 503 silence", Mark.BAD, "No certificate can be made."),
        ("500 503 500", Mark.BAD, "No certificate can be made."),
        ("500", Mark.DOUBT, "(HTTP 500)"),
        ("502", Mark.DOUBT, "(HTTP 502)"),
        ("silence", Mark.DOUBT, "whether it is ready ("),
        ("503 404", None, ""),  # a server of before
    ],
)
def test_a_check_tells_what_a_server_answers_that_does_not_say_that_it_is_ready(
    answers: str, mark: Mark | None, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    coming = answers.split()

    def answer(line: socket.socket) -> None:
        asked = line.recv(65536)
        word = "200" if b"/healthz" in asked else coming.pop(0) if coming[1:] else coming[0]
        if word == "silence":
            line.recv(1)  # until who asks has had enough
            return
        body = b'{"detail": "No certificate can be made."}'
        head = b"HTTP/1.1 %s X\r\nContent-Length: %d\r\n\r\n%s"
        line.sendall(head % (word.encode(), len(body), body))

    for name, value in (("_BETWEEN_S", 0.0), ("_ASKING_S", 0.4), ("_TRIES", 3)):
        monkeypatch.setattr(address_check, name, value)
    with i18n.using("en"), listening(answer) as port:
        _address, *found = look_at_address(f"http://127.0.0.1:{port}")
    assert [one.mark for one in found] == ([] if mark is None else [mark])
    assert all(words in one.what + one.advice for one in found)


def test_a_wrong_setting_is_typed_as_french_is() -> None:
    with i18n.using("fr"), pytest.raises(InputError) as told:
        load_settings("\npage_size = 0", "server.toml", {})
    assert "server.toml, ligne 2 : Le réglage" in typed(str(told.value))


@pytest.mark.parametrize(
    ("user", "begins"), [("reprise-server", "sudo -u reprise-server "), ("alix", "")]
)
def test_the_example_of_a_station_is_a_command_that_works_here(
    user: str, begins: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Entry:
        pw_name = user

    monkeypatch.setattr("pwd.getpwuid", lambda _number: Entry)
    assert pages._as_server() == begins
