"""Every way in which a session ends, as the technician reads it."""

from __future__ import annotations

import pytest

from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.pc.hardware import Drive
from reprise.domain.planning.techniques import Verdict
from reprise.tui import messages
from station_kit.driver import check_glyphs, station
from station_kit.interrupted import interrupted
from station_kit.machines import hdd, laptop, mounted, ssd, stick
from station_kit.ports import REPORT_ID, Kit


@pytest.mark.parametrize(
    ("verdict", "word", "advice"),
    [
        (Verdict.FAILED, "ÉCHEC", "Ne cédez pas ce disque"),
        (Verdict.UNVERIFIED, "NON VÉRIFIÉ", "Considérez ce disque comme non effacé"),
    ],
)
async def test_a_bad_verdict_is_never_called_erased(
    verdict: Verdict, word: str, advice: str
) -> None:
    kit = Kit(laptop(hdd()))
    kit.sanitizer.ends["W9A4K2XJ"] = verdict
    async with station(kit, (80, 25)) as tech:
        await tech.to_done()
        text = await tech.see(word, advice, "CE PC N'EST PAS ENTIÈREMENT EFFACÉ")
        assert "EFFACÉ ET VÉRIFIÉ" not in text
        assert "des secteurs n'ont pas pu être écrits" in " ".join(text.split())
        check_glyphs(tech)
    assert kit.installer.requests == []


async def test_a_refused_drive_says_why_and_spoils_the_headline() -> None:
    kit = Kit(laptop(ssd(), mounted()))
    async with station(kit) as tech:
        await tech.until(lambda: tech.app.state.plan is not None, "a plan")
        await tech.press("enter")
        await tech.press("enter")
        await tech.see("REFUSÉ", "/mnt/données")
        await tech.press("enter", "enter")
        await tech.see("Non touchés", "sdc")
        await tech.confirm()
        await tech.see("Terminé", "CE PC N'EST PAS ENTIÈREMENT EFFACÉ", "REFUSÉ – non effacé")


@pytest.mark.parametrize("drives", [(), (stick(),)], ids=["none", "only the stick"])
async def test_without_a_drive_the_report_is_still_made(drives: tuple[Drive, ...]) -> None:
    kit = Kit(laptop(*drives))
    async with station(kit) as tech:
        await tech.until(lambda: tech.app.state.plan is not None, "a plan")
        await tech.press("enter")
        await tech.press("enter")
        await tech.see("Aucun disque" if not drives else "aucun disque")
        await tech.press("enter")
        await tech.see("Terminé", "Ce PC n'a aucun disque à effacer", REPORT_ID)
    assert kit.sanitizer.jobs == []


async def test_an_interrupted_drive_says_so_and_never_erased() -> None:
    kit = Kit(laptop(hdd()), [interrupted(hdd(), 4096)])
    async with station(kit, (80, 25)) as tech:
        await tech.until(lambda: tech.app.state.plan is not None, "a plan")
        await tech.press("enter")
        await tech.press("enter")
        text = await tech.see("INTERROMPU – non effacé", "SERA EFFACÉ")
        assert "EFFACÉ ET VÉRIFIÉ" not in text
        await tech.press("enter", "enter")
        await tech.see("Confirmer l'effacement", "INTERROMPU – non effacé")
        await tech.confirm()
        await tech.see("CE PC EST EFFACÉ ET VÉRIFIÉ")
    assert kit.sanitizer.jobs[0].resume_from_bytes == 4096


async def test_stopping_asks_first_and_leaves_the_drive_interrupted() -> None:
    kit = Kit(laptop(hdd()))
    kit.sanitizer.held.add("W9A4K2XJ")
    async with station(kit, (80, 25)) as tech:
        await tech.to_plan()
        await tech.confirm()
        await tech.see("Effacement en cours", "50")
        await tech.press("escape", "enter", "f4", "ctrl+q", "ctrl+c")
        await tech.press("f8")
        await tech.see("Arrêter l'effacement ?")
        await tech.press("enter")
        await tech.see("Effacement en cours")
        assert tech.app.state.drives[0].state is DriveState.ERASING
        await tech.press("f8")
        await tech.see("Arrêter l'effacement ?", "O puis Entrée  Arrêter maintenant")
        await tech.press("o", "enter")
        text = await tech.see("Terminé", "INTERROMPU – non effacé", REPORT_ID)
        assert "EFFACÉ ET VÉRIFIÉ" not in text
        check_glyphs(tech)
    assert kit.installer.requests == []


async def test_the_store_falls_to_memory_and_power_off_asks() -> None:
    kit = Kit(laptop(hdd()))
    async with station(kit) as tech:
        await tech.see("Les rapports sont écrits sur la clé")
        kit.store.place, kit.may_pull = "memory", False
        await tech.see("EN MÉMOIRE SEULEMENT", "Ne retirez pas la clé")
        await tech.to_done()
        await tech.see("EN MÉMOIRE SEULEMENT : branchez une clé")
        await tech.press("f4")
        await tech.see("il sera PERDU")
        await tech.press("enter")
        assert kit.power.asked == []
        kit.outbox.state = "sent"
        await tech.see("ENVOYÉ")
        await tech.press("f5")
        await tech.see("Redémarrer ce PC")
        await tech.press("enter", "f5")
        await tech.see("Redémarrer ce PC")
        assert kit.power.asked == []
        await tech.press("O", "enter")  # capitals lock
        await tech.until(lambda: kit.power.asked == ["restart"], "restart")


