"""Start: remembered, typed or scanned."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reprise.domain.report.events import Operator
from reprise.domain.station.unattended import Unattended
from reprise.errors import StorageError
from reprise.workflow.session.services import StationServices
from station_kit.driver import Driver, check_glyphs, station
from station_kit.machines import hdd, laptop
from station_kit.ports import Kit

LAST = Operator("B. Petit", "Agglo", "Atelier", "", "LOT-8", "École Jules-Ferry")


def named(kit: Kit) -> list[Operator]:
    return [line.event.operator for line in kit.journal.lines if hasattr(line.event, "operator")]


async def scan(tech: Driver, text: str) -> None:
    """The keys of a scanner, as the terminal gives them: special ones by their name."""
    keys = {" ": "space", "]": "right_square_bracket", "-": "minus"}
    await tech.press(*(keys.get(char, char) for char in text), "enter")


async def test_what_was_typed_last_stands_there_and_what_is_typed_now_wins() -> None:
    kit = Kit(laptop(hdd()))
    kit.last_operator = LAST
    async with station(kit, (80, 25)) as tech:
        await tech.see("LOT-8", "B. Petit", "École Jules-Ferry")
        await tech.press(*"INV-1", "down")
        await tech.press("ctrl+u", *"LOT-9", "enter")
        await tech.see("Ce PC")
        await tech.until(lambda: bool(named(kit)), "the operator")
        check_glyphs(tech)
    (who,) = named(kit)
    assert (who.asset_tag, who.lot, who.name, who.donor) == (
        "INV-1",
        "LOT-9",
        "B. Petit",
        "École Jules-Ferry",
    )
    assert kit.remembered == [who]


async def test_a_person_who_types_quickly_is_not_overwritten() -> None:
    kit = Kit(laptop(hdd()))
    kit.last_operator = LAST
    async with station(kit, (80, 25)) as tech:
        await tech.press("down", *"LOT-X")
        await tech.see("LOT-X", "B. Petit")


@pytest.mark.parametrize(
    ("code", "tag"),
    [("]C1INV-42", "INV-42"), ("INV 42", "INV 42"), ("0012345678905", "0012345678905")],
)
async def test_a_scan_goes_to_the_next_step_and_is_what_the_label_says(code: str, tag: str) -> None:
    kit = Kit(laptop(hdd()))
    async with station(kit, (80, 25)) as tech:
        await tech.see("Le PC a été lu")
        await scan(tech, code)
        await tech.see("Ce PC")
        await tech.press("ctrl+j")  # a line feed after the carriage return
        await tech.until(lambda: bool(named(kit)), "the operator")
        assert tech.app.step == "machine"
    assert [who.asset_tag for who in named(kit)] == [tag]


async def test_scans_on_the_wrong_screens_erase_nothing() -> None:
    kit = Kit(laptop(hdd()))
    async with station(kit, (80, 25)) as tech:
        await tech.until(lambda: tech.app.state.plan is not None, "a plan")
        for _ in range(8):
            await scan(tech, "]C1EFFACER")
        await tech.pilot.pause(0.1)
        assert tech.app.step == "confirm"
    assert "PlanConfirmed" not in kit.journal.kinds()


async def test_a_store_that_cannot_remember_says_so_and_goes_on() -> None:
    kit = Kit(laptop(hdd()))

    def full(_operator: Operator) -> None:
        raise StorageError("no room left on the stick.", "Free some space there.")

    def services() -> StationServices:
        return replace(kit.services(), remember=full)

    async with station(kit, (80, 25), services) as tech:
        await tech.to_done()
        await tech.see("CE PC EST EFFACÉ ET VÉRIFIÉ", "no room left")


async def test_an_unattended_station_does_not_sign_for_whoever_was_here_last() -> None:
    kit = Kit(laptop(hdd()))
    kit.last_operator, kit.unattended = LAST, Unattended(erase=True)
    async with station(kit, (80, 25), second_s=0.02) as tech:
        await tech.until(lambda: tech.app.step == "done", "the end")
    assert [who.name for who in named(kit)] == ["A. Martin"]


async def test_what_stands_in_a_field_can_be_read_when_it_is_selected() -> None:
    """Coming back to a field selects its text: bright white on blue, not black on blue."""
    async with station(Kit(laptop(hdd())), (80, 25)) as tech:
        await tech.press(*"abc", "down", "up")
        await tech.until(lambda: "abc" in tech.text(), "what was typed")
        strips = tech.app.screen._compositor.render_strips()
        styles = {str(s.style) for strip in strips for s in strip if s.text.strip() == "abc"}
        assert styles == {"color(15) on color(4)"}
