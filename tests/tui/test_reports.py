"""F7: every report, what became of it, and what to do."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from reprise.adapters.pc.clock import SystemClock, in_zone
from reprise.domain.station.delivery import SendRound
from reprise.errors import InputError
from reprise.ports import OutboxItem
from reprise.ports.sheets.station_tools import StationTools
from reprise.tui.screens.reports import ReportsScreen
from station_kit.driver import Driver, check_glyphs, station
from station_kit.keeping import FakeOutbox
from station_kit.machines import hdd, laptop
from station_kit.ports import Kit


def item(number: int, state: str, detail: str = "") -> OutboxItem:
    report_id = f"{number:08d}-6a54-4c58-9a57-2f1d6a1b8e11"
    return OutboxItem(
        report_id,
        f"/run/reprise/stick/outbox/{report_id}.jws",
        9000,
        state,
        detail,
        f"INV-{number}  Dell Latitude E5440  4XJ9T{number}",
        f"2026-11-{number:02d}T16:05:00Z",
    )


REFUSED = item(3, "refused", "403: Unknown station – Enrol it.")
WAITING = item(2, "waiting", "unreachable: No route to host")
SENT = item(1, "sent", "2026-11-01T17:00:00Z")


@dataclass
class Shelf(FakeOutbox):
    """Each report in a state of its own."""

    def items(self) -> Sequence[OutboxItem]:
        return tuple(self.kept)


def kit_with(*items: OutboxItem, server: str = "https://reprise.example.org") -> Kit:
    kit = Kit(laptop(hdd()))
    kit.outbox = Shelf(kit.store, kept=list(items))
    kit.server_url = server
    return kit


@dataclass
class Sender:
    """ports.sheets.reports.ReportSender."""

    kit: Kit
    go: threading.Event = field(default_factory=threading.Event)
    fails: str = ""

    def send_now(self) -> SendRound:
        self.go.wait(60)
        if self.fails:
            raise InputError(self.fails)
        self.kit.outbox.kept = [replace(WAITING, state="sent", detail="2026-11-25T08:00:00Z"), SENT]
        return SendRound(sent=1)


async def opened(tech: Driver) -> None:
    await tech.until(lambda: bool(tech.app.status.outbox), "the outbox")
    await tech.press("f7")
    await tech.until(lambda: isinstance(tech.app.screen, ReportsScreen), "the sheet")


async def test_each_report_says_what_became_of_it_and_what_to_do() -> None:
    async with station(kit_with(REFUSED, WAITING, SENT), (80, 25)) as tech:
        await opened(tech)
        await tech.see("REFUSÉ", "INV-3", "En attente : 1, refusés : 1, envoyés : 1")
        await tech.see("le serveur a répondu", "Unknown station", "n'y est pas inscrite")
        await tech.press("down")
        await tech.see("le serveur est injoignable", "étape par étape")
        await tech.press("down")
        await tech.see("le serveur l'a reçu (1er", "Rien : il est en lieu sûr")
        check_glyphs(tech)


@pytest.mark.parametrize(
    "strange",
    [
        replace(SENT, detail="9999-12-31T23:59:59Z"),
        replace(WAITING, sealed_at="0001-01-01T00:00:00+14:00"),
    ],
)
async def test_a_date_at_the_calendars_edge_ends_no_sheet(strange: OutboxItem) -> None:
    """Both are a stranger's word: the receipt is the server's."""
    tools = StationTools(in_zone=lambda at, zone: in_zone(SystemClock(), at, zone))
    async with station(kit_with(strange), (80, 25), tools=tools) as tech:
        await opened(tech)
        await tech.see(
            strange.pc.split()[0], "9999-12-31" if strange.state == "sent" else "0001-01"
        )


async def test_times_are_those_of_the_stations_own_clock() -> None:
    """Without their date where it is today's."""
    paris = ZoneInfo("Europe/Paris")
    now = datetime(2026, 11, 3, 21, 0, tzinfo=UTC)
    tools = StationTools(in_zone=lambda when, _zone: (when or now).astimezone(paris))
    async with station(kit_with(REFUSED, WAITING), (80, 25), tools=tools) as tech:
        await opened(tech)
        text = (await tech.see("INV-3")).replace("\u00a0", " ")
        assert "aujourd'hui à 17:05" in text
        (row,) = [row for row in text.split("\n") if "→" in row]
        assert " 17:05 " in row and "2026" not in row
        assert "02/11/2026 17:05" in text
        assert "UTC" not in text and "16:05" not in text
        await tech.press("down")
        assert "2 novembre 2026 à 17:05" in (await tech.see("INV-2")).replace("\u00a0", " ")


