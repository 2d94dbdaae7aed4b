"""The reports' sheet: what each one's state is, where all of them lie, and sending now."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reprise import i18n
from station_kit.driver import check_glyphs, check_not_clipped, station
from station_kit.machines import hdd, laptop
from station_kit.ports import Kit

WORDS = {
    "fr": ("REFUSÉ", "EN ATTENTE", "ENVOYÉ", "novembre", "PC inconnu", "3,2"),
    "en": ("REFUSED", "WAITING", "SENT", "November", "PC unknown", "3.2"),
}


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("size", [(80, 25), (160, 50)], ids=["80x25", "160x50"])
async def test_every_report_with_its_state(language: str, size: tuple[int, int]) -> None:
    i18n.set_language(language)
    async with station(Kit(laptop(hdd())), size) as tech:
        await tech.see("F7 ")
        await tech.press("f7")
        text = await tech.see(*WORDS[language])
        assert "not enrolled here" in text  # the server's own words
        assert "INV-42 Dell Inc. Latitude E5440 4XJ9T12" in text
        check_glyphs(tech)
        check_not_clipped(tech)
        await tech.press("escape")
        await tech.see("Départ" if language == "fr" else "Start")


async def test_sending_now_says_how_it_went() -> None:
    kit = Kit(laptop(hdd()))
    async with station(kit, (80, 25)) as tech:
        await tech.see("F7 ")
        await tech.press("f7")
        await tech.see("En attente : 1")
        await tech.press("f5")
        await tech.see("Envoyés : 1", "en attente : 2")
        kit.side.outgoing.fails = "no server is set."
        await tech.press("f5")
        await tech.see("no server is set.")
    assert kit.side.outgoing.rounds == 1


async def test_what_is_not_on_the_stick_is_said_loudly() -> None:
    kit = Kit(laptop(hdd()))
    out = kit.side.outgoing
    out.held = replace(out.held, where="memory", problem="no room left on it.", free_bytes=0)
    async with station(kit, (80, 25)) as tech:
        await tech.see("F7 ")
        await tech.press("f7")
        await tech.see("Tous ne sont pas sur la clé", "no room left on it.")
        out.held = replace(out.held, where="stick", problem="", reports=())
        await tech.see("Tous sont sur la clé", "Il n'y a encore aucun rapport")
        out.held = replace(out.held, where="memory", free_bytes=None)
        await tech.see("EN MÉMOIRE SEULEMENT")


async def test_the_key_says_how_many_were_not_sent() -> None:
    kit = Kit(laptop(hdd()))
    async with station(kit, (80, 25)) as tech:
        await tech.to_done()
        await tech.see("Rapports : 1 à envoyer")
        kit.outbox.state = "sent"
        await tech.until(lambda: "Rapports : 1" not in tech.text(), "none left")
