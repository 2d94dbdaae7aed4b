"""Fake ports of the side. Each does on request what a real one does when the world is unkind."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from queue import Empty, Queue
from threading import Event as Flag

from reprise.domain.changes import Changes
from reprise.domain.delivery import Holdings, KnownReport
from reprise.domain.layouts import Layout
from reprise.domain.network import (
    Finding,
    Joined,
    Link,
    LinkKind,
    LinkState,
    NetworkState,
    Security,
    SendFault,
    SendStep,
    ServerTest,
    WifiNetwork,
    WifiWish,
)
from reprise.errors import InputError, StorageError, ToolError
from reprise.ports import StopFlag
from reprise.settings import check_proxy
from reprise.workflow.deliver import Summary
from reprise.workflow.side import Side

URL = "https://reprise.example.org"
CABLE = Link("enp0s31f6", LinkKind.ETHERNET, LinkState.NO_CABLE)
WIFI = Link("wlp2s0", LinkKind.WIFI, LinkState.IDLE)
AIR = (
    WifiNetwork("Agglo: bureaux", 72, Security.WPA),
    WifiNetwork("Médiathèque – accueil", 55, Security.OPEN),
    WifiNetwork("eduroam", 40, Security.ENTERPRISE),
    WifiNetwork("[red]Voisin", 12, Security.WPA3),
)
GOOD = tuple(Finding(step) for step in SendStep if step is not SendStep.SETTINGS)


def broken(step: SendStep, fault: SendFault, detail: str = "") -> tuple[Finding, ...]:
    """The findings of a test that ends at `step`."""
    steps = [one for one in SendStep if one is not SendStep.SETTINGS]
    before = steps[: steps.index(step)] if step in steps else []
    return (*(Finding(one) for one in before), Finding(step, fault, detail))


@dataclass
class FakeNetwork:
    links: tuple[Link, ...] = (CABLE, WIFI)
    air: tuple[WifiNetwork, ...] = AIR
    ends: Joined = field(default_factory=Joined)
    wishes: list[WifiWish] = field(default_factory=list)

    def state(self) -> NetworkState:
        return NetworkState(self.links)

    def scan(self) -> tuple[WifiNetwork, ...]:
        return self.air

    def join(self, wish: WifiWish) -> Joined:
        self.wishes.append(wish)
        return self.ends


@dataclass
class FakeTester:
    findings: tuple[Finding, ...] = GOOD
    proxy: str = ""

    def run(self) -> ServerTest:
        return ServerTest(URL, self.proxy, self.findings)


@dataclass
class FakeConsole:
    known: tuple[Layout, ...] = tuple(Layout)
    used: list[Layout] = field(default_factory=list)
    fails: str = ""
    set: Layout | None = None  # by the settings

    def layouts(self) -> tuple[Layout, ...]:
        return self.known

    def current(self) -> Layout:
        return self.used[-1] if self.used else Layout.FR

    def use_set(self) -> None:
        if self.set is not None:
            self.use(self.set)

    def use(self, layout: Layout) -> None:
        if self.fails:
            raise ToolError(self.fails)
        self.used.append(layout)


@dataclass
class FakeChoices:
    url: str = ""
    layout: Layout | None = None

    def proxy(self) -> str:
        return self.url

    def use_proxy(self, url: str) -> None:
        if url:
            try:
                check_proxy(url)
            except ValueError as error:
                raise InputError(str(error)) from error
        self.url = url

    def use_keyboard(self, layout: Layout) -> None:
        self.layout = layout


REPORTS = (
    KnownReport(
        "0b7c9f3e-6a54-4c58-9a57-2f1d6a1b8e01",
        "refused",
        "403: This station is not enrolled here – Enrol it",
        "2026-11-24T16:05:00+00:00",
        "INV-42 Dell Inc. Latitude E5440 4XJ9T12",
    ),
    KnownReport("0b7c9f3e-6a54-4c58-9a57-2f1d6a1b8e02", "waiting", "timeout"),
    KnownReport(
        "0b7c9f3e-6a54-4c58-9a57-2f1d6a1b8e03", "sent", "", "2026-11-23T09:00:00Z", "LENOVO 20AN"
    ),
)


HELD = Holdings(REPORTS, URL, "stick", "", 3_200_000_000)


@dataclass
class FakeOutgoing:
    held: Holdings = HELD
    rounds: int = 0
    fails: str = ""

    def look(self) -> Holdings:
        return self.held

    def send_now(self) -> Summary:
        if self.fails:
            raise InputError(self.fails)
        self.rounds += 1
        return Summary(sent=("a",), waiting=("b", "c"))


@dataclass
class FakeWatch:
    """Tells what a test puts into `seen`."""

    seen: Queue[Changes] = field(default_factory=Queue)

    def changes(self, stop: StopFlag) -> Iterator[Changes]:
        while not stop.is_set():
            with contextlib.suppress(Empty):
                yield self.seen.get(timeout=0.02)


@dataclass
class FakeShell:
    opened: int = 0
    fails: str = ""
    held: Flag = field(default_factory=Flag)  # it is left once this is set

    def open(self) -> None:
        if self.fails:
            raise ToolError(self.fails)
        self.opened += 1
        self.held.wait(10)


@dataclass
class FakeLogs:
    lines: tuple[str, ...] = tuple(f"Nov 24 16:05:{n:02d} kernel: line {n}" for n in range(60))
    copies: list[str] = field(default_factory=list)
    fails: str = ""

    def tail(self) -> tuple[str, ...]:
        return self.lines

    def copy(self, name: str) -> str:
        if self.fails:
            raise StorageError(self.fails)
        self.copies.append(name)
        return f"logs/{name}.log"


class SideKit:
    """All fakes of the side, and the side made of them."""

    def __init__(self) -> None:
        self.network = FakeNetwork()
        self.tester = FakeTester()
        self.choices = FakeChoices()
        self.console = FakeConsole()
        self.outgoing = FakeOutgoing()
        self.watch = FakeWatch()
        self.shell = FakeShell()
        self.logs = FakeLogs()

    def side(self) -> Side:
        return Side(
            network=self.network,
            tester=self.tester,
            choices=self.choices,
            console=self.console,
            outgoing=self.outgoing,
            send_now=self.outgoing.send_now,
            use_set_keyboard=self.console.use_set,
            watch=self.watch,
            shell=self.shell,
            logs=self.logs,
        )
