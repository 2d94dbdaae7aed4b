"""The mouse on the real screens: what a click does, and what it never does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from textual.widgets import Input

from reprise.domain.station.pointing import Button, Pointed, PointerAction
from reprise.domain.station.unattended import Unattended
from reprise.tui.screens.big import BigScreen
from reprise.tui.screens.panel import HelpPanel, Question
from station_kit.driver import SIZE_NAMES, SIZES, STANDS, Driver, station
from station_kit.machines import hdd, laptop, ssd
from station_kit.ports import Kit
from tui.walk import walking
from tui.walks import WALKS, listened


class Hand:
    """A mouse on the table (ports.sheets.mouse.Mouse)."""

    def __init__(self) -> None:
        self.tell: Callable[[Pointed], None] = lambda _pointed: None
        self.stopped = False

    def start(self, tell: Callable[[Pointed], None]) -> None:
        self.tell = tell

    def stop(self) -> None:
        self.stopped = True

    def click(self, column: int, row: int, button: Button = Button.LEFT) -> None:
        self.tell(Pointed(PointerAction.MOVE, column, row))
        self.tell(Pointed(PointerAction.DOWN, column, row, button))
        self.tell(Pointed(PointerAction.UP, column, row, button))


@pytest.fixture
def hand() -> Hand:
    return Hand()


def place_of(tech: Driver, words: str) -> tuple[int, int]:
    """The cell in the middle of these words on the screen."""
    for row, text in enumerate(tech.text().split("\n")):
        if words in text:
            return text.index(words) + len(words) // 2, row
    raise AssertionError(f"“{words}” is not on the screen:\n{tech.text()}")


async def click(tech: Driver, words: str) -> None:
    assert await tech.pilot.click(offset=place_of(tech, words))


def on_key_line(tech: Driver, words: str) -> tuple[int, int]:
    row = tech.app.size.height - 1
    return tech.text().split("\n")[row].index(words), row


@pytest.mark.parametrize("size", SIZES, ids=SIZE_NAMES)
async def test_the_key_line_is_pressed(size: tuple[int, int]) -> None:
    async with station(Kit(laptop(hdd())), size) as tech:
        await tech.until(lambda: tech.app.state.plan is not None, "a plan")
        await tech.pilot.click("#keys", offset=(*on_key_line(tech, "Continuer")[:1], 0))
        await tech.until(lambda: tech.app.step == "machine", "the next step")
        await click(tech, "Échap")
        await tech.until(lambda: tech.app.step == "start", "the step before")
        await click(tech, "English")
        await tech.see("Enter  Continue", "Français")
        await click(tech, "F1  Help")
        await tech.until(lambda: isinstance(tech.app.screen, HelpPanel), "help")
        await click(tech, "Enter or Esc")
        await tech.see("Français")


def focused(tech: Driver) -> str | None:
    return tech.app.focused.id if isinstance(tech.app.focused, Input) else None


async def test_each_arrow_of_the_key_line_is_a_key_of_its_own() -> None:
    async with station(Kit(laptop(hdd())), (80, 25)) as tech:
        await tech.see("Le PC a été lu", "↑ ↓")
        x, y = on_key_line(tech, "↑ ↓")
        await tech.pilot.click(offset=(x + 2, y))
        await tech.until(lambda: focused(tech) == "lot", "the next field")
        await tech.pilot.click(offset=(x, y))
        await tech.until(lambda: focused(tech) == "asset_tag", "the field before")
        await tech.pilot.click(offset=on_key_line(tech, "Champ"))
        assert tech.app.step == "start"


async def test_a_double_click_presses_a_key_once(hand: Hand) -> None:
    async with station(Kit(laptop(hdd())), (80, 25), mouse=hand) as tech:
        await tech.until(lambda: tech.app.state.plan is not None, "a plan")
        place = place_of(tech, "Continuer")
        hand.click(*place)
        hand.click(*place)
        await tech.until(lambda: tech.app.step == "machine", "the next step")
        await tech.pilot.pause(0.1)
        assert tech.app.step == "machine"


@pytest.mark.parametrize("words", ["Donateur", "Opérateur"])
async def test_a_field_is_chosen_by_itself_and_by_its_label(words: str) -> None:
    async with station(Kit(laptop(hdd())), (80, 25)) as tech:
        await tech.see(words)
        x, y = place_of(tech, words)
        for column in (x, x + 30):
            await tech.press("tab")
            await tech.pilot.click(offset=(column, y))
            focused = tech.app.focused
            assert isinstance(focused, Input)
            assert focused.id == {"Donateur": "donor", "Opérateur": "name"}[words]


async def test_a_row_of_a_list_is_chosen() -> None:
    async with station(Kit(laptop(hdd(), ssd())), (80, 25)) as tech:
        await tech.until(lambda: tech.app.state.plan is not None, "a plan")
        for step in ("machine", "drives", "system"):
            await tech.press("enter")
            await tech.at(step)
        await tech.see("→ Debian minimal sur nvme0n1")
        await click(tech, "Rien : seulement effacer")
        await tech.see("→ Rien : seulement effacer")
        _x, y = place_of(tech, "Debian minimal sur nvme0n1")
        await tech.pilot.click(offset=(70, y))  # beside the words
        await tech.see("→ Debian minimal sur nvme0n1")


async def test_a_wifi_network_is_chosen(tmp_path: Path) -> None:
    async with walking(WALKS["laptop"], tmp_path, (80, 25)) as walker:
        tech = walker.tech
        walker.gate.set()
        await tech.come(lambda: walker.app.state.plan is not None, "a plan")
        await tech.tap("f6")
        await tech.come(lambda: listened(walker), "the networks")
        rows = tech.text().split("\n")
        chosen = next(row for row in rows if "→" in row)
        other = rows[rows.index(chosen) + 1].strip().split("  ")[0]  # a bar stands on others only
        await click(tech, other)
        await tech.see(f"→ {other}")
        assert chosen.strip() not in tech.text()


async def test_a_click_never_erases(hand: Hand) -> None:
    kit = Kit(laptop(hdd()))
    async with station(kit, (80, 25), mouse=hand) as tech:
        await tech.to_plan()
        await tech.press(*"effacer")
        hand.click(*place_of(tech, " Entrée "))
        await tech.see("Un clic n'efface rien")
        for row in range(24):  # all but the key line
            for column in range(0, 80, 8):
                hand.click(column, row)
        await tech.pilot.pause(0.1)
        assert tech.app.step == "confirm"
        assert "PlanConfirmed" not in kit.journal.kinds()
        await tech.press("enter")  # the word stands, the key itself confirms it
        await tech.until(lambda: tech.app.step == "done", "the end")


async def test_a_question_is_answered_by_its_keys_only(hand: Hand) -> None:
    kit = Kit(laptop(hdd()))
    kit.sanitizer.held.add(hdd().identity.serial)
    async with station(kit, (80, 25), mouse=hand) as tech:
        await tech.to_plan()
        await tech.confirm()
        await tech.until(lambda: tech.app.step == "erasing", "the erasure")
        await tech.see("Arrêter")
        hand.click(*place_of(tech, "Arrêter"))
        await tech.until(lambda: isinstance(tech.app.screen, Question), "the question")
        await tech.see("Arrêter l'effacement", "Entrée")
        hand.click(1, 1)
        hand.click(*place_of(tech, "Arrêter l'effacement"))
        await tech.pilot.pause(0.1)
        assert isinstance(tech.app.screen, Question)
        hand.click(*place_of(tech, "Entrée"))
        await tech.until(lambda: not isinstance(tech.app.screen, Question), "no question")
        assert not kit.sanitizer.release.is_set()
        kit.sanitizer.release.set()
        await tech.until(lambda: tech.app.step == "done", "the end")
        await tech.see("CE PC EST EFFACÉ ET VÉRIFIÉ")


@pytest.mark.parametrize(("clicked", "stops"), [("Continuer", False), ("Arrêter main", True)])
async def test_a_click_on_an_answer_gives_it(hand: Hand, clicked: str, stops: bool) -> None:
    kit = Kit(laptop(hdd()))
    kit.sanitizer.held.add("W9A4K2XJ")
    async with station(kit, (80, 25), mouse=hand) as tech:
        await tech.to_plan()
        await tech.confirm()
        await tech.until(lambda: tech.app.step == "erasing", "the erasure")
        await tech.press("f8", "o")
        await tech.see("Arrêter l'effacement", "> o")
        hand.click(*place_of(tech, clicked))
        await tech.until(lambda: not isinstance(tech.app.screen, Question), "no question")
        await tech.pilot.pause(0.2)
        assert ("INTERROMPU" in tech.text()) is stops


def large(tech: Driver) -> bool:
    return isinstance(tech.app.screen, BigScreen)


def waiting() -> Kit:
    kit = Kit(laptop(hdd()))
    kit.unattended = Unattended(erase=True, countdown_s=30)
    return kit


async def never_begins(tech: Driver, kit: Kit) -> None:
    await tech.until(lambda: not large(tech), "the first screen")
    await tech.until(lambda: tech.app.state.by_hand, "the session knows")
    await tech.seconds_pass(40)
    assert not large(tech)
    assert tech.app.step == "start"
    assert "PlanConfirmed" not in kit.journal.kinds()


async def test_a_click_stops_the_countdown_and_does_nothing_below(hand: Hand) -> None:
    kit = waiting()
    async with station(kit, (80, 25), second_s=STANDS, mouse=hand) as tech:
        await tech.see("Continuer")
        x, y = on_key_line(tech, "Continuer")
        await tech.countdown()
        await tech.see("ENTRÉE ARRÊTE TOUT")
        hand.tell(Pointed(PointerAction.DOWN, x, y, Button.LEFT))
        await tech.until(lambda: tech.app.state.by_hand, "the session knows")
        hand.tell(Pointed(PointerAction.UP, x, y, Button.LEFT))
        await never_begins(tech, kit)


async def test_a_click_of_the_pilot_closes_the_large_screen_once() -> None:
    kit = waiting()
    async with station(kit, (80, 25), second_s=STANDS) as tech:
        await tech.countdown()
        await tech.see("ENTRÉE ARRÊTE TOUT")
        await tech.pilot.double_click(offset=(40, 12))
        await never_begins(tech, kit)


async def test_a_button_that_means_no_place_stops_the_countdown_too(hand: Hand) -> None:
    kit = waiting()
    async with station(kit, (80, 25), second_s=STANDS, mouse=hand) as tech:
        await tech.countdown()
        await tech.see("ENTRÉE ARRÊTE TOUT")
        hand.tell(Pointed(PointerAction.WAKE, 0, 0))
        await never_begins(tech, kit)


async def test_a_mouse_that_is_only_knocked_stops_nothing(hand: Hand) -> None:
    kit = waiting()
    async with station(kit, (80, 25), second_s=STANDS, mouse=hand) as tech:
        await tech.countdown()
        await tech.see("ENTRÉE ARRÊTE TOUT")
        for column in range(80):
            hand.tell(Pointed(PointerAction.MOVE, column, 3))
        await tech.seconds_pass(30)
        await tech.until(lambda: tech.app.step == "done", "the end")
    assert "PlanConfirmed" in kit.journal.kinds()


async def test_the_other_buttons_press_nothing_and_the_wheel_scrolls(hand: Hand) -> None:
    many = [hdd(serial=f"SERIAL{n}", node=f"/dev/sd{chr(97 + n)}") for n in range(5)]
    async with station(Kit(laptop(*many)), (80, 25), mouse=hand) as tech:
        await tech.until(lambda: tech.app.state.plan is not None, "a plan")
        await tech.press("enter", "enter")
        await tech.see("SERIAL0")
        hand.click(*place_of(tech, "Continuer"), Button.RIGHT)
        await tech.pilot.pause(0.1)
        assert tech.app.step == "drives"
        for _turn in range(30):
            hand.tell(Pointed(PointerAction.WHEEL_DOWN, 40, 12))
        await tech.see("SERIAL4")
        for _turn in range(30):
            hand.tell(Pointed(PointerAction.WHEEL_UP, 40, 12))
        await tech.see("SERIAL0")


async def test_the_mouse_is_let_go_at_the_end(hand: Hand) -> None:
    async with station(Kit(laptop(hdd())), (80, 25), mouse=hand) as tech:
        await tech.see("Le PC a été lu")
    assert hand.stopped
    hand.click(1, 1)  # what still comes falls on deaf ears


async def test_a_click_on_the_box_encrypts_the_drive() -> None:
    kit = Kit(laptop(hdd()))
    kit.installer.first_start = True
    async with station(kit, (80, 25)) as tech:
        await tech.to_plan()
        await tech.press("escape")
        await tech.see("[ ] Chiffrer le disque")
        await click(tech, "Chiffrer le disque")
        await tech.see("[x] Chiffrer le disque", "→ Debian minimal")
