"""Presses keys and reads the screen of the real application on fake ports."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

from textual import events
from textual.pilot import Pilot
from textual.widgets import Input

from reprise import i18n
from reprise.cli.sheets import SHEETS
from reprise.domain.planning.unusual import serial_tail
from reprise.ports.sheets.mouse import Mouse
from reprise.ports.sheets.station_tools import NO_TOOLS, StationTools
from reprise.sentences.sheets import Sheet
from reprise.tui.app import StationApp
from reprise.tui.drawing.glyphs import ALLOWED
from reprise.tui.steps import STEPS
from reprise.workflow.session.services import StationServices
from station_kit.ports import Kit
from station_kit.processes import PATIENCE_S
from station_kit.shortcuts import in_this_process
from station_kit.typed import typed

STANDS = 3600.0  # a second of a countdown that only goes on when the test says so
WORDS = {"fr": "effacer", "en": "erase"}
# Cells of the console: at 1280x800 and 1920x1080 as the stick starts, then in small type.
SIZES = [(80, 25), (120, 33), (160, 50)]
SIZE_NAMES = [f"{width}x{height}" for width, height in SIZES]


class Driver:
    """Presses keys and reads the screen."""

    def __init__(self, app: StationApp, pilot: Pilot[None]) -> None:
        self.app, self.pilot = app, pilot
        self.seen: list[str] = []

    def text(self) -> str:
        return typed(self.drawn())

    def drawn(self) -> str:
        rows = self.app.screen._compositor.render_strips()
        return "\n".join("".join(s.text for s in row).rstrip() for row in rows)

    async def until(self, ready: Callable[[], bool], what: str) -> None:
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            await self.pilot.pause(0.01)
            if ready():
                await self.pilot.pause()
                self.seen.append(self.drawn())
                return
        raise AssertionError(f"never came: {what}\n{self.text()}")

    async def see(self, *words: str) -> str:
        await self.until(lambda: all(typed(w) in self.text() for w in words), ", ".join(words))
        return self.text()

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)

    async def to_plan(self) -> None:
        await self.until(lambda: self.app.state.plan is not None, "a plan")
        for step in ("machine", "drives", "system", "confirm"):
            await self.press("enter")
            await self.at(step)

    async def at(self, step: str) -> None:
        await self.until(lambda: self.app.step == step, step)

    async def read_on(self) -> None:
        """To the end of what is on the screen."""
        body = self.app.screen.query_one("#body")
        while body.scroll_y < body.max_scroll_y:
            await self.press("pagedown")
            await self.pilot.pause()

    async def confirm(self) -> None:
        await self.read_on()
        text = f"{WORDS[i18n.language()]}{self.tail()}"
        await self.press(*("space" if char == " " else char for char in text), "enter")

    def tail(self) -> str:
        """What is asked for besides the word where something is unusual."""
        state = self.app.state
        unusual = [
            view for reason in state.unusual for view in state.drives if view.key == reason.drive
        ]
        asked = [serial_tail(view.drive) for view in (*unusual, *state.erasable)]
        return f" {asked[0].lower()}" if state.unusual else ""

    async def fill(self, field: str, text: str) -> None:
        """As if typed there; quicker, where the keys are not what is tested."""
        self.app.screen.query_one(f"#{field}", Input).value = text
        await self.settle()

    async def tap(self, *keys: str) -> None:
        """`press` without waiting until the processor has nothing to do."""
        for key in keys:
            self.app.post_message(events.Key(key, key if len(key) == 1 else None))
            await self.settle()

    async def settle(self) -> None:
        """Until every widget has handled what it was sent, and the screen shows it."""
        for _round in range(2):
            await asyncio.sleep(0.005)
            await self.pilot._wait_for_screen()
        self.app.screen._on_timer_update()

    async def come(self, ready: Callable[[], bool], what: str) -> None:
        """`until` without waiting until the processor has nothing to do."""
        end = time.monotonic() + PATIENCE_S
        while not ready():
            assert time.monotonic() < end, f"never came: {what}\n{self.text()}"
            await asyncio.sleep(0.01)
        await self.settle()

    async def seconds_pass(self, count: int) -> None:
        """For the countdown of an app whose `second_s` is STANDS."""
        for _second in range(count):
            self.app.call_later(self.app.idle.tick)
            await self.settle()

    async def countdown(self) -> None:
        """It has begun, where nothing is in its way."""
        await self.until(
            lambda: bool(self.app.state.digest) and self.app.status.stick is not None,
            "all it waits for",
        )
        await self.seconds_pass(2)

    async def to_done(self) -> str:
        await self.to_plan()
        await self.confirm()
        await self.until(lambda: self.app.step == "done", "the end")
        return self.text()


@asynccontextmanager
async def station(
    kit: Kit,
    size: tuple[int, int] = (160, 50),
    services: Callable[[], StationServices] | None = None,
    second_s: float = 1.0,
    mouse: Mouse | None = None,
    tools: StationTools = NO_TOOLS,
    sheets: Sequence[Sheet] = SHEETS,
) -> AsyncIterator[Driver]:
    engine = in_this_process(services or kit.services, poll_s=0.1)
    tools = replace(
        tools,
        local_time=lambda _zone: kit.local_time,
        mouse=lambda: mouse,
        checks=lambda: kit.checks,
    )
    app = StationApp(engine, sheets, tools=tools, second_s=second_s)
    async with app.run_test(size=size) as pilot:
        yield Driver(app, pilot)


def check_glyphs(driver: Driver) -> None:
    for screen in driver.seen:
        wrong = {c for c in screen if c not in ALLOWED and c != "\n"}
        assert not wrong, (wrong, screen)


def check_not_clipped(driver: Driver) -> None:
    """The head and the key line stand whole on their one row."""
    for screen in driver.seen:
        rows = [row for row in screen.split("\n") if row]
        if "REPRISE" in rows[0]:
            assert rows[0].rstrip().endswith(f" {len(STEPS)}"), rows[0]
            assert rows[-1].rstrip().endswith(("English", "Français")), rows[-1]
