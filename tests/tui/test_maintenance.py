"""The log, its copy on the stick, and the shell behind its phrase."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest

from reprise import i18n
from reprise.adapters.station.local_socket import SocketDoor
from reprise.domain.events import ShellUsed
from reprise.domain.fold import fold
from reprise.tui.app import StationApp
from reprise.workflow.desk.engine import Engine
from reprise.workflow.desk.server import serve
from reprise.workflow.services import StationServices
from station_kit.driver import Driver, check_glyphs, check_not_clipped, station
from station_kit.machines import hdd, laptop
from station_kit.ports import Kit
from station_kit.processes import remote

PHRASE = {"fr": "ouvrir le terminal", "en": "open the shell"}


def shells(kit: Kit) -> list[bool]:
    return [s.event.opened for s in kit.journal.lines if isinstance(s.event, ShellUsed)]


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("size", [(80, 25), (160, 50)], ids=["80x25", "160x50"])
async def test_the_newest_lines_are_shown_and_all_of_them_copied(
    language: str, size: tuple[int, int]
) -> None:
    i18n.set_language(language)
    kit = Kit(laptop(hdd()))
    async with station(kit, size) as tech:
        await tech.until(lambda: tech.app.state.plan is not None, "a plan")
        await tech.see("F9", "Journal" if language == "fr" else "Log")
        await tech.press("f9")
        await tech.see("line 59")
        await tech.press("pageup")
        await tech.press("f4")
        await tech.see("logs/5e0f0d4e-2c3b-4a49-8f2f-77f6a0a2c001.log")
        kit.side.logs.fails = "no room left on it."
        await tech.press("f4")
        await tech.see("no room left on it.")
        check_glyphs(tech)
        await tech.press("escape")
        await tech.see("Départ" if language == "fr" else "Start")
        check_not_clipped(tech)
    assert kit.side.logs.copies == ["5e0f0d4e-2c3b-4a49-8f2f-77f6a0a2c001"]


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_only_the_phrase_opens_a_shell_and_the_work_goes_on(language: str) -> None:
    i18n.set_language(language)
    kit = Kit(laptop(hdd()))
    kit.sanitizer.held.add("W9A4K2XJ")
    async with station(kit, (80, 25)) as tech:
        await tech.to_plan()
        await tech.confirm()
        await tech.until(lambda: tech.app.step == "erasing", "the work")
        await tech.press("f9")
        await tech.see("line 59")
        await tech.press("f9")
        await tech.see(PHRASE[language], "exit")
        await tech.press("enter", *"yes", "enter")
        await tech.see("aucun terminal" if language == "fr" else "no shell was opened")
        assert shells(kit) == []
        await tech.press(*PHRASE[language].upper(), "enter")
        await tech.until(lambda: kit.side.shell.opened == 1, "a shell")
        assert shells(kit) == [True]  # journalled before it opened
        kit.sanitizer.release.set()
        await tech.until(lambda: tech.app.step == "done", "the end")
        kit.side.shell.held.set()
        await tech.until(lambda: shells(kit) == [True, False], "it was left")
        check_glyphs(tech)
        await tech.press("escape")
        await tech.see("EFFACÉ ET VÉRIFIÉ" if language == "fr" else "ERASED AND VERIFIED")
    (record,) = fold(kit.journal.events()).shells
    assert record.opened_at
    assert record.closed_at is not None


async def test_escape_takes_the_question_back_and_then_the_sheet() -> None:
    kit = Kit(laptop(hdd()))
    async with station(kit, (80, 25)) as tech:
        await tech.see("F9")
        await tech.press("f9", "f9")
        await tech.see("Phrase")
        await tech.press(*"ouvrir", "escape")
        await tech.until(lambda: "Phrase" not in tech.text(), "no question")
        await tech.press("escape")
        await tech.see("Départ")
    assert kit.side.shell.opened == 0


async def test_a_shell_that_does_not_open_says_why_and_is_journalled_as_left() -> None:
    kit = Kit(laptop(hdd()))
    kit.side.shell.fails = "openvt: no free console."
    async with station(kit, (80, 25)) as tech:
        await tech.until(lambda: tech.app.state.plan is not None, "a plan")
        await tech.press("f9", "f9", *PHRASE["fr"], "enter")
        await tech.see("openvt: no free console.")
    assert shells(kit) == [True, False]


@contextmanager
def engine(kit: Kit, socket: Path, session_id: str) -> Iterator[None]:
    def services() -> StationServices:
        found = kit.services()
        return replace(found, started=replace(found.started, session_id=session_id))

    door, one = SocketDoor(socket), Engine(services, poll_s=0.05)
    one.start()
    waiter = Thread(target=serve, args=(one, door))
    waiter.start()
    try:
        yield
    finally:
        one.close()
        one.wait_end()
        door.close()
        waiter.join()


async def test_a_session_that_begins_under_an_open_shell_is_told_of_it(tmp_path: Path) -> None:
    kit, next_kit, socket = Kit(laptop(hdd())), Kit(laptop(hdd())), tmp_path / "engine.sock"
    with remote(socket) as desk:
        app = StationApp(lambda: desk, kit.side.side)
        async with app.run_test(size=(80, 25)) as pilot:
            tech = Driver(app, pilot)
            with engine(kit, socket, "5e0f0d4e-2c3b-4a49-8f2f-77f6a0a2c001"):
                await tech.see("Le PC a été lu")
                await tech.press("f9", "f9", *PHRASE["fr"], "enter")
                await tech.until(lambda: shells(kit) == [True], "a shell")
            with engine(next_kit, socket, "5e0f0d4e-2c3b-4a49-8f2f-77f6a0a2c002"):
                await tech.until(lambda: shells(next_kit) == [True], "told again")
                kit.side.shell.held.set()
                await tech.until(lambda: shells(next_kit) == [True, False], "it was left")
    assert shells(kit) == [True]
