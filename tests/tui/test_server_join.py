"""Joining a server on the screen, over a server that a test moves."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual.widgets import Input

from reprise.adapters.demo.joining import PlayedJoining
from reprise.cli.sheets import SHEETS
from reprise.domain.station.enrolment import EXAMPLE
from reprise.errors import StorageError
from reprise.ports.sheets.joining import JoinedServer, ServerFound
from reprise.ports.sheets.network import ServerWay
from reprise.ports.sheets.station_tools import StationTools
from reprise.tui.app import StationApp
from reprise.tui.screens.network import NetworkScreen
from reprise.tui.screens.panel import Question
from reprise.tui.screens.server_join import ServerJoinForm
from station_kit.driver import SIZE_NAMES, SIZES, Driver, check_glyphs
from station_kit.machines import hdd, laptop
from station_kit.ports import Kit
from station_kit.shortcuts import in_this_process
from tui.network_kit import Network

LINK = f"https://reprise.example.org/enrol/{EXAMPLE}"


class Joining(PlayedJoining):
    def __init__(self, network: Network) -> None:
        super().__init__(network, pause_s=0.0)
        self.asked: list[tuple[str, str]] = []
        self.joined: list[str] = []
        self.held = threading.Event()
        self.held.set()
        self.trouble = ""
        self.another = False

    def look(self, address: str, code: str) -> ServerFound:
        self.asked.append((address, code))
        self.held.wait(60)
        found = super().look(address, code)
        return ServerFound(found.address, found.code, "Mairie", "k" * 43, "Banc 1", self.another)

    def join(self, found: ServerFound) -> JoinedServer:
        self.joined.append(found.address)
        if self.trouble:
            raise StorageError(self.trouble)
        return JoinedServer(found.address, found.organisation, found.name, "2027-12-31T00:00:00Z")


class NoServer(Network):
    def server(self) -> ServerWay:
        return ServerWay()


@asynccontextmanager
async def form(
    network: Network, size: tuple[int, int] = (80, 25)
) -> AsyncIterator[tuple[Driver, Joining]]:
    joining = Joining(network)
    tools = StationTools(network=lambda: network, joining=lambda: joining)
    engine = in_this_process(Kit(laptop(hdd())).services, poll_s=0.1)
    app = StationApp(engine, SHEETS, tools=tools)
    async with app.run_test(size=size) as pilot:
        tech = Driver(app, pilot)
        await tech.until(lambda: app.state.plan is not None, "a plan")
        await tech.press("f6")
        await tech.until(lambda: isinstance(app.screen, NetworkScreen), "the sheet")
        await tech.see("rejoindre un serveur")
        await tech.press("s")
        await tech.until(lambda: isinstance(app.screen, ServerJoinForm), "the form")
        try:
            yield tech, joining
        finally:
            joining.held.set()
            network.closed = True
            network.poked.set()


def at(tech: Driver) -> str:
    focused = tech.app.focused
    return focused.id or "" if isinstance(focused, Input) else ""


@pytest.mark.parametrize("size", SIZES, ids=SIZE_NAMES)
async def test_a_server_is_joined_once_a_person_says_yes(size: tuple[int, int]) -> None:
    async with form(Network(), size) as (tech, joining):
        await tech.until(lambda: at(tech) == "code", "the address is known")
        await tech.press(*EXAMPLE.lower(), "enter")
        await tech.until(lambda: isinstance(tech.app.screen, Question), "the question")
        await tech.see("Organisme : Mairie", "Station : Banc 1", "k" * 43)
        await tech.press("enter")  # held a little long: no
        await tech.until(lambda: isinstance(tech.app.screen, ServerJoinForm), "the form")
        assert joining.joined == []
        await tech.press("enter")
        await tech.until(lambda: isinstance(tech.app.screen, Question), "the question")
        await tech.press("o", "enter")
        await tech.see("C’est fait", "Jusqu’au 31 décembre 2027")
        check_glyphs(tech)
        await tech.press("enter")
        await tech.until(lambda: isinstance(tech.app.screen, NetworkScreen), "the sheet")
        assert joining.joined == ["https://reprise.example.org"]


async def test_a_scanned_link_is_enough_in_either_field() -> None:
    async with form(NoServer()) as (tech, joining):
        await tech.until(lambda: at(tech) == "address", "no address is known")
        await tech.press(*LINK, "enter")
        await tech.see("Le nom du serveur est inconnu")
        assert joining.asked == [(LINK, "")]
        await tech.press("down", *LINK, "enter")
        await tech.until(lambda: len(joining.asked) == 2, "asked again")
        assert joining.asked[1] == (LINK, LINK)


async def test_enter_without_a_code_leads_to_its_field() -> None:
    async with form(NoServer()) as (tech, joining):
        await tech.press(*"reprise", "enter")
        await tech.until(lambda: at(tech) == "code", "the code's field")
        await tech.press("up")
        await tech.until(lambda: at(tech) == "address", "the address's field")
        assert joining.asked == []


async def test_a_slow_server_is_waited_for_and_asked_once() -> None:
    async with form(Network()) as (tech, joining):
        joining.held.clear()
        await tech.press(*EXAMPLE, "enter")
        await tech.see("Question au serveur…")
        await tech.press("enter", "enter")
        joining.held.set()
        await tech.until(lambda: isinstance(tech.app.screen, Question), "the question")
        assert len(joining.asked) == 1


async def test_what_goes_wrong_is_told_in_the_language_in_force() -> None:
    async with form(Network()) as (tech, joining):
        await tech.press(*"bcdf", "enter")
        await tech.see("Ce n’est pas un code")
        await tech.press("f2")
        await tech.see("This is no code", "Ask the server")
        await tech.press("ctrl+u", *EXAMPLE, "enter")
        joining.another, joining.trouble = True, "the stick is full."
        await tech.until(lambda: isinstance(tech.app.screen, Question), "the question")
        await tech.press("y", "enter")
        await tech.see("the stick is full.")
        await tech.press("enter")  # once more, by a person
        await tech.see("Careful: this address had another key")
        await tech.press("escape")
        await tech.until(lambda: isinstance(tech.app.screen, ServerJoinForm), "the form")
        assert joining.joined == ["https://reprise.example.org"]
        check_glyphs(tech)
