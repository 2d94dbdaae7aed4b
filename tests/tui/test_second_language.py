"""F2 after something happened: what was said before is said again, in the other language."""

from __future__ import annotations

import copy
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from reprise import codec, i18n
from reprise.domain.station.delivery import SendRound
from reprise.errors import InputError, StorageError, ToolError
from reprise.i18n import _
from reprise.ports.sheets.station_tools import StationTools
from reprise.tui import messages
from station_kit.driver import Driver, station
from station_kit.machines import hdd, laptop
from station_kit.ports import Kit
from tui.catalogue import foreign_words
from tui.checks_kit import checking_kit, to_checks
from tui.network_kit import Network, sheet
from tui.test_logs import FakeLogs, FakeShell
from tui.test_reports import WAITING, Sender, kit_with


def advice() -> str:
    return _("Type its name and its port, as in proxy.example.org:3128.")


async def said_again(tech: Driver) -> str:
    """The screen after F2, which must have no French word left."""
    await tech.press("f2")
    await tech.see("Français")
    assert i18n.language() == "en"
    text = tech.text()
    assert not foreign_words("en", text), text
    return " ".join(text.split())


class Failing(Network):
    """Whose service fails in words of the language in force."""

    def links(self, points: object) -> object:  # type: ignore[override]
        raise ToolError(_("the program “{tool}” is missing.").format(tool="nmcli"), advice())


@pytest.mark.parametrize(
    ("keys", "before", "after"),
    [
        (("enter", *"azertyui", "enter"), "refusé", "The password was refused"),
        (("enter", *"court", "enter"), "8 à 63", "has 8 to 63 characters"),
        (("p", *"proxy", "enter"), "n'est pas l'adresse", "is not the address of a proxy"),
        (("t",), "Le serveur a", "The server"),
    ],
)
async def test_answers_of_the_network(keys: tuple[str, ...], before: str, after: str) -> None:
    async with sheet(Network()) as tech:
        await tech.see("Alpha")
        await tech.press(*keys)
        if keys[0] != "t":
            await tech.see(before)
        assert after in await said_again(tech)


async def test_a_network_service_that_fails() -> None:
    async with sheet(Failing()) as tech:
        await tech.see("nmcli")
        assert "the program “nmcli” is missing. Type its name" in await said_again(tech)


class Refusing(Sender):
    def send_now(self) -> SendRound:
        raise InputError(_("The log cannot be read: {reason}").format(reason="EIO"))


@asynccontextmanager
async def reports(sender: Callable[[Kit], Sender]) -> AsyncIterator[Driver]:
    kit = kit_with(WAITING)
    made = sender(kit)
    made.go.set()
    async with station(kit, (80, 25), tools=StationTools(reports=lambda: made)) as tech:
        await tech.until(lambda: bool(tech.app.status.outbox), "the outbox")
        await tech.press("f7", "f5")
        yield tech


async def test_what_came_of_sending() -> None:
    async with reports(Sender) as tech:
        await tech.see("Envoyés : 1")
        assert "Sent: 1" in await said_again(tech)
    i18n.set_language("fr")
    async with reports(Refusing) as tech:
        await tech.see("EIO")
        await said_again(tech)


class Full(FakeLogs):
    def copy(self) -> str:
        raise StorageError(_("The log cannot be read: {reason}").format(reason="EIO"), advice())


@pytest.mark.parametrize("logs", [FakeLogs, Full])
async def test_what_came_of_copying_the_logs(logs: type[FakeLogs]) -> None:
    made = logs()
    made.go.set()
    tools = StationTools(logs=lambda: made, shell=FakeShell())
    async with station(Kit(laptop(hdd())), (80, 25), tools=tools) as tech:
        await tech.press("f9", "enter")
        await tech.see("clé, dossier" if logs is FakeLogs else "EIO")
        await said_again(tech)
        await tech.press("f2", "f9")
        await tech.fill("phrase", "non")
        await tech.press("enter")
        await tech.see("pas la phrase")
        assert "This is not the phrase" in await said_again(tech)


async def test_what_is_known_of_checks() -> None:
    kit = checking_kit()
    async with station(kit, (80, 25)) as tech:
        await to_checks(tech)
        await tech.press("a")
        await tech.see("réussi")
        await said_again(tech)


async def test_what_the_engine_refused() -> None:
    async with station(Kit(laptop(hdd())), (80, 25)) as tech:
        await tech.until(lambda: tech.app.state.plan is not None, "a plan")
        await tech.press("enter")  # the first screen has a French name in a field
        error = InputError(_("The log cannot be read: {reason}").format(reason="EIO"), advice())
        tech.app.post_message(messages.Trouble(str(error)))
        await tech.see("EIO")
        assert "cannot be read: EIO Type its name" in await said_again(tech)


async def test_the_end() -> None:
    kit = Kit(laptop(hdd()))
    kit.installer.fails = "digest-mismatch"
    async with station(kit, (80, 25)) as tech:
        await tech.to_done()
        await tech.press("enter")
        await said_again(tech)


def test_an_error_is_said_in_the_language_in_force() -> None:
    i18n.remember_texts()
    error = InputError(_("“{text}” is not the address of a proxy.").format(text="x"), advice())
    french = str(error)
    i18n.set_language("en")
    assert str(error) == "“x” is not the address of a proxy. " + advice()
    assert french != str(error)
    assert i18n.again(french) == str(error), "its words, too"
    i18n.set_language("fr")
    assert i18n.again(i18n.again(i18n.again(str(error)))) == french
    assert str(InputError("x")) == "x"


def test_a_text_that_is_remembered_goes_over_the_wire_as_any_other() -> None:
    i18n.remember_texts()
    made = {"what": [advice()]}
    assert codec.from_json(codec.to_json(made), dict) == made
    assert type(codec.to_builtins(made)["what"][0]) is str
    assert type(copy.deepcopy(advice())) is i18n.Text
