"""The network sheet: what is plugged in is seen at once, and nothing moves under the cursor."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace

from textual.widgets import Input

from reprise.adapters.demo.network import PASSWORD
from reprise.domain.station.connectivity import (
    ConnectionStep,
    Finding,
    Reach,
    StepResult,
    failed,
    passed,
)
from reprise.ports.sheets.network import ServerWay
from reprise.tui.screens.network import NetworkScreen
from reprise.tui.screens.network_forms import JoinForm, ProxyForm
from reprise.tui.screens.server_check import ServerCheckScreen
from reprise_common.network import AccessPoint, JoinRequest, LinkState, Security
from station_kit.driver import Driver, check_glyphs
from tui.network_kit import CABLE, CARD, Network, point, sheet


def chosen(tech: Driver) -> str:
    (row,) = [row for row in tech.text().split("\n") if "→" in row]
    return row.split("→")[1].split()[0]


async def test_a_cable_is_seen_at_once_and_the_choice_stays() -> None:
    network = Network()
    async with sheet(network) as tech:
        await tech.see("pas de câble", "Alpha", "Beta", "WPA2")
        await tech.press("down")
        await tech.until(lambda: chosen(tech) == "Beta", "Beta is chosen")
        up = replace(CABLE, state=LinkState.UP, addresses=("192.0.2.5/24",))
        network.change(up, CARD, near=(point("Gamma", 99), point("Beta", 20), point("Alpha", 10)))
        await tech.see("connecté · 192.0.2.5/24", "Gamma")
        assert chosen(tech) == "Beta"
        rows = tech.text()
        assert rows.index("Alpha") < rows.index("Beta") < rows.index("Gamma")
        network.change(up, CARD, near=(point("Gamma", 99),))
        await tech.see("hors de portée")
        assert chosen(tech) == "Beta"
        await tech.press("down")
        await tech.until(lambda: "Beta" not in tech.text(), "Beta goes with the choice")
        check_glyphs(tech)


async def test_many_networks_leave_the_chosen_one_in_sight() -> None:
    network = Network()
    network.near = tuple(point(f"Reseau-{n:02}", 99 - n) for n in range(40))
    async with sheet(network) as tech:
        await tech.see("Reseau-00", "Serveur", "régler un proxy")
        await tech.press(*["down"] * 40)
        text = await tech.see("réseau masqué", "Serveur", "régler un proxy")
        assert "→ réseau masqué" in text
        assert "pas de câble" in text


async def test_on_a_wide_screen_what_to_do_stands_at_the_right() -> None:
    network = Network()
    async with sheet(network, (120, 33)) as tech:
        await tech.see("Étapes", "À faire maintenant", "ou choisissez")
        rows = tech.text().split("\n")
        (head,) = [row for row in rows if "À faire maintenant" in row]
        assert head.index("À faire maintenant") >= 120 - 38
        (alpha,) = [row for row in rows if "Alpha" in row]
        assert alpha.index("Alpha") < 10 and "WPA2" in alpha[: 120 - 38]
        network.change(replace(CABLE, state=LinkState.UP, addresses=("192.0.2.5/24",)), CARD)
        await tech.see("sur T pour voir")
        network.change(CABLE)
        await tech.see("Branchez un câble")
        await tech.press("f2")
        await tech.see("Plug in a cable")


async def test_the_longest_names_and_addresses_stay_on_their_rows() -> None:
    network = Network()
    ssid = "Salle du conseil de l'agglomér. "  # 32 characters, the most there are
    up = replace(CABLE, name="enx00c0ca123456", state=LinkState.UP)
    up = replace(up, addresses=("2001:0db8:85a3:1111:2222:8a2e:0370:7334/64",))
    file = "iwlwifi-QuZ-a0-jf-b0-a-very-long-name-of-a-firmware-file-77.ucode"
    broken = replace(CARD, name="wlp3s0", state=LinkState.NO_FIRMWARE, detail=file)
    joined = replace(CARD, state=LinkState.UP, ssid=ssid, addresses=("198.51.100.234/24",))
    network.now = (up, joined, broken)
    network.near = (replace(point(ssid), joined=True, security=Security.WPA2_WPA3),)
    async with sheet(network) as tech:
        await tech.see("Salle du conseil", "iwlwifi")
        rows = tech.text().split("\n")
        first = next(at for at, row in enumerate(rows) if "enx00c0ca123456" in row)
        assert "wlp2s0" in rows[first + 1] and "198.51.100.234/24" in rows[first + 1]
        assert "wlp3s0" in rows[first + 2] and "iwlwifi" in rows[first + 3]
        assert not rows[first + 4].strip()
        (chosen_row,) = [row for row in rows if "→" in row]
        assert "WPA2 ou WPA3" in chosen_row and "connecté" in chosen_row


async def test_the_settings_network_is_chosen_and_its_password_stands_there() -> None:
    network = Network()
    network.default = JoinRequest("Beta", PASSWORD)
    async with sheet(network) as tech:
        await tech.until(lambda: "→" in tech.text() and chosen(tech) == "Beta", "Beta is chosen")
        await tech.press("enter")
        await tech.see("« Beta »", "••••••••••")
        await tech.press("enter")
        await tech.until(lambda: isinstance(tech.app.screen, NetworkScreen), "joined")
    assert [(one.ssid, one.password) for one in network.asked] == [("Beta", PASSWORD)]


async def test_a_wrong_password_is_told_and_can_be_looked_at() -> None:
    network = Network()
    async with sheet(network) as tech:
        await tech.see("Alpha")
        await tech.press("enter", *"azertyui")
        text = await tech.see("« Alpha »", "••••••••", "F4  Montrer")
        assert "azertyui" not in text
        await tech.press("f4")
        await tech.see("azertyui", "F4  Cacher")
        await tech.press("enter")
        await tech.see("Le mot de passe est refusé", "azertyui")
        await tech.press("ctrl+u", *"court", "enter")
        assert "WEP" not in await tech.see("de 8 à 63 caractères")
        await tech.press("f2")
        await tech.see("Connect to a Wi-Fi network", "F4  Hide")
        check_glyphs(tech)


async def test_the_screen_answers_while_it_joins_and_joins_once() -> None:
    network = Network()
    network.held = threading.Event()
    async with sheet(network) as tech:
        await tech.see("Alpha")
        await tech.press("enter", *PASSWORD, "enter", "enter")
        await tech.see("Connexion à")
        await tech.press("f1")
        await tech.see("F4 l'affiche")
        await tech.press("escape")
        network.held.set()
        await tech.until(lambda: isinstance(tech.app.screen, NetworkScreen), "joined")
    assert len(network.asked) == 1
    assert network.asked[0].security is Security.WPA2


async def test_leaving_the_form_while_it_joins_breaks_nothing() -> None:
    network = Network()
    network.held = threading.Event()
    async with sheet(network) as tech:
        await tech.see("Alpha")
        await tech.press("enter", *PASSWORD, "enter")
        await tech.see("Connexion à")
        await tech.press("escape")
        network.held.set()
        await tech.see("Réseaux Wi-Fi")
        await tech.press("escape")
        await tech.see("étape 1 sur")


async def test_a_hidden_network() -> None:
    network = Network()
    async with sheet(network) as tech:
        await tech.see("Alpha")
        await tech.press("down", "down", "enter")
        await tech.see("Nom du réseau", "Mot de passe")
        await tech.press("enter")  # no name: nothing happens
        await tech.press(*"Atelier", "down", *PASSWORD, "enter")
        await tech.until(lambda: isinstance(tech.app.screen, NetworkScreen), "joined")
    (asked,) = network.asked
    assert (asked.ssid, asked.hidden, asked.security) == ("Atelier", True, None)


async def test_an_open_network_asks_for_nothing() -> None:
    network = Network()
    network.near = (AccessPoint(ssid="Invités", signal=9, security=Security.OPEN),)
    network.held = threading.Event()
    async with sheet(network) as tech:
        await tech.see("Invités", "ouvert")
        await tech.press("enter")
        text = await tech.see("Connexion à", "Invités")
        assert "Mot de passe" not in text
        assert not tech.app.screen.query(Input)


async def test_a_pc_without_wifi_offers_none() -> None:
    network = Network()
    broken = replace(CARD, state=LinkState.NO_FIRMWARE, detail="iwlwifi-8265-36.ucode")
    network.now, network.near = (CABLE, broken), ()
    async with sheet(network) as tech:
        text = await tech.see("son micrologiciel n'est pas sur la clé", "iwlwifi-8265-36.ucode")
        assert "Réseaux Wi-Fi" not in text
        await tech.press("enter")
        assert isinstance(tech.app.screen, NetworkScreen)
        network.change()
        await tech.see("Ce PC n'a pas de carte réseau")


async def test_a_service_that_does_not_answer_is_told_and_asked_again() -> None:
    network = Network()
    network.trouble = "le service réseau ne répond pas"
    async with sheet(network) as tech:
        await tech.see("le service réseau ne répond pas")
        network.trouble = ""
        network.poked.set()
        await tech.see("pas de câble")
        assert "ne répond pas" not in tech.text()


async def test_a_proxy_is_set_and_a_wrong_one_is_not() -> None:
    network = Network()
    async with sheet(network) as tech:
        await tech.see("aucun")
        await tech.press("p", *"proxy", "enter")
        await tech.see("n'est pas l'adresse d'un proxy", "proxy.example.org:3128")
        await tech.press("ctrl+u", *"http://me:geheim@proxy:3128", "enter")
        text = await tech.see("http://me:…@proxy:3128")
        assert "geheim" not in text
        await tech.press("t")
        await tech.see("Le nom du proxy est inconnu")
        assert "geheim" not in tech.text()
        await tech.press("p", "ctrl+u", "enter")  # none: the test begins anew
        await tech.see("Le serveur accepte les rapports de cette station")


class Slow(Network):
    """Its test goes on by one step for each word of the test's own."""

    def __init__(self) -> None:
        super().__init__()
        self.go = threading.Semaphore(0)

    def test_server(self, kid: str) -> Iterator[Finding]:
        for step in (ConnectionStep.LINK, ConnectionStep.ADDRESS):
            self.go.acquire(timeout=60)
            yield passed(step)
        self.go.acquire(timeout=60)
        yield failed(ConnectionStep.NAME, Reach.NAME_UNKNOWN, "reprise.exemple.fr")
        for step in tuple(ConnectionStep)[3:]:
            yield Finding(step, StepResult.NOT_TRIED)

    def server(self) -> ServerWay:
        return ServerWay("https://reprise.exemple.fr")


