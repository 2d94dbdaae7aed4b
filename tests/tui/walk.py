"""One walk through the screens of a demonstration: how it goes, and what a stop is."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from math import inf
from pathlib import Path
from threading import Event as Flag

import pytest
from textual.widgets import Input

from reprise.bootstrap.demo import Demonstration
from reprise.cli.sheets import SHEETS
from reprise.domain.erasure.lifecycle import FINAL, DriveState
from reprise.i18n import _
from reprise.sentences.confirm import word
from reprise.sentences.nothing_attached import word as nothing
from reprise.tui.base import Framed
from reprise.tui.demo import DemoApp
from reprise.tui.drawing.qr import qr_rows
from reprise.tui.drawing.sparkline import Rates
from reprise.tui.screens import done as done_screen
from reprise.tui.screens.big import BigScreen
from reprise.tui.screens.panel import Panel
from reprise.tui.screens.working import WorkingScreen
from reprise.workflow.engine.engine import Engine
from reprise.workflow.session.drive_view import DriveView
from reprise.workflow.session.services import StationServices
from station_kit.driver import Driver
from station_kit.held_clock import HeldClock
from station_kit.shortcuts import in_this_process


class Walker:
    """One demonstration under way."""

    def __init__(self, tech: Driver, clock: HeldClock, gate: Flag) -> None:
        self.tech, self.clock, self.gate = tech, clock, gate

    @property
    def app(self) -> DemoApp:
        assert isinstance(self.tech.app, DemoApp)
        return self.tech.app

    def held(self) -> bool:
        """Every drive that still works stands where the clock holds it."""
        working = self.app.state.working
        ended = sum(_ended(view) for view in working)
        return bool(working) and self.clock.held + ended == len(working)

    async def write_again(self) -> None:
        """What a screen would show at its next tick."""
        if isinstance(self.app.engine, Engine) and self.app.state.started is not None:
            if self.app.engine._session is not None:
                self.app.engine._session._inside._round.join()
            self.app.engine._poll()
            self.app.engine._pace()
        if isinstance(self.app.screen, WorkingScreen):
            ticks = self.app.engine.progress.values() if self.app.engine else ()
            self.app.screen._rates = {(t.drive, t.phase): Kept(t.rate_bytes_s) for t in ticks}
        if isinstance(self.app.screen, Framed):
            self.app.screen.refresh_all()
        if isinstance(self.app.screen, BigScreen):
            self.app.screen.show()
        for typed in self.app.screen.query(Input):
            typed.cursor_blink = False  # a look must not depend on when it was taken
        await self.tech.settle()


class Kept(Rates):
    """How the rate went must not depend on when it was looked at: from the rim to the hub."""

    def __init__(self, now: float) -> None:
        super().__init__()
        for at in range(60):
            super().add(now * (1 + (60 - at) / 60))

    def add(self, rate: float) -> None:
        """It stays."""


def _ended(view: DriveView) -> bool:
    """For good: after an attempt that failed, another one may follow."""
    more = view.plan is not None and view.attempt != view.plan.attempts[-1]
    retried = more and view.state in (DriveState.FAILED, DriveState.UNVERIFIED)
    return view.state in FINAL and not retried


Ready = Callable[[Walker], bool]


def panel(walker: Walker) -> bool:
    return isinstance(walker.app.screen, Panel)


@dataclass(frozen=True)
class Stop:
    """`keys` are pressed first ("{word}": the confirmation's; "{nothing}": what states that nothing
    is attached); the played drives work until `until_s`, the installation until `install_s`.
    `back`: pressed after the look. `help`: look at this screen's help as well."""

    name: str
    keys: Sequence[str] = ()
    ready: Ready = lambda _walker: True
    until_s: float | None = None
    install_s: float = inf
    back: Sequence[str] = ()
    help: bool = False
    before: Callable[[Walker], None] = lambda _walker: None


@dataclass(frozen=True)
class Walk:
    machine: str
    stops: Sequence[Stop]
    faults: Sequence[str] = ()
    waits: bool = field(default=False)  # for its gate, before anything is read


@contextmanager
def one_code() -> Iterator[None]:
    """The same QR code in every run: report numbers are drawn by lot."""
    link = "https://reprise.example.org/reports/00000000-0000-4000-8000-000000000000"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(done_screen, "qr_rows", lambda _text, *room: qr_rows(link, *room))
        yield


@asynccontextmanager
async def walking(walk: Walk, folder: Path, size: tuple[int, int]) -> AsyncIterator[Walker]:
    clock, gate = HeldClock(), Flag()
    demo = Demonstration(walk.machine, folder, clock, walk.faults)

    def services() -> StationServices:
        gate.wait(60 if walk.waits else 0)
        return demo.services(lambda: None)

    with demo.sending(), clock.let_go_at_the_end(), one_code():
        app = DemoApp(in_this_process(services, poll_s=0.5), SHEETS, tools=demo.tools())
        async with app.run_test(size=size) as pilot:
            yield Walker(Driver(app, pilot), clock, gate)


async def go(walk: Walk, walker: Walker, look: Callable[[str], Awaitable[None]]) -> None:
    """Stop everywhere and call `look` with the scene's name."""
    for stop in walk.stops:
        await _arrive(stop, walker)
        await look(stop.name)
        if stop.help:
            await walker.tech.tap("f1")
            await walker.tech.come(lambda: panel(walker), "help")
            await look(f"{stop.name}-help")
            await walker.tech.tap("escape")
        await walker.tech.tap(*stop.back)


async def _arrive(stop: Stop, walker: Walker) -> None:
    stop.before(walker)
    if stop.until_s is not None:
        walker.clock.hold(stop.until_s, stop.install_s)
    for key in stop.keys:
        if key == "{word}":
            walker.clock.begin_together(len(walker.app.state.erasable))
            await walker.tech.read_on()
            await walker.tech.fill("word", word().lower() + walker.tech.tail())
            await walker.tech.tap("enter")
        elif key == "{yes}":
            await walker.tech.tap(_("Y").lower())
        elif key == "{nothing}":
            await walker.tech.fill("word", f"1 {nothing().lower()}")
            await walker.tech.tap("enter")
        else:
            await walker.tech.tap(key)
    await walker.tech.come(lambda: stop.ready(walker), stop.name)
    await walker.write_again()
