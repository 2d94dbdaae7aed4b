"""A late stick while a person is asked for the word: what it tells is said, and all asked anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest

from reprise import i18n
from reprise.adapters.station.local_socket import SocketListener
from reprise.workflow.engine import listener
from reprise.workflow.engine.engine import Engine
from reprise.workflow.engine.port import EngineClient
from station_kit.listener import Listener, listening
from station_kit.processes import until
from workflow.engine_kit import client_at
from workflow.test_late_stick import PATIENCE_S, Bench, knows, running

pytestmark = pytest.mark.processes
WORD = "To start, type ERASE"


@pytest.fixture(autouse=True)
def _english() -> None:
    i18n.set_language("en")


def attended(folder: Path) -> Bench:
    bench = Bench(folder)
    bench.kit.unattended = replace(bench.kit.unattended, erase=False)
    return bench


@contextmanager
def here(engine: Engine, _folder: Path) -> Iterator[EngineClient]:
    yield engine


@contextmanager
def far(engine: Engine, folder: Path) -> Iterator[EngineClient]:
    """In another process, as screens are."""
    door = SocketListener(folder / "e.sock")
    waiter = Thread(target=listener.serve, args=(engine, door))
    waiter.start()
    try:
        with client_at(folder / "e.sock") as client:
            yield client
    finally:
        door.close()
        waiter.join(PATIENCE_S)


def to_the_drives(ear: Listener) -> None:
    for question in ("1 of 4.", "2 of 4.", "3 of 4.", "4 of 4.", "D: all details"):
        ear.answers(question)


def to_the_word(ear: Listener) -> None:
    ear.answers("N: read the drives again")
    ear.answers("Number, or Enter for 1")
    while WORD not in ear.said[ear.heard :]:  # names, and whether it is encrypted
        heard = len(ear.said)
        ear.types("")
        until(lambda: ear.said[heard:].rstrip(" ").endswith(("?", ":", "back.")), "more")  # noqa: B023
    ear.hears(WORD)


@pytest.mark.parametrize("client_of", [here, far])
def test_what_a_late_stick_tells_is_heard_before_the_word_counts(
    tmp_path: Path, client_of: Callable[[Engine, Path], AbstractContextManager[EngineClient]]
) -> None:
    bench = attended(tmp_path)
    with running(bench) as engine, client_of(engine, tmp_path) as client, listening(client) as ear:
        to_the_drives(ear)
        to_the_word(ear)
        bench.there = True
        told = ear.hears("has changed: read it again.", "Drives.", "N: read the drives again")
        assert "sda: this stick installed a system on it before; nvme0n1: earlier erasure" in told
        ear.types("erase")  # what was asked for before
        ear.hears("N: read the drives again")
        ear.heard = ear.said.rindex("N: read the drives again")
        assert not engine.state.confirmed
        to_the_word(ear)
        ear.types("erase")
        until(lambda: bool(engine.state.confirmed), "the confirmation", PATIENCE_S)
        bench.kit.sanitizer.release.set()


def test_drives_that_were_heard_before_the_stick_came_are_heard_again(tmp_path: Path) -> None:
    bench = attended(tmp_path)
    with running(bench) as engine, listening(engine) as ear:
        to_the_drives(ear)
        ear.hears("N: read the drives again")
        bench.there = True
        until(lambda: knows(engine), "what the stick tells", PATIENCE_S)
        ear.types("")
        ear.hears("has changed: read it again.", "Drives.", "FAILED", "N: read the drives again")


def test_a_journal_of_the_late_stick_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    bench = attended(tmp_path)
    (tmp_path / "stick" / "journal" / "broken.jsonl").write_bytes(b"{no journal}\n{nor this}\n")
    with running(bench) as engine, listening(engine) as ear:
        ear.hears("1 of 4.")
        bench.goes_on.clear()
        bench.there = True
        ear.hears("The stick came later", "1 of 4.")
        bench.goes_on.set()
        ear.hears("The journal of session broken cannot be read.", "1 of 4.")
        until(lambda: not engine.status.passing, "the look's end", PATIENCE_S)
        engine.note("Something else.")
        ear.hears("Something else.", "1 of 4.")
        assert ear.said.count("The stick came later") == 1
        assert ear.said.count("cannot be read") == 1


def test_news_that_change_nothing_ask_nothing_anew(tmp_path: Path) -> None:
    bench = attended(tmp_path)
    with running(bench) as engine, listening(engine) as ear:
        to_the_drives(ear)
        to_the_word(ear)
        engine.look()
        engine.note("Something else.")
        ear.hears("Something else.", WORD)
        assert "has changed" not in ear.said
