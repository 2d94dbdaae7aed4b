"""A stick that comes late, on the screen: nothing that it tells is confirmed unread."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from reprise import i18n
from reprise.domain.station.unattended import Unattended
from station_kit.driver import STANDS, Driver, station
from station_kit.machines import hdd, laptop
from station_kit.ports import Kit
from workflow.test_late_stick import Bench, knows

MEANWHILE = "has changed: read it again. sda: this stick installed a system on it before; nvme0n1: "


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    i18n.set_language("en")
    yield
    i18n.set_language("fr")


@asynccontextmanager
async def asked_for_the_word(folder: Path) -> AsyncIterator[tuple[Bench, Driver]]:
    bench = Bench(folder)
    bench.kit.unattended = Unattended()
    async with station(bench.kit, services=bench.services) as tech:
        await tech.to_plan()
        await tech.read_on()
        await tech.fill("word", "erase")
        assert "FAILED" not in tech.text()
        yield bench, tech


async def comes(bench: Bench, tech: Driver) -> None:
    bench.there = True
    await tech.come(lambda: knows(tech.app.engine), "what the stick tells")  # type: ignore[arg-type]


async def test_a_word_that_was_typed_before_the_stick_came_counts_no_more(tmp_path: Path) -> None:
    async with asked_for_the_word(tmp_path) as (bench, tech):
        await comes(bench, tech)
        await tech.see(MEANWHILE + "earlier erasure FAILED.")
        await tech.until(lambda: "The stick came later" not in tech.text(), "the look's end")
        await tech.press("enter")
        await tech.see("The word typed was not ERASE")
        assert not tech.app.state.confirmed
        await tech.press(*"erase", "enter")
        await tech.until(lambda: bool(tech.app.state.confirmed), "the confirmation")


async def test_enter_before_it_is_drawn_confirms_nothing(tmp_path: Path) -> None:
    async with asked_for_the_word(tmp_path) as (bench, tech):
        tech.app._stale = True  # the next picture is still to come
        await comes(bench, tech)
        await tech.tap("enter")
        await tech.come(lambda: MEANWHILE in tech.text(), "why not")
        await asyncio.sleep(0.2)
        assert not tech.app.state.confirmed
        assert tech.app.step == "confirm"


async def test_what_came_behind_the_help_is_told_after_it_and_not_at_the_next_visit(
    tmp_path: Path,
) -> None:
    async with asked_for_the_word(tmp_path) as (bench, tech):
        await tech.press("f1")
        await tech.until(lambda: len(tech.app.screen_stack) > 2, "the help")
        await comes(bench, tech)
        await tech.press("escape")
        await tech.see(MEANWHILE)
        await tech.press("escape")
        await tech.at("system")
        await tech.press("enter")
        await tech.see("type ERASE", "FAILED")
        assert "has changed" not in tech.text()


def of_another_pc() -> Kit:
    """The stick tells nothing of it."""
    pc = laptop(hdd("/dev/sda", "OTHERPC1"))
    uuid = "11111111-2222-3333-4444-555555555555"
    other = replace(pc.machine, uuid=uuid, serial="OTHER", board_serial="OTHERB")
    return Kit(replace(pc, machine=other))


async def test_nothing_begins_while_a_late_stick_is_read_and_all_goes_on_after_it(
    tmp_path: Path,
) -> None:
    bench = Bench(tmp_path, of_another_pc())
    whole_s = bench.kit.unattended.countdown_s
    async with station(bench.kit, (80, 25), bench.services, STANDS) as tech:
        await tech.countdown()
        await tech.see("ENTER STOPS IT")
        bench.goes_on.clear()
        bench.there = True
        await tech.until(lambda: bool(tech.app.status.passing), "the look")
        await tech.seconds_pass(2)
        await tech.see("The stick came later")
        await tech.seconds_pass(whole_s + 2)
        assert not tech.app.state.confirmed
        bench.goes_on.set()
        await tech.until(lambda: not tech.app.status.passing, "the look's end")
        await tech.seconds_pass(2)
        await tech.see("ENTER STOPS IT")
        assert "The stick came later" not in tech.text()
        await tech.seconds_pass(whole_s)
        await tech.until(lambda: bool(tech.app.state.confirmed), "the beginning")