async def test_the_test_fills_step_by_step_and_says_what_to_do() -> None:
    network = Slow()
    async with sheet(network) as tech:
        await tech.see("Alpha")
        await tech.press("t")
        await tech.until(lambda: "essai…" in tech.text(), "the first step is tried")
        assert "oui" not in tech.text()
        network.go.release()
        await tech.until(lambda: tech.text().count("oui") == 1, "one step is done")
        await tech.press("enter")  # one test at a time
        network.go.release()
        network.go.release()
        await tech.see(
            "Le nom du serveur est inconnu : reprise.exemple.fr.".replace(
                " :", "\N{NO-BREAK SPACE}:"
            ),
            "Vérifiez son orthographe",
            "non testé",
        )
        assert isinstance(tech.app.screen, ServerCheckScreen)
        await tech.press("escape", "escape")
        await tech.see("étape 1 sur")


async def test_what_is_typed_in_forms_is_no_key_of_the_sheet() -> None:
    network = Network()
    async with sheet(network) as tech:
        await tech.see("Alpha")
        await tech.press("enter", *"ptptptpt")
        assert isinstance(tech.app.screen, JoinForm)
        await tech.press("escape", "p", *"ptp")
        assert isinstance(tech.app.screen, ProxyForm)


class Broken(Slow):
    def test_server(self, kid: str) -> Iterator[Finding]:
        yield passed(ConnectionStep.LINK)
        raise ValueError("Port out of range 0-65535")


async def test_a_test_that_nobody_foresaw_ends_with_its_error_and_may_be_made_again() -> None:
    async with sheet(Broken()) as tech:
        await tech.see("Alpha")
        await tech.press("t")
        for _ in range(2):
            await tech.see("Erreur du programme", "ValueError: Port out of range")
            assert "essai…" not in tech.text()
            assert "accepte les rapports" not in tech.text()
            await tech.press("enter")
