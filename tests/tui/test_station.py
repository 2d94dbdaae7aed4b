"""The real application on fake ports, driven by keys as a technician drives it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from threading import Event as Flag

import pytest
from textual.pilot import Pilot

from reprise import i18n
from reprise.domain.hardware import Drive
from reprise.domain.lifecycle import DriveState
from reprise.domain.techniques import Verdict
from reprise.errors import InputError
from reprise.tui.app import StationApp
from reprise.tui.glyphs import ALLOWED
from reprise.workflow.services import StationServices
from station_kit.interrupted import interrupted
from station_kit.machines import hdd, laptop, mounted, ssd, stick
from station_kit.ports import REPORT_ID, Kit

SIZES = [(80, 25), (160, 50)]
WORDS = {"fr": "effacer", "en": "erase"}


@pytest.fixture(autouse=True)
def _language() -> Iterator[None]:
    i18n.set_language("fr")
    yield
    i18n.set_language("fr")


class Driver:
    """Presses keys and reads the screen."""

    def __init__(self, app: StationApp, pilot: Pilot[None]) -> None:
        self.app, self.pilot = app, pilot
        self.seen: list[str] = []

    def text(self) -> str:
        rows = self.app.screen._compositor.render_strips()
        return "\n".join("".join(s.text for s in row).rstrip() for row in rows)

    async def until(self, ready: Callable[[], bool], what: str) -> None:
        for _ in range(300):
            await self.pilot.pause(0.01)
            if ready():
                await self.pilot.pause()
                self.seen.append(self.text())
                return
        raise AssertionError(f"never came: {what}\n{self.text()}")

    async def see(self, *words: str) -> str:
        await self.until(lambda: all(w in self.text() for w in words), ", ".join(words))
        return self.text()

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)

    async def to_plan(self) -> None:
        await self.until(lambda: self.app.state.plan is not None, "a plan")
        for step in ("machine", "drives", "system", "confirm"):
            await self.press("enter")
            await self.until(lambda step=step: self.app.step == step, step)

    async def confirm(self) -> None:
        await self.press(*WORDS[i18n.language()], "enter")

    async def to_done(self) -> str:
        await self.to_plan()
        await self.confirm()
        await self.until(lambda: self.app.step == "done", "the end")
        return self.text()


@asynccontextmanager
async def station(
    kit: Kit,
    size: tuple[int, int] = (160, 50),
    services: Callable[[], StationServices] | None = None,
) -> AsyncIterator[Driver]:
    app = StationApp(services or kit.services, poll_s=0.1)
    async with app.run_test(size=size) as pilot:
        yield Driver(app, pilot)


def check_glyphs(driver: Driver) -> None:
    for screen in driver.seen:
        wrong = {c for c in screen if c not in ALLOWED and c != "\n"}
        assert not wrong, (wrong, screen)


def check_not_clipped(driver: Driver) -> None:
    """The head and the key line stand whole on their one row."""
    for screen in driver.seen:
        rows = [row for row in screen.split("\n") if row]
        if "REPRISE" in rows[0]:
            assert rows[0].endswith((" 8", " 8 ")), rows[0]
            assert rows[-1].rstrip().endswith(("English", "Français")), rows[-1]


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("size", SIZES, ids=["80x25", "160x50"])
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


async def test_the_first_screen_stands_before_anything_is_read() -> None:
    kit = Kit(laptop(hdd()))
    gate = Flag()

    def slow() -> StationServices:
        gate.wait(10)
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


@pytest.mark.parametrize(
    ("verdict", "word", "advice"),
    [
        (Verdict.FAILED, "ÉCHEC", "détruisez-le"),
        (Verdict.UNVERIFIED, "NON VÉRIFIÉ", "considérez-le"),
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
        assert "des secteurs n'ont pas pu être écrits" in text
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
        await tech.see("Terminé", "CE PC N'EST PAS ENTIÈREMENT EFFACÉ", "REFUSÉ – pas effacé")


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
        text = await tech.see("INTERROMPU, pas effacé", "SERA EFFACÉ")
        assert "EFFACÉ ET VÉRIFIÉ" not in text
        await tech.press("enter", "enter")
        await tech.see("Confirmer l'effacement", "INTERROMPU, pas effacé")
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
        await tech.see("Arrêter l'effacement ?")
        await tech.press("f8")
        text = await tech.see("Terminé", "INTERROMPU – pas effacé", REPORT_ID)
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
        await tech.until(lambda: kit.power.asked == ["restart"], "restart")


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
        await tech.see("LE RAPPORT N'EST PAS ENREGISTRÉ", "no room left", "F6")
        await tech.press("f4")
        await tech.see("il sera PERDU")
        await tech.press("escape")
        kit.store.full = False
        await tech.press("f6")
        await tech.see(REPORT_ID, "enregistré sur la clé")
        assert kit.power.asked == []


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


async def test_a_bug_ends_the_application_with_an_error() -> None:
    kit = Kit(laptop(hdd()))
    kit.sanitizer.crash = True
    app = StationApp(kit.services)
    with pytest.raises(Exception, match="the sanitizer has a bug"):
        async with app.run_test(size=(80, 25)) as pilot:
            tech = Driver(app, pilot)
            await tech.to_plan()
            await tech.confirm()
            await pilot.pause(0.5)
    assert app.return_code == 1
    assert "DriveInterrupted" in kit.journal.kinds()


async def test_data_with_strange_characters_does_not_spoil_the_screen() -> None:
    odd = hdd(serial="[red]\u202f✓\x1b[31m")
    async with station(Kit(laptop(odd)), (80, 25)) as tech:
        await tech.until(lambda: tech.app.state.plan is not None, "a plan")
        await tech.press("enter")
        await tech.press("enter")
        await tech.see("[red] ??[31m")
        check_glyphs(tech)
