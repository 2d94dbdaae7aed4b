"""The real application on fake ports, driven by keys as a technician drives it."""

from __future__ import annotations

from threading import Event as Flag

import pytest

from reprise import i18n
from reprise.errors import InputError
from reprise.workflow.session.services import StationServices
from station_kit.driver import SIZE_NAMES, SIZES, check_glyphs, check_not_clipped, station
from station_kit.machines import hdd, laptop, ssd, stick
from station_kit.ports import REPORT_ID, Kit


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("size", SIZES, ids=SIZE_NAMES)
async def test_the_whole_flow_by_keyboard(language: str, size: tuple[int, int]) -> None:
    i18n.set_language(language)
    french = language == "fr"
    kit = Kit(laptop(hdd(), ssd(), stick()))
    kit.sanitizer.held.add("W9A4K2XJ")
    async with station(kit, size) as tech:
        await tech.see("REPRISE", "Départ" if french else "Start")
        await tech.see("Le PC a été lu" if french else "The PC has been read")
        await tech.press(*"INV-42", "enter")
        await tech.see("Ce PC" if french else "This PC", "Latitude E5440", "4XJ9T12")
        await tech.press("enter")
        await tech.see("Disques" if french else "Drives", "W9A4K2XJ", "Récupération")
        await tech.press("pagedown")
        await tech.see("NON PROPOSÉ" if french else "NOT OFFERED")
        await tech.press("enter")
        await tech.see("→ Debian minimal sur nvme0n1" if french else "→ Minimal Debian on nvme0n1")
        await tech.press("enter")
        await tech.see("Confirmer l'effacement" if french else "Confirm the erasure", "sda")
        await tech.see("Debian minimal sur nvme0n1" if french else "Minimal Debian on nvme0n1")
        await tech.confirm()
        await tech.see("Effacement en cours" if french else "Erasing", "50", "█", "░")
        await tech.see("EFFACÉ ET VÉRIFIÉ" if french else "ERASED AND VERIFIED")
        kit.sanitizer.release.set()
        await tech.see(
            "CE PC EST EFFACÉ ET VÉRIFIÉ" if french else "THIS PC IS ERASED AND VERIFIED",
            REPORT_ID,
            "enregistré sur la clé" if french else "stored on the stick",
            "en attente d'envoi" if french else "waiting to be sent",
        )
        kit.outbox.state = "sent"
        await tech.see("ENVOYÉ" if french else "SENT")
        await tech.press("f4")
        await tech.until(lambda: kit.power.asked == ["off"], "power off")
        check_glyphs(tech)
        check_not_clipped(tech)
    assert kit.journal.kinds().count("OperatorNamed") == 1
    named = next(line.event for line in kit.journal.lines if hasattr(line.event, "operator"))
    assert (named.operator.asset_tag, named.operator.lot) == ("INV-42", "LOT-7")
    assert [r.drive.node for r in kit.installer.requests] == ["/dev/nvme0n1"]


async def test_no_other_key_or_word_erases() -> None:
    kit = Kit(laptop(hdd()))
    async with station(kit) as tech:
        await tech.to_plan()
        await tech.press("enter", "space", "f5", "f8", "f10", "y", "o", "enter", "enter")
        await tech.press(*"efface", "enter")
        await tech.see("Le mot tapé n'était pas EFFACER")
        await tech.press(*"effacer", "escape")
        await tech.see("Système")
        assert tech.app.step == "system"
        assert "PlanConfirmed" not in kit.journal.kinds()
        await tech.press("enter")
        await tech.see("Confirmer l'effacement")
        await tech.press("enter")
        await tech.pilot.pause(0.1)
    assert kit.sanitizer.jobs == []


