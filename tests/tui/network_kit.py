"""The network sheet over a network that a test moves."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

from reprise.adapters.demo.network import PlayedNetwork
from reprise.cli.sheets import SHEETS
from reprise.errors import ToolError
from reprise.ports.sheets.network import JoinResult
from reprise.ports.sheets.station_tools import StationTools
from reprise.tui.app import StationApp
from reprise.tui.screens.network import NetworkScreen
from reprise_common.network import AccessPoint, JoinRequest, Link, LinkKind, LinkState, Security
from station_kit.driver import Driver
from station_kit.machines import hdd, laptop
from station_kit.ports import Kit
from station_kit.shortcuts import in_this_process

CABLE = Link(name="enp3s0", kind=LinkKind.ETHERNET, state=LinkState.UNPLUGGED)
CARD = Link(name="wlp2s0", kind=LinkKind.WIFI, state=LinkState.IDLE)


def point(ssid: str, signal: int = 50) -> AccessPoint:
    return AccessPoint(ssid=ssid, signal=signal, security=Security.WPA2)


class Network(PlayedNetwork):
    """A played one whose cable and access points a test moves."""

    def __init__(self, *, down: bool = False) -> None:
        super().__init__((), down=down, pause_s=0.0)
        self.now: tuple[Link, ...] = (CABLE, CARD)
        self.near: tuple[AccessPoint, ...] = (point("Alpha", 80), point("Beta", 60))
        self.asked = list[JoinRequest]()
        self.poked, self.closed = threading.Event(), False
        self.trouble = ""
        self.held: threading.Event | None = None  # a join, a step of the test wait for it
        self.default: JoinRequest | None = None

    def links(self, points: Sequence[AccessPoint]) -> tuple[Link, ...]:
        if self.trouble:
            raise ToolError(self.trouble)
        return self.now

    def access_points(self, *, rescan: bool) -> tuple[AccessPoint, ...]:
        return self.near

    def join(self, request: JoinRequest) -> JoinResult:
        self.asked.append(request)
        if self.held is not None:
            self.held.wait(60)
        return super().join(replace(request, ssid="Cyber-base"))

    def wifi_default(self) -> JoinRequest | None:
        return self.default

    def wait(self, timeout_s: float) -> None:
        if not self.closed:
            self.poked.wait(timeout_s)
            self.poked.clear()

    def change(self, *links: Link, near: tuple[AccessPoint, ...] | None = None) -> None:
        """What the kernel tells at once."""
        self.now = links
        self.near = self.near if near is None else near
        self.poked.set()


@asynccontextmanager
async def sheet(network: Network, size: tuple[int, int] = (80, 25)) -> AsyncIterator[Driver]:
    """The station with the sheet open over its first step."""
    tools = StationTools(network=lambda: network)
    engine = in_this_process(Kit(laptop(hdd())).services, poll_s=0.1)
    app = StationApp(engine, SHEETS, tools=tools)
    async with app.run_test(size=size) as pilot:
        tech = Driver(app, pilot)
        await tech.until(lambda: app.state.plan is not None, "a plan")
        await tech.press("f6")
        await tech.until(lambda: isinstance(app.screen, NetworkScreen), "the sheet")
        yield tech
        if network.held is not None:
            network.held.set()
        network.closed = True
        network.poked.set()