@pytest.mark.parametrize("key", ["f4", "f5"])
async def test_a_held_key_does_not_answer_its_own_question_at_the_end(key: str) -> None:
    """The console repeats it after 250 ms, then every 33 ms."""
    kit = Kit(laptop(hdd()))
    kit.store.place = "memory"
    async with station(kit, (80, 25)) as tech:
        await tech.to_done()
        await tech.see("EN MÉMOIRE SEULEMENT : branchez une clé")
        await tech.press(*[key] * 5)
        await tech.see("il sera PERDU", "O ")
        assert kit.power.asked == []
        await tech.press("escape")
        await tech.until(lambda: "il sera PERDU" not in tech.text(), "no question")
        await tech.press(key)
        await tech.see("il sera PERDU", "O ")
        await tech.press("o", "enter")
        await tech.until(lambda: kit.power.asked != [], "the answer")


@pytest.mark.parametrize("scanned", ["INV-POSTE7", "o7", "oo", "lot o", "0", "y", ""])
async def test_a_scanned_tag_does_not_say_that_a_report_may_be_lost(scanned: str) -> None:
    """A scanner types all of it, then Enter."""
    kit = Kit(laptop(hdd()))
    kit.store.place = "memory"
    async with station(kit, (80, 25)) as tech:
        await tech.to_done()
        await tech.press("f4")
        await tech.see("il sera PERDU", "O puis Entrée")
        await tech.press(*("space" if char == " " else char for char in scanned))
        await tech.see("il sera PERDU", f"> {scanned.strip()}")
        assert kit.power.asked == []
        await tech.press("enter")
        await tech.until(lambda: "il sera PERDU" not in tech.text(), "no question")
        await tech.press("f4")
        await tech.see("il sera PERDU")
        await tech.press("x", "o", "escape", "f4")
        await tech.see("il sera PERDU")
        assert kit.power.asked == []
        await tech.press("x", "backspace", "o", "enter")
        await tech.until(lambda: kit.power.asked == ["off"], "the answer")


async def test_a_scanned_tag_stops_no_erasure() -> None:
    kit = Kit(laptop(hdd()))
    kit.sanitizer.held.add("W9A4K2XJ")
    async with station(kit, (80, 25)) as tech:
        await tech.to_plan()
        await tech.confirm()
        await tech.see("Effacement en cours", "50")
        await tech.press("f8", *"LOT7", "enter")
        await tech.until(lambda: "Arrêter l'effacement" not in tech.text(), "no question")
        await tech.pilot.pause(0.2)
        assert tech.app.state.drives[0].state is DriveState.ERASING


async def test_a_held_key_does_not_stop_the_erasure() -> None:
    kit = Kit(laptop(hdd()))
    kit.sanitizer.held.add("W9A4K2XJ")
    async with station(kit, (80, 25)) as tech:
        await tech.to_plan()
        await tech.confirm()
        await tech.see("Effacement en cours", "50")
        await tech.press(*["f8"] * 5)
        await tech.see("Arrêter l'effacement ?")
        await tech.press("escape")
        await tech.until(lambda: "Arrêter l'effacement ?" not in tech.text(), "no question")
        assert tech.app.state.drives[0].state is DriveState.ERASING


async def test_a_failed_install_is_told_beside_a_good_erasure() -> None:
    kit = Kit(laptop(hdd()))
    kit.installer.fails = "digest-mismatch"
    async with station(kit, (80, 25)) as tech:
        await tech.to_done()
        await tech.see("ÉCHEC de l'installation", "CE PC EST EFFACÉ ET VÉRIFIÉ", REPORT_ID)
        check_glyphs(tech)


async def test_nothing_is_installed_where_the_operator_says_so() -> None:
    kit = Kit(laptop(hdd()))
    async with station(kit) as tech:
        await tech.until(lambda: tech.app.state.plan is not None, "a plan")
        for _ in range(3):
            await tech.press("enter")
        await tech.see("Système", "Nom du PC")
        await tech.press("down")
        await tech.see("→ Rien")
        await tech.press("enter")
        await tech.see("Confirmer")
        await tech.confirm()
        await tech.see("Terminé")
    assert kit.installer.requests == []


async def test_a_report_that_cannot_be_stored_is_kept_and_stored_on_request() -> None:
    kit = Kit(laptop(hdd()))
    kit.store.full = True
    async with station(kit, (80, 25)) as tech:
        await tech.to_done()
        await tech.see("LE RAPPORT N'EST PAS ENREGISTRÉ", "no room left", "Entrée")
        await tech.press("f4")
        await tech.see("il sera PERDU")
        await tech.press("escape")
        kit.store.full = False
        await tech.press("enter")
        await tech.see(REPORT_ID, "enregistré sur la clé")
        assert kit.power.asked == []


async def test_news_that_come_while_the_station_closes_are_dropped() -> None:
    """A worker may speak after the widgets are gone: the end must not turn into an error."""
    async with station(Kit(laptop(hdd()))) as tech:
        await tech.until(lambda: tech.app.state.plan is not None, "a plan")
        await tech.app._shutdown()
        tech.app.on_trouble(messages.Trouble("too late to be read"))
    assert tech.app.trouble == "too late to be read"