async def test_a_cut_off_installation_is_told_before_the_drive_is_erased_again() -> None:
    kit = Kit(laptop(hdd(), ssd()))
    kit.cut_installs = {ssd().identity: "debian-minimal"}
    async with station(kit) as tech:
        await tech.to_plan()
        await tech.see("INSTALLATION INTERROMPUE, ne démarre pas")
        await tech.press("escape", "escape")
        await tech.see("INSTALLATION INTERROMPUE, ne démarre pas   SERA EFFACÉ")
        assert tech.text().count("INSTALLATION INTERROMPUE") == 1


async def test_what_was_typed_at_the_start_stays_when_one_comes_back() -> None:
    async with station(Kit(laptop(hdd())), (80, 25)) as tech:
        await tech.see("Le PC a été lu")
        await tech.press(*"INV-42", "enter")
        await tech.see("Ce PC")
        await tech.press("escape")
        await tech.see("Départ", "INV-42", "LOT-7")


async def test_the_first_screen_stands_before_anything_is_read() -> None:
    kit = Kit(laptop(hdd()))
    gate = Flag()

    def slow() -> StationServices:
        gate.wait(60)
        return kit.services()

    async with station(kit, services=slow) as tech:
        await tech.see("Départ", "Lecture du PC", "Recherche de la clé")
        await tech.press(*"T-1", "enter")
        await tech.see("Ce PC", "Lecture du PC")
        await tech.press("enter")
        assert tech.app.step == "machine"
        gate.set()
        await tech.see("Latitude E5440")
    assert "OperatorNamed" in kit.journal.kinds()


async def test_f1_helps_and_f2_changes_the_language_on_every_step() -> None:
    kit = Kit(laptop(hdd()))
    async with station(kit, (80, 25)) as tech:
        await tech.until(lambda: tech.app.state.plan is not None, "a plan")
        for french, english in (
            ("Départ", "Start"),
            ("Ce PC", "This PC"),
            ("Disques", "Drives"),
            ("Système", "System"),
            ("Confirmer l'effacement", "Confirm the erasure"),
        ):
            await tech.see(french)
            await tech.press("f2")
            await tech.see(english, "Français")
            await tech.press("f1")
            await tech.see("close this help")
            await tech.press("escape")
            await tech.press("f2")
            await tech.see(french, "English")
            check_glyphs(tech)
            if english != "Confirm the erasure":
                await tech.press("enter")


async def test_a_new_drive_is_seen_with_f5_and_the_old_plan_is_not_confirmed() -> None:
    kit = Kit(laptop(hdd()))
    async with station(kit) as tech:
        await tech.until(lambda: tech.app.state.plan is not None, "a plan")
        await tech.press("enter")
        await tech.press("enter")
        await tech.see("W9A4K2XJ")
        kit.probe.inventory = laptop(hdd(), ssd())
        await tech.press("f5")
        await tech.see("S4EVNX0R")


async def test_what_cannot_be_opened_is_one_clear_line() -> None:
    kit = Kit(laptop(hdd()))

    def broken() -> StationServices:
        raise InputError("policy.toml, line 3: unknown key “verfy”.", "Did you mean “verify”?")

    async with station(kit, (80, 25), broken) as tech:
        await tech.see("policy.toml, line 3", "Did you mean “verify”?")


async def test_a_bug_is_told_and_the_drive_is_interrupted() -> None:
    kit = Kit(laptop(hdd()))
    kit.sanitizer.crash = True
    async with station(kit, (80, 25)) as tech:
        await tech.to_done()
        text = await tech.see("INTERROMPU – non effacé", "the sanitizer has a bug", REPORT_ID)
        assert "EFFACÉ ET VÉRIFIÉ" not in text
    assert "DriveInterrupted" in kit.journal.kinds()


async def test_data_with_strange_characters_does_not_spoil_the_screen() -> None:
    odd = hdd(serial="[red]\u202f☂\x1b[31m")
    async with station(Kit(laptop(odd)), (80, 25)) as tech:
        await tech.until(lambda: tech.app.state.plan is not None, "a plan")
        await tech.press("enter")
        await tech.press("enter")
        await tech.see("[red] ??[31m")
        check_glyphs(tech)
