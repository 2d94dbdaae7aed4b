"""F9: the log on the screen, on the stick, and the maintenance shell."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field

import pytest
from textual.app import App

from reprise import i18n
from reprise.domain.station.logs import LogPage
from reprise.domain.station.pointing import Button, Pointed, PointerAction
from reprise.domain.station.unattended import Unattended
from reprise.errors import StorageError, ToolError
from reprise.ports.sheets.station_tools import StationTools
from reprise.tui.screens.logs import LogsScreen
from reprise.tui.screens.maintenance import MaintenanceScreen
from station_kit.driver import STANDS, Driver, check_glyphs, station
from station_kit.machines import hdd, laptop
from station_kit.ports import Kit

PHRASES = {"fr": "je prends la main", "en": "i take over"}


@dataclass
class FakeLogs:
    """Two logs that grow; copying waits for `go`."""

    ours: list[str] = field(default_factory=lambda: [f"ours {at}" for at in range(40)])
    all: list[str] = field(default_factory=lambda: [f"kernel {at}" for at in range(90)])
    go: threading.Event = field(default_factory=threading.Event)
    fails: str = ""
    unreadable: bool = False

    def read(self, after: str = "", *, everything: bool = False) -> LogPage:
        if self.unreadable:
            raise ToolError("journalctl is missing.")
        lines = self.all if everything else self.ours
        return LogPage(tuple(lines[int(after or 0) :]), str(len(lines)))

    def copy(self) -> str:
        self.go.wait(60)
        if self.fails:
            raise StorageError(self.fails)
        return "logs/2026-11-25-101502Z"


@dataclass
class FakeShell:
    """Is open for `takes_s` seconds."""

    takes_s: float = 0.0
    fails: str = ""
    shown: list[str] = field(default_factory=list)
    meanwhile: Callable[[], object] = lambda: None

    def run(self, words: Sequence[str]) -> None:
        self.shown += words
        self.meanwhile()
        time.sleep(self.takes_s)
        if self.fails:
            raise ToolError(self.fails)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reprise.tui.screens.logs._LOOK_S", 0.1)


@pytest.fixture
def free_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """The real hand-over is tested on a real terminal: test_shell.py."""
    monkeypatch.setattr(App, "suspend", lambda _app: nullcontext())


def tools(logs: FakeLogs, shell: FakeShell | None = None) -> StationTools:
    return StationTools(logs=lambda: logs, shell=shell)


async def opened(tech: Driver) -> None:
    await tech.until(lambda: tech.app.state.plan is not None, "a plan")
    await tech.press("f9")
    await tech.until(lambda: isinstance(tech.app.screen, LogsScreen), "the sheet")


@pytest.mark.usefixtures("quick")
async def test_the_log_follows_and_stands_still_where_it_is_read() -> None:
    logs = FakeLogs()
    async with station(Kit(laptop(hdd())), (80, 25), tools=tools(logs)) as tech:
        await opened(tech)
        await tech.see("Journal de Reprise", "ours 39", "suit la dernière ligne")
        logs.ours.append("ours 40")
        await tech.see("ours 40")
        await tech.press("home")
        text = await tech.see("ours 0", "Fin : dernière ligne")
        assert "ours 40" not in text
        logs.ours.append("ours 41")
        await tech.pilot.pause(0.2)
        assert "ours 0" in tech.text()
        await tech.press("pagedown", "up", "end")
        await tech.see("ours 41", "suit la dernière ligne")
        check_glyphs(tech)


@pytest.mark.usefixtures("quick")
async def test_one_key_shows_the_whole_systems_log_and_back() -> None:
    logs = FakeLogs()
    async with station(Kit(laptop(hdd())), (80, 25), tools=tools(logs)) as tech:
        await opened(tech)
        await tech.press("f5")
        assert "ours" not in await tech.see("Journal de tout le système", "kernel 89")
        await tech.press("f5", "f5", "f5")
        text = await tech.see("Journal de Reprise", "ours 39")
        assert text.count("ours 39") == 1
        assert "kernel" not in text


async def test_a_log_that_cannot_be_read_says_why() -> None:
    async with station(Kit(laptop(hdd())), tools=tools(FakeLogs(unreadable=True))) as tech:
        await opened(tech)
        await tech.see("journalctl is missing.")


@pytest.mark.usefixtures("quick")
async def test_a_log_that_can_be_read_no_more_keeps_what_was_read() -> None:
    logs = FakeLogs()
    async with station(Kit(laptop(hdd())), (80, 25), tools=tools(logs)) as tech:
        await opened(tech)
        await tech.see("ours 39")
        logs.unreadable = True
        await tech.see("journalctl is missing.", "ours 39")
        logs.unreadable = False
        logs.ours.append("ours 40")
        assert "missing" not in await tech.see("ours 40")


@pytest.mark.parametrize("fails", ["", "no room left in “stick”."])
async def test_copying_blocks_nothing_and_says_what_came_of_it(fails: str) -> None:
    logs = FakeLogs(fails=fails)
    async with station(Kit(laptop(hdd())), (80, 25), tools=tools(logs)) as tech:
        await opened(tech)
        await tech.press("enter", "enter")
        await tech.see("Copie des journaux…")
        await tech.press("home")
        await tech.see("ours 0")
        logs.go.set()
        await tech.see(fails or "dossier logs/2026-11-25-101502Z")


async def test_a_demonstration_has_no_shell() -> None:
    async with station(Kit(laptop(hdd())), (80, 25), tools=tools(FakeLogs())) as tech:
        await opened(tech)
        await tech.press("f9")
        await tech.see("n'offre pas de ligne de commande de maintenance")
        assert isinstance(tech.app.screen, LogsScreen)


async def type_phrase(tech: Driver, text: str) -> None:
    await tech.fill("phrase", text)
    await tech.press("enter")


@pytest.mark.usefixtures("free_terminal")
@pytest.mark.parametrize("language", i18n.LANGUAGES)
async def test_only_the_phrase_opens_the_shell(language: str) -> None:
    i18n.set_language(language)
    shell = FakeShell()
    async with station(Kit(laptop(hdd())), (80, 25), tools=tools(FakeLogs(), shell)) as tech:
        await opened(tech)
        await tech.press("f9")
        text = await tech.see(PHRASES[language], "exit")
        assert "NOT PROVEN" in text or "N'EST PAS PROUVÉ" in text
        await tech.press("enter")
        await type_phrase(tech, PHRASES["en" if language == "fr" else "fr"])
        await tech.see("not the phrase" if language == "en" else "pas la phrase")
        assert shell.shown == []
        await tech.press("ctrl+u")
        await type_phrase(tech, PHRASES[language].upper())
        await tech.until(lambda: isinstance(tech.app.screen, LogsScreen), "back")
        check_glyphs(tech)
    assert any("exit" in words for words in shell.shown)


@pytest.mark.usefixtures("free_terminal")
async def test_a_shell_that_does_not_start_says_so() -> None:
    shell = FakeShell(fails="bash is missing.")
    async with station(Kit(laptop(hdd())), (80, 25), tools=tools(FakeLogs(), shell)) as tech:
        await opened(tech)
        await tech.press("f9")
        await type_phrase(tech, PHRASES["fr"])
        await tech.see("bash is missing.")
        assert isinstance(tech.app.screen, MaintenanceScreen)


async def test_a_terminal_that_cannot_be_handed_over_says_so() -> None:
    """As the tests' own."""
    shell = FakeShell()
    async with station(Kit(laptop(hdd())), (80, 25), tools=tools(FakeLogs(), shell)) as tech:
        await opened(tech)
        await tech.press("f9")
        await type_phrase(tech, PHRASES["fr"])
        await tech.see("ne permet pas d'ouvrir")
    assert shell.shown == []


