"""The sheets in plain lines: opened over any step, by a key or from the menu; Enter leaves them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from reprise import i18n
from reprise.adapters.demo.checks import PlayedCheck
from reprise.adapters.demo.clock import FastClock
from reprise.adapters.demo.keyboard import PlayedKeyboard
from reprise.adapters.demo.network import PASSWORD, PlayedNetwork
from reprise.cli.sheets import SHEETS
from reprise.domain.checks.catalogue import CheckAsk, CheckId, CheckReason
from reprise.domain.checks.ethernet import judge_ethernet
from reprise.domain.checks.grading import Condition
from reprise.domain.checks.results import CheckProgress, CheckStatus, unknown
from reprise.domain.pc.parts import NetworkCard
from reprise.domain.station.delivery import SendRound
from reprise.domain.station.logs import LogPage
from reprise.errors import StorageError
from reprise.line_interface.terminal import typed_text
from reprise.ports.sheets.station_tools import StationTools
from reprise.sentences.sheets import offered
from reprise.workflow.session.state import SessionState, apply
from station_kit.listener import Listener, station_by_ear, to_the_systems
from station_kit.machines import hdd, laptop
from station_kit.ports import Kit
from station_kit.processes import until

CARDS = (NetworkCard("eno1", "ethernet", link=True), NetworkCard("wlp2s0", "wifi"))


class Logs:
    """ports.sheets.logs.Logs."""

    room = True

    def read(self, after: str = "", *, everything: bool = False) -> LogPage:
        return LogPage(("kernel: a line" if everything else "reprise: a line",), after)

    def copy(self) -> str:
        if not self.room:
            raise StorageError("no room left.")
        return "logs/2026-11-28"


class Sender:
    def send_now(self) -> SendRound:
        return SendRound(sent=1)


def checks() -> dict[CheckId, PlayedCheck]:
    clock = FastClock(1000)
    asking = (CheckProgress(check=CheckId.SOUND, ask=CheckAsk.LISTEN_LEFT),)
    return {
        CheckId.ETHERNET: PlayedCheck(clock, 1, (), judge_ethernet(("eno1",), ("eno1",), 1000)),
        CheckId.SOUND: PlayedCheck(clock, 1, asking, unknown(CheckId.SOUND, CheckReason.NO_WORD)),
        CheckId.POINTER: PlayedCheck(
            FastClock(0.001),
            1,
            (CheckProgress(check=CheckId.POINTER),),
            unknown(CheckId.POINTER, CheckReason.NO_WORD),
        ),
    }


LOGS = Logs()
TOOLS = StationTools(
    network=lambda: PlayedNetwork(CARDS, down=False, pause_s=0.0),
    checks=checks,
    reports=Sender,
    keyboard=PlayedKeyboard,
    logs=lambda: LOGS,
)


@pytest.fixture
def kit() -> Kit:
    return Kit(laptop(hdd()))


@pytest.fixture
def ear(kit: Kit) -> Iterator[Listener]:
    with station_by_ear(kit, tools=TOOLS) as listener:
        listener.hears("1 sur 4.")
        until(lambda: "PlanMade" in kit.journal.kinds(), "what this PC is")
        yield listener


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("\x1b[[C", "F3"),
        ("\x1bOR", "F3"),
        ("\x1b[17~", "F6"),
        ("\x1b[18~", "F7"),
        ("\x1b[15~", "F5"),
        ("\x1b[20~", "F9"),
        ("\x1b[24~", "F12"),
        ("\x1b[19~", "F8"),
        ("\x1bOS", "F4"),
        ("a\x1b[Ab", "ab"),
    ],
)
def test_a_function_key_alone_is_its_name(typed: str, key: str) -> None:
    assert typed_text(typed + "\n") == key


def test_the_menu_names_what_is_there_and_enter_leads_back(ear: Listener) -> None:
    ear.types("?")
    ear.hears("M : fonctions, réseau")
    ear.types("m")
    sheets = offered(SHEETS, TOOLS)
    with i18n.using("fr"):
        rows = [f"{n}. {sheet.title()} ({sheet.key})" for n, sheet in enumerate(sheets, 1)]
    assert rows[:2] == ["1. Fonctions (F3)", "2. Réseau (F6)"]
    ear.hears(*rows)
    ear.answers("Entrée : retour", "99")
    keys = ", ".join(sheet.key for sheet in sheets)
    ear.hears(f"Il faut un numéro de 1 à {len(sheets)} ou une touche : {keys}.")
    ear.answers("Entrée : retour")
    ear.hears("1 sur 4.")


def test_a_sheet_that_this_pc_lacks_is_not_offered(kit: Kit) -> None:
    with station_by_ear(kit) as bare:
        bare.answers("1 sur 4.", "f6")
        bare.hears("1. Rapports (F7)")
        bare.answers("Entrée : retour")
        bare.answers("1 sur 4.", "?")
        bare.hears("M : rapports")
        assert "réseau" not in bare.said.lower()


def test_reports_are_told_and_sent(ear: Listener) -> None:
    ear.types("F7")
    ear.hears("Rapports.", "Aucun rapport")
    ear.answers("F5 : envoyer maintenant", "f5")
    ear.hears("Envoyés : 1")
    ear.answers("F5 : envoyer maintenant")
    ear.hears("Retour.", "1 sur 4.")


def test_the_network_is_told_joined_and_tested(ear: Listener) -> None:
    ear.types("F6")
    ear.hears("Réseau.", "Ethernet eno1", "192.0.2.51", "Wi-Fi wlp2s0", "reprise.example.org")
    ear.answers("W : réseaux Wi-Fi", "w")
    ear.hears("1. Cyber-base, 82 %")
    ear.answers("Entrée : retour", "1")
    ear.answers("Mot de passe", "not the password")
    ear.hears("Connexion à", "mot de passe")
    ear.answers("Mot de passe", PASSWORD)
    ear.hears("connecté")
    ear.answers("W : réseaux Wi-Fi", "t")
    ear.hears("Le serveur accepte les rapports")
    ear.answers("W : réseaux Wi-Fi", "p")
    ear.answers("un trait d'union seul", "proxy.example.org:3128")
    ear.hears("Proxy : http://proxy.example.org:3128")
    ear.answers("W : réseaux Wi-Fi")
    ear.hears("1 sur 4.")


def test_a_server_that_is_not_reached_is_told_with_what_to_do(kit: Kit) -> None:
    down = StationTools(network=lambda: PlayedNetwork(CARDS, down=True, pause_s=0.0))
    with station_by_ear(kit, tools=down) as ear:
        ear.answers("1 sur 4.", "F6")
        ear.answers("W : réseaux Wi-Fi", "t")
        ear.hears("mais aucun serveur n'y répond", "Prévenez son administrateur")
        ear.hears("W : réseaux Wi-Fi")
        assert "Le serveur accepte les rapports" not in ear.said


def test_logs_are_read_and_copied(ear: Listener) -> None:
    ear.types("F9")
    ear.answers("Entrée : retour", "r")
    ear.hears("reprise: a line")
    ear.answers("Entrée : retour", "f5")
    ear.hears("kernel: a line")
    ear.answers("Entrée : retour", "c")
    ear.hears("logs/2026-11-28")
    LOGS.room = False
    ear.answers("Entrée : retour", "c")
    ear.hears("no room left.")
    LOGS.room = True
    ear.answers("Entrée : retour")
    ear.hears("1 sur 4.")


def test_another_layout_is_loaded_and_tried(kit: Kit, ear: Listener) -> None:
    ear.types("F12")
    ear.hears("En service : français (AZERTY)", "1. ")
    ear.answers("Entrée : retour", "2")
    ear.hears("Disposition chargée : ")
    ear.types("azerty")
    ear.hears("azerty", "1 sur 4.")
    ear.heard -= len("1 sur 4.")
    to_the_systems(ear)
    ear.answers("Numéro", "1")
    ear.answers("Nom du PC")
    ear.answers("Nom de l'utilisateur")
    ear.answers("tapez EFFACER", "effacer")
    ear.hears("EFFACÉ ET VÉRIFIÉ", "Installé : Debian minimal")
    assert kit.installer.requests[-1].options.keyboard == "fr-oss", "passwords are typed with it"


def test_checks_are_made_measured_and_by_word(kit: Kit, ear: Listener) -> None:
    ear.types("F3")
    text = ear.hears("Fonctions.", "État du boîtier", "Entrée : retour")
    place = {words: _number(text, words) for words in ("Ethernet", "Son", "Pavé", "État")}
    ear.types(place["Ethernet"])
    ear.hears("Ethernet", "Entrée : retour")
    ear.types(place["Son"])
    ear.answers("Est-ce que cela fonctionne", "f4")
    ear.hears("Entrée : retour")
    ear.types(place["Pavé"])
    ear.hears("F8 : en panne")
    ear.types("f8")
    ear.hears("Entrée : retour")
    ear.types(place["État"])
    ear.answers("3. ", "1")
    ear.hears("Entrée : retour")
    ear.types("")
    ear.hears("Retour.", "1 sur 4.")
    found = {one.check: one.status for one in _state(kit).checked.results}
    assert found[CheckId.ETHERNET] is CheckStatus.PASSED
    assert found[CheckId.SOUND] is CheckStatus.PASSED
    assert found[CheckId.POINTER] is CheckStatus.FAILED
    assert _state(kit).checked.condition is Condition.LIGHT


def _number(text: str, words: str) -> str:
    line = next(line for line in text.splitlines() if words in line)
    return line.partition(".")[0].strip()


def _state(kit: Kit) -> SessionState:
    state = SessionState()
    for line in kit.journal.lines:
        state = apply(state, line.event, line.monotonic_s)
    return state


def test_checks_that_are_left_are_skipped_with_a_reason(kit: Kit, ear: Listener) -> None:
    ear.types("F3")
    ear.answers("Entrée : retour", "s")
    ear.answers("Pourquoi", "1")
    ear.answers("Entrée : retour")
    ear.hears("1 sur 4.")
    results = _state(kit).checked.results
    assert results
    assert {one.reason for one in results} == {CheckReason.NO_TIME}


def test_a_sheet_stays_while_the_work_ends_below_it(kit: Kit) -> None:
    kit.sanitizer.held.add("W9A4K2XJ")
    with station_by_ear(kit, tools=TOOLS) as ear:
        to_the_systems(ear)
        ear.answers("Numéro, ou Entrée pour 1", "2")
        ear.answers("tapez EFFACER", "effacer")
        ear.hears("Le travail se poursuit seul.")
        ear.types("F9")
        ear.hears("Entrée : retour")
        kit.sanitizer.release.set()
        until(lambda: "ReportSealed" in kit.journal.kinds(), "the report")
        ear.types("r")
        ear.hears("reprise: a line")
        ear.answers("Entrée : retour")
        ear.hears("CE PC EST EFFACÉ ET VÉRIFIÉ")
