"""The network's sheet, from any step and back to exactly there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reprise import i18n
from reprise.domain.network import (
    Finding,
    Joined,
    JoinFault,
    LinkState,
    NetworkState,
    Security,
    SendFault,
    SendStep,
    WifiWish,
)
from station_kit.driver import check_glyphs, check_not_clipped, station
from station_kit.machines import hdd, laptop
from station_kit.ports import Kit
from station_kit.side import AIR, CABLE, WIFI, broken

SIZES = [(80, 25), (160, 50)]


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("size", SIZES, ids=["80x25", "160x50"])
async def test_what_is_connected_and_whether_reports_arrive(
    language: str, size: tuple[int, int]
) -> None:
    i18n.set_language(language)
    french = language == "fr"
    kit = Kit(laptop(hdd()))
    kit.side.tester.findings = broken(SendStep.NAME, SendFault.NAME_UNKNOWN, "reprise.example.org")
    async with station(kit, size) as tech:
        await tech.see("F6 ", "Réseau" if french else "Network", "Le PC" if french else "The PC")
        await tech.press("f6")
        await tech.see(
            "enp0s31f6",
            "wlp2s0",
            "reprise.example.org)",
            "F4" if french else "Check the address",
            "→ Agglo: bureaux",
            "[red]Voisin",
            "802.1X",
        )
        await tech.press("f1")
        await tech.see("reprise.toml", "Entrée ou Échap" if french else "Enter or Esc")
        await tech.press("escape")
        await tech.press("f2")
        await tech.see("Wi-Fi networks in reach" if french else "Réseaux Wi-Fi à portée")
        await tech.press("f2")
        check_glyphs(tech)
        await tech.press("escape")
        await tech.see("Départ" if french else "Start")
        check_not_clipped(tech)


async def test_a_wifi_is_joined_with_its_password() -> None:
    kit = Kit(laptop(hdd()))
    async with station(kit, (80, 25)) as tech:
        await tech.see("F6 ")
        await tech.press("f6")
        await tech.see("→ Agglo: bureaux", "accepte les rapports")
        await tech.press("down", "down", "down", "down", "up", "up", "up", "enter")
        await tech.see("Mot de passe")
        await tech.press(*"abc", "escape")  # typed wrongly: nothing is joined
        await tech.press("enter", *" mot 123", "enter")
        await tech.until(lambda: bool(kit.side.network.wishes), "a wish")
        await tech.see("→ Agglo: bureaux")
        check_glyphs(tech)
    assert kit.side.network.wishes == [
        WifiWish("Agglo: bureaux", " mot 123", security=Security.WPA)
    ]


async def test_a_hidden_network_and_one_without_a_password() -> None:
    kit = Kit(laptop(hdd()))
    async with station(kit, (80, 25)) as tech:
        await tech.see("F6 ")
        await tech.press("f6")
        await tech.see("→ Agglo")
        await tech.press("down", "enter")
        await tech.until(lambda: len(kit.side.network.wishes) == 1, "an open network")
        await tech.see("→ Médiathèque")
        await tech.press("f3")
        await tech.see("Nom du Wi-Fi", "Mot de passe")
        await tech.press(*"cache", "enter", *"12345678", "enter")
        await tech.until(lambda: len(kit.side.network.wishes) == 2, "a hidden network")
    assert kit.side.network.wishes == [
        WifiWish("Médiathèque – accueil"),
        WifiWish("cache", "12345678", hidden=True, security=Security.WPA),
    ]


async def test_why_a_wifi_was_not_joined() -> None:
    kit = Kit(laptop(hdd()))
    kit.side.network.ends = Joined(JoinFault.PASSWORD)
    async with station(kit, (80, 25)) as tech:
        await tech.see("F6 ")
        await tech.press("f6")
        await tech.see("→ Agglo")
        await tech.press("enter", *"12345678", "enter")
        await tech.see("Agglo: bureaux : ", "n'accepte pas ce mot de passe")
        kit.side.network.ends = Joined(JoinFault.FAILED, "Error: out of luck.")
        await tech.press("enter", *"12345678", "enter")
        await tech.see("out of luck")


async def test_a_new_scan_does_not_move_the_choice() -> None:
    kit = Kit(laptop(hdd()))
    async with station(kit, (80, 25)) as tech:
        await tech.see("F6 ")
        await tech.press("f6")
        await tech.see("→ Agglo")
        await tech.press("down")
        await tech.see("→ Médiathèque")
        kit.side.network.air = (replace(AIR[2], signal_percent=99), *AIR)
        await tech.press("f5")
        await tech.see("→ Médiathèque", "99 %")


async def test_the_proxy_is_set_for_this_session() -> None:
    kit = Kit(laptop(hdd()))
    kit.side.choices.url = "http://old:1"
    async with station(kit, (80, 25)) as tech:
        await tech.see("F6 ")
        await tech.press("f6")
        await tech.see("→ Agglo")
        await tech.press("f4")
        await tech.see("Proxy", "http://old:1")
        await tech.press("ctrl+u", *"proxy", "enter")
        await tech.see("« proxy » n'est pas un proxy")
        assert kit.side.choices.url == "http://old:1"
        await tech.press("f4")
        await tech.see("http://old:1")
        await tech.press("ctrl+u", *"http://new:3128", "enter")
        await tech.until(lambda: kit.side.choices.url == "http://new:3128", "the new proxy")


async def test_without_a_card_there_is_no_wifi_to_choose() -> None:
    kit = Kit(laptop(hdd()))
    kit.side.network.links = ()
    kit.side.tester.findings = (Finding(SendStep.LINK, SendFault.NO_CARD),)
    async with station(kit, (80, 25)) as tech:
        await tech.see("F6 ")
        await tech.press("f6")
        await tech.see("Aucune carte réseau", "depuis un autre PC")
        await tech.press("f3", "enter", "down")
        await tech.pilot.pause(0.05)
        assert "Wi-Fi à portée" not in tech.text()
    assert kit.side.network.wishes == []


@pytest.mark.parametrize("state", list(LinkState))
async def test_every_state_of_a_card_fits_on_its_row(state: LinkState) -> None:
    kit = Kit(laptop(hdd()))
    kit.side.network.links = (replace(CABLE, state=state), replace(WIFI, state=state))
    async with station(kit, (80, 25)) as tech:
        await tech.see("F6 ")
        await tech.press("f6")
        await tech.see("wlp2s0", "Serveur")
        check_glyphs(tech)
    assert NetworkState(kit.side.network.links).has_wifi


async def test_the_work_goes_on_under_a_sheet_and_its_end_waits_below() -> None:
    kit = Kit(laptop(hdd()))
    kit.sanitizer.held.add("W9A4K2XJ")
    async with station(kit, (80, 25)) as tech:
        await tech.to_plan()
        await tech.press(*"eff", "f6")  # a word half typed counts no more afterwards
        await tech.see("→ Agglo")
        await tech.press("escape")
        await tech.see("Confirmer l'effacement")
        await tech.press(*"acer", "enter")
        await tech.see("n'était pas EFFACER")
        await tech.confirm()
        await tech.see("Effacement en cours", "50")
        await tech.press("f6")
        await tech.see("→ Agglo")
        await tech.press("f3", *"cach")
        kit.sanitizer.release.set()
        await tech.until(lambda: tech.app.step == "done", "the end")
        await tech.see("Nom du Wi-Fi", "cach")
        await tech.press("escape", "escape")
        await tech.see("CE PC EST EFFACÉ ET VÉRIFIÉ")