async def test_among_hundreds_all_that_is_said_of_one_is_in_sight() -> None:
    """However long the server's answer is: the list gives way."""
    answer = "403: Unknown station – " + "Enrol it, and tell its administrator. " * 4
    many = [
        replace(REFUSED, report_id=f"{n:08d}-6a54-4c58-9a57-2f1d6a1b8e11", detail=answer)
        for n in range(300)
    ]
    async with station(kit_with(*many), (80, 25)) as tech:
        await opened(tech)
        await tech.see("→ REFUSÉ", "00000000-6a54", "sur F5", "Fichier")
        await tech.press("end")
        await tech.see("→ REFUSÉ", "00000299-6a54", "sur F5", "Fichier")


async def test_without_a_server_it_says_where_to_write_its_address() -> None:
    async with station(kit_with(replace(WAITING, detail=""), server="")) as tech:
        await opened(tech)
        await tech.see("Aucun serveur n'est réglé", "pas encore tenté", "reprise.toml")


async def test_there_is_nothing_to_choose_before_the_first_report() -> None:
    async with station(Kit(laptop(hdd())), (80, 25)) as tech:
        await tech.press("f7", "down", "f5")
        await tech.see("Aucun rapport pour l'instant")
        assert "refusés" not in tech.text()  # three noughts say nothing more


def row_of(tech: Driver, words: str) -> int:
    rows = tech.text().split("\n")
    return next(at for at, row in enumerate(rows) if words in row)


async def test_what_changes_below_never_moves_the_row_under_the_cursor() -> None:
    kit = kit_with(REFUSED, WAITING, SENT)
    async with station(kit, (80, 25)) as tech:
        await opened(tech)
        await tech.press("down")
        await tech.see("→ en attente")
        at = row_of(tech, "→ en attente")
        # the first one goes through, the chosen one too, and a new one comes
        new = item(25, "waiting")
        kit.outbox.kept = [new, *(replace(one, state="sent") for one in (WAITING, REFUSED, SENT))]
        await tech.see("INV-25", "→ envoyé")
        assert row_of(tech, "→ envoyé") == at
        assert "INV-2 " in tech.text().split("\n")[at]
        kit.outbox.kept = [new]  # a stick was pulled
        await tech.see("→ ailleurs", "une clé qui a été retirée")
        assert row_of(tech, "→ ailleurs") == at


async def test_a_long_list_keeps_the_chosen_one_in_sight() -> None:
    many = [item(number, "waiting") for number in range(1, 31)]
    async with station(kit_with(*many), (80, 25)) as tech:
        await opened(tech)
        await tech.press("end")
        await tech.see("→ en attente", "INV-1 ")
        await tech.press("pageup")
        await tech.see("INV-11 ", "00000011-6a54")
        await tech.press("home")
        await tech.see("00000030-6a54")


async def test_sending_now_says_what_came_of_it_and_blocks_nothing() -> None:
    kit = kit_with(WAITING, SENT)
    sender = Sender(kit)
    async with station(kit, (80, 25), tools=StationTools(reports=lambda: sender)) as tech:
        await opened(tech)
        await tech.press("f5", "f5")
        await tech.see("Envoi en cours")
        await tech.press("down")
        await tech.see("→ envoyé", "Envoi en cours")
        sender.go.set()
        await tech.see("Envoyés : 1", "En attente : 0")


@pytest.mark.parametrize("closed", [False, True])
async def test_a_sending_that_fails_is_told(closed: bool) -> None:
    kit = kit_with(WAITING)
    sender = Sender(kit, fails="no server is set.")
    async with station(kit, (80, 25), tools=StationTools(reports=lambda: sender)) as tech:
        await opened(tech)
        await tech.press("f5")
        await tech.see("Envoi en cours")
        if closed:
            await tech.press("escape")
        sender.go.set()
        await tech.see("étape 1" if closed else "no server is set.")


class Broken:
    def send_now(self) -> SendRound:
        raise UnicodeEncodeError("latin-1", "€", 0, 1, "ordinal not in range(256)")


async def test_what_nobody_foresaw_is_told_and_the_sheet_goes_on() -> None:
    async with station(kit_with(WAITING), (80, 25), tools=StationTools(reports=Broken)) as tech:
        await opened(tech)
        for _ in range(2):
            await tech.press("f5")
            await tech.see("Erreur du programme", "UnicodeEncodeError")
        assert "Envoi" not in tech.text()
