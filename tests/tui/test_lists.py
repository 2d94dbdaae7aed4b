"""Lists of which one is chosen: what is written again moves nothing, and all of it can be seen."""

from __future__ import annotations

import time
from dataclasses import replace
from statistics import median

from textual import events

from reprise.tui.base import Framed
from reprise.tui.screens.checks import ChecksScreen
from reprise.tui.widgets.options import Options
from reprise_common.keyboard_layouts import ORDER, KeyboardState
from station_kit.driver import Driver, station
from station_kit.machines import hdd, laptop
from station_kit.ports import Kit
from tui.checks_kit import checking_kit, open_sheet
from tui.network_kit import Network, point, sheet
from tui.test_keyboard import FakeKeyboard, with_it
from tui.test_reports import item, kit_with, opened


def row_of(tech: Driver, words: str) -> int:
    return next(at for at, row in enumerate(tech.text().split("\n")) if words in row)


def row(tech: Driver, words: str) -> str:
    return tech.text().split("\n")[row_of(tech, words)]


async def wheel(tech: Driver, turns: int) -> None:
    for _turn in range(turns):
        x, y = 30, 12
        tech.app.post_message(events.MouseScrollDown(None, x, y, 0, 1, 0, False, False, False))
    await tech.pilot.pause()


def write_again(tech: Driver) -> None:
    assert isinstance(tech.app.screen, Framed)
    tech.app.screen.refresh_all()


async def test_the_wheel_shows_the_rest_of_the_reports_and_the_choice_stays() -> None:
    kit = kit_with(*(item(number, "waiting") for number in range(1, 29)))
    async with station(kit, (80, 25)) as tech:
        await opened(tech)
        await tech.see("→ en attente", "00000028-6a54")
        await wheel(tech, 30)
        await tech.see(" INV-1 ")
        kit.outbox.kept[5] = replace(
            kit.outbox.kept[5], state="sent", detail="2026-11-25T08:00:00Z"
        )
        await tech.until(
            lambda: any(one.state == "sent" for one in tech.app.status.outbox), "it is sent"
        )
        write_again(tech)
        text = await tech.see(" INV-1 ", "00000028-6a54")  # of which all is said below
        assert "→" not in text
        await tech.press("down")
        await tech.see("→ en attente", "00000027-6a54")


async def test_what_is_said_of_the_chosen_report_does_not_push_its_row_out_of_sight() -> None:
    answer = "unreachable: " + "No route to host, nor to its proxy. " * 6
    many = [item(number, "waiting", answer if number == 1 else "") for number in range(1, 29)]
    async with station(kit_with(*many), (80, 25)) as tech:
        await opened(tech)
        await tech.see("→ en attente", "00000028-6a54", "Fichier")
        await tech.press("end")
        await tech.see("→ en attente", "00000001-6a54", "nor to its proxy", "Fichier")


async def test_the_wheel_shows_the_rest_of_the_networks() -> None:
    network = Network()
    network.near = tuple(point(f"Reseau-{n:02}", 99 - n) for n in range(40))
    async with sheet(network) as tech:
        await tech.see("→ Reseau-00")
        await wheel(tech, 40)
        await tech.see("réseau masqué", "régler un proxy")
        write_again(tech)
        assert "→" not in await tech.see("réseau masqué")


async def test_on_a_low_screen_the_chosen_check_stays_in_sight() -> None:
    async with station(checking_kit(), (80, 20)) as tech:
        await tech.until(lambda: tech.app.state.plan is not None, "a plan")
        await open_sheet(tech)
        await tech.press(*["down"] * 15)
        await tech.see("→ État", "comment la note")
        await tech.press(*["up"] * 15)
        await tech.see("→ Mémoire", "comment la note")


async def test_a_long_list_of_layouts_keeps_the_chosen_one_in_sight() -> None:
    many = KeyboardState("fr", layouts=(*ORDER, *ORDER, *ORDER))
    async with station(Kit(laptop(hdd())), (80, 25), tools=with_it(FakeKeyboard(many))) as tech:
        await tech.until(lambda: tech.app.keyboard is not None, "the layouts")
        await tech.press("f12")
        await tech.until(lambda: bool(tech.app.screen.query(Options)), "the list")
        await tech.press(*["down"] * len(many.layouts))
        options = tech.app.screen.query_one(Options)
        assert options.highlighted == len(many.layouts) - 1
        await tech.until(lambda: "→" in tech.text(), "the chosen one")


async def test_a_click_only_chooses_and_the_right_button_does_not_even_that() -> None:
    kit = checking_kit()
    async with station(kit, (80, 25)) as tech:
        await tech.until(lambda: tech.app.state.plan is not None, "a plan")
        await open_sheet(tech)
        await tech.pilot.double_click(offset=(8, row_of(tech, "Écran")))
        await tech.see("→ Écran")
        await tech.pilot.click(offset=(70, row_of(tech, "Processeur")), button=3)
        await tech.see("→ Écran")
        assert isinstance(tech.app.screen, ChecksScreen)
    assert "CheckDone" not in kit.journal.kinds()


async def test_a_key_is_answered_in_time_among_a_thousand_reports() -> None:
    one = item(3, "refused", "403: Unknown station – Enrol it.")
    many = [replace(one, report_id=f"{n:08d}-6a54-4c58-9a57-2f1d6a1b8e11") for n in range(1000)]
    async with station(kit_with(*many), (80, 25)) as tech:
        await opened(tech)
        assert tech.app.screen.query_one(Options).option_count == 1000
        took = []
        for at in range(1, 12):
            began = time.perf_counter()
            await tech.tap("down")
            assert f"{at:08d}-6a54" in tech.text()
            took.append(time.perf_counter() - began)
        assert median(took) < 0.1, took


async def test_a_bar_is_left_out_of_the_chosen_row() -> None:
    """Black on white it is a hole; the number beside it stays."""
    async with sheet(Network()) as tech:
        await tech.see("→ Alpha", "Beta")
        assert not any(block in row(tech, "Alpha") for block in "█░")
        assert "80" in row(tech, "Alpha")
        assert "█" in row(tech, "Beta")
        await tech.press("down")
        await tech.see("→ Beta")
        assert "█" in row(tech, "Alpha")
        assert "█" not in row(tech, "Beta")