class Hand:
    """ports.sheets.mouse.Mouse."""

    def start(self, tell: Callable[[Pointed], None]) -> None:
        self.tell = tell

    def stop(self) -> None: ...


@pytest.mark.usefixtures("free_terminal", "quick")
async def test_clicks_in_the_shell_press_nothing_on_the_screen_behind_it() -> None:
    hand, shell = Hand(), FakeShell()
    async with station(
        Kit(laptop(hdd())), (80, 25), tools=tools(FakeLogs(), shell), mouse=hand
    ) as tech:
        await opened(tech)
        row = tech.text().split("\n")
        at = (row[-1].index("Tout"), len(row) - 1)  # F5

        def click() -> None:
            for act in (PointerAction.DOWN, PointerAction.UP):
                hand.tell(Pointed(act, *at, Button.LEFT))

        click()
        await tech.see("Journal de tout le système")
        await tech.press("f5")
        await tech.see("Journal de Reprise")
        shell.meanwhile = click
        await tech.press("f9")
        await type_phrase(tech, PHRASES["fr"])
        await tech.until(lambda: isinstance(tech.app.screen, LogsScreen), "back")
        await tech.pilot.pause(0.3)
        assert "Journal de Reprise" in tech.text()
        await tech.see("ours 39")
        click()
        await tech.see("Journal de tout le système")


@pytest.mark.usefixtures("free_terminal")
async def test_nothing_begins_by_itself_behind_the_shell() -> None:
    kit, shell = Kit(laptop(hdd())), FakeShell()
    kit.unattended = Unattended(erase=True, countdown_s=30)
    async with station(kit, (80, 25), second_s=STANDS, tools=tools(FakeLogs(), shell)) as tech:
        await tech.countdown()
        await tech.press("f9", "f9")  # the first one may only close the countdown
        await tech.until(lambda: isinstance(tech.app.screen, LogsScreen), "the sheet")
        await tech.press("f9")

        def forty_seconds() -> None:
            for _second in range(40):
                tech.app.idle.tick()

        shell.meanwhile = forty_seconds
        await type_phrase(tech, PHRASES["fr"])
        await tech.until(lambda: isinstance(tech.app.screen, LogsScreen), "back")
        await tech.seconds_pass(40)  # more than a whole countdown
    assert shell.shown
    assert "PlanConfirmed" not in kit.journal.kinds()


@pytest.mark.usefixtures("free_terminal")
async def test_an_erasure_goes_on_behind_the_shell() -> None:
    kit, shell = Kit(laptop(hdd())), FakeShell(takes_s=0.5)
    kit.sanitizer.held.add(hdd().identity.serial or "")
    async with station(kit, (80, 25), tools=tools(FakeLogs(), shell)) as tech:
        await tech.to_plan()
        await tech.confirm()
        await tech.until(lambda: tech.app.step == "erasing", "the erasure")
        await tech.press("f9", "f9")
        await tech.see("cela continue pendant ce temps")
        threading.Timer(0.1, kit.sanitizer.release.set).start()
        await type_phrase(tech, PHRASES["fr"])
        await tech.press("escape")
        await tech.see("CE PC EST EFFACÉ ET VÉRIFIÉ")
