"""Joining a server in plain lines: address, code, whose it is, and a question."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from reprise.adapters.demo.joining import PlayedJoining
from reprise.adapters.demo.network import PlayedNetwork
from reprise.domain.station.enrolment import EXAMPLE
from reprise.ports.sheets.joining import JoinedServer, ServerFound
from station_kit.listener import Listener, station_by_ear
from station_kit.machines import hdd, laptop
from station_kit.ports import Kit
from station_kit.processes import until
from workflow.test_linear_sheets import CARDS, TOOLS

MENU = "S : rejoindre un serveur"


class Heard(PlayedJoining):
    """Remembers what it joined."""

    def __init__(self) -> None:
        super().__init__(PlayedNetwork(CARDS, down=False, pause_s=0.0), pause_s=0.0)
        self.asked: list[tuple[str, str]] = []
        self.joined: list[ServerFound] = []

    def look(self, address: str, code: str) -> ServerFound:
        self.asked.append((address, code))
        return replace(super().look(address, code), another=True)

    def join(self, found: ServerFound) -> JoinedServer:
        self.joined.append(found)
        return super().join(found)


@contextmanager
def at_the_network(heard: Heard | None) -> Iterator[Listener]:
    kit = Kit(laptop(hdd()))
    tools = replace(TOOLS, joining=None if heard is None else lambda: heard)
    with station_by_ear(kit, tools=tools) as ear:
        ear.hears("1 sur 4.")
        until(lambda: "PlanMade" in kit.journal.kinds(), "what this PC is")
        ear.types("F6")
        yield ear


def test_a_server_is_joined_once_a_person_says_yes() -> None:
    heard = Heard()
    with at_the_network(heard) as ear:
        ear.answers(MENU, "s")
        ear.answers("Entrée : https://reprise.example.org", "")
        ear.answers("Code du serveur", EXAMPLE.lower())
        ear.hears("Organisme : Mairie")
        ear.hears("avait une autre clé")
        ear.answers("Entrée seule : non", "")
        ear.hears(MENU)
        assert heard.joined == []
        ear.heard -= len(MENU)
        ear.answers(MENU, "s")
        ear.answers(
            "Entrée : https://reprise.example.org", f"https://reprise.example.org/enrol/{EXAMPLE}"
        )
        ear.hears("Clé du serveur")
        ear.answers("Entrée seule : non", "o")
        ear.hears("C'est fait : les rapports vont à")
        assert len(heard.joined) == 1


def test_a_mistake_is_told_and_nothing_is_joined() -> None:
    heard = Heard()
    with at_the_network(heard) as ear:
        ear.answers(MENU, "s")
        ear.answers("Entrée : https://reprise.example.org", "?")
        ear.hears("figurent sur la page des stations")
        ear.answers("Entrée : https://reprise.example.org", "ailleurs.example.org")
        ear.answers("Code du serveur", "")
        ear.answers(MENU, "s")
        ear.answers("Entrée : https://reprise.example.org", "")
        ear.answers("Code du serveur", "bcdf")
        ear.hears("Ce n'est pas un code")
        ear.hears(MENU)
    assert heard.asked == [("https://reprise.example.org", "bcdf")]
    assert heard.joined == []


def test_where_none_can_be_joined_none_is_offered() -> None:
    with at_the_network(None) as ear:
        ear.answers("P : proxy. Entrée", "s")
        ear.hears("Réponses possibles")
