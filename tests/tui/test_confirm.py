"""The plan and its confirmation: what stays on the screen, and what nobody confirms unseen."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reprise import i18n, wording
from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.pc.hardware import Drive, Health, SmartFacts
from reprise.domain.planning.techniques import Technique
from reprise.domain.report.fold_drive import DriveFold
from reprise.sentences.confirm import of_before, plain_technique
from reprise.tui.steps import StepName
from reprise.workflow.past.ends import End
from reprise.workflow.past.sessions import Past
from reprise.workflow.session.drive_view import DriveView
from station_kit.driver import WORDS, Driver, check_glyphs, check_not_clipped, station
from station_kit.machines import hdd, laptop
from station_kit.ports import Kit


async def refresh(tech: Driver) -> None:
    """As any news from the engine makes it."""
    tech.app._refresh()
    await tech.pilot.pause()


async def test_the_warning_of_a_wrong_word_stays_until_something_is_typed() -> None:
    async with station(Kit(laptop(hdd()))) as tech:
        await tech.to_plan()
        await tech.press(*"non", "enter")
        await tech.see("n'était pas EFFACER")
        await refresh(tech)
        assert "n'était pas EFFACER" in tech.text()
        await tech.press("f2")
        await tech.see("was not ERASE")
        await tech.press("e")
        assert "was not ERASE" not in tech.text()
    i18n.set_language("fr")


async def test_the_warning_of_a_wrong_word_is_gone_when_the_step_comes_again() -> None:
    async with station(Kit(laptop(hdd()))) as tech:
        await tech.to_plan()
        await tech.press(*"non", "enter")
        await tech.see("n'était pas EFFACER")
        await tech.press("escape")
        await tech.until(lambda: tech.app.step == "system", "the step before")
        await tech.press("enter")
        await tech.see("tapez EFFACER")
        assert "n'était pas EFFACER" not in tech.text()


def many() -> list[Drive]:
    return [hdd(f"/dev/sd{letter}", f"SERIAL{letter.upper()}00") for letter in "abcdefghijkl"]


def crowd() -> list[Drive]:
    return [hdd(f"/dev/sd{letter}", f"SERIAL{letter.upper()}00") for letter in "abcdefghijklmnop"]


async def type_it(tech: Driver) -> None:
    await tech.fill("word", f"{WORDS[i18n.language()]}{tech.tail()}")
    await tech.press("enter")
    await tech.pilot.pause()


@pytest.mark.parametrize("details", [False, True], ids=["summary", "details"])
async def test_no_drive_is_confirmed_that_was_never_on_the_screen(details: bool) -> None:
    kit = Kit(laptop(*many()))
    async with station(kit, (80, 25)) as tech:
        await tech.to_plan()
        if details:
            await tech.press("f4")
        await tech.see("La liste continue")
        assert "sdl" not in tech.text()
        await type_it(tech)
        await tech.see("pas encore été affichés")
        await refresh(tech)
        assert "PlanConfirmed" not in kit.journal.kinds()
        await tech.read_on()
        await tech.see("sdl")
        assert "La liste continue" not in tech.text()
        await type_it(tech)
        await tech.until(lambda: "PlanConfirmed" in kit.journal.kinds(), "the confirmation")


async def test_nothing_more_is_asked_where_all_is_in_sight() -> None:
    async with station(Kit(laptop(*many()[:4])), (80, 25)) as tech:
        await tech.to_plan()
        text = await tech.see("tapez EFFACER", "sdd")
        assert "La liste continue" not in text


async def test_a_plan_that_was_read_is_not_the_next_one() -> None:
    kit = Kit(laptop(hdd()))
    async with station(kit, (80, 25)) as tech:
        await tech.to_plan()
        await tech.see("tapez EFFACER")
        kit.probe.inventory = laptop(*many())
        tech.app.look_again()
        await tech.until(lambda: len(tech.app.state.erasable) == len(many()), "the other plan")
        tech.app.go(StepName.CONFIRM)
        await tech.see("La liste continue")
        await type_it(tech)
        assert "PlanConfirmed" not in kit.journal.kinds()


async def test_to_jump_to_the_end_is_not_to_have_seen_all() -> None:
    """As a drag of the scroll bar does."""
    kit = Kit(laptop(*(hdd(f"/dev/sd{n}", f"SERIAL{n}00") for n in "abcdefghijklmnopqrstuvwx")))
    async with station(kit, (80, 25)) as tech:
        await tech.to_plan()
        await tech.see("La liste continue")
        body = tech.app.screen.query_one("#body")
        body.scroll_end(animate=False)
        await tech.see("sdx")
        assert "sdl" not in tech.text()
        await type_it(tech)
        await tech.see("La liste continue")
        assert "PlanConfirmed" not in kit.journal.kinds()
        body.scroll_to(y=body.max_scroll_y // 2, animate=False)
        await tech.see("sdl")
        await tech.until(lambda: "La liste continue" not in tech.text(), "all was seen")
        await type_it(tech)
        await tech.until(lambda: "PlanConfirmed" in kit.journal.kinds(), "the confirmation")


async def test_a_plan_that_comes_while_another_was_scrolled_is_seen_anew() -> None:
    kit = Kit(laptop(*crowd()))
    async with station(kit, (80, 25)) as tech:
        await tech.to_plan()
        await tech.read_on()
        await tech.see("sdp")
        await tech.press("escape", "escape")
        await tech.until(lambda: tech.app.step == "drives", "the drives")
        first, *rest = crowd()
        kit.probe.inventory = laptop(*rest, replace(first, node="/dev/sdm"))
        before = tech.app.state.digest
        tech.app.look_again()
        await tech.until(lambda: tech.app.state.digest not in ("", before), "the other plan")
        await tech.press("enter", "enter")
        await tech.until(lambda: tech.app.step == "confirm", "its confirmation")
        await type_it(tech)
        await tech.see("La liste continue")
        assert "PlanConfirmed" not in kit.journal.kinds()


def worn(drive: Drive) -> Drive:
    health = SmartFacts(health=Health.FAILING, pending_sectors=8, reallocated_sectors=12)
    return replace(drive, smart=health)


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("size", [(80, 25), (120, 33)])
async def test_no_warning_is_cut_off_above_empty_rows(language: str, size: tuple[int, int]) -> None:
    i18n.set_language(language)
    async with station(Kit(laptop(worn(hdd()))), size) as tech:
        await tech.to_plan()
        await tech.see("Clear")
        text = " ".join(tech.text().split())
        for code in ("health-failing", "pending-sectors", "reallocated-sectors"):
            assert " ".join(wording.code(code).split()).replace("’", "'")[:40] in text, code
        assert "F4)" not in text


async def test_where_there_are_no_free_rows_a_warning_takes_one() -> None:
    drives = [worn(one) if n % 2 else one for n, one in enumerate(many())]
    async with station(Kit(laptop(*drives)), (80, 25)) as tech:
        await tech.to_plan()
        await tech.see("La liste continue")
        await tech.read_on()
        assert "(2 autres : F4)" in tech.text()


@pytest.mark.parametrize("language", i18n.LANGUAGES)
async def test_many_drives_take_one_line_each(language: str) -> None:
    i18n.set_language(language)
    async with station(Kit(laptop(*many())), (80, 25)) as tech:
        await tech.to_plan()
        rows = (await tech.see("Clear")).split("\n")
        listed = [row for row in rows if row.startswith("  sd")]
        assert len(listed) > 7
        assert [row for row in listed if not ("ST500" in row and "Clear" in row)] == []
        assert [row for row in listed if not row.endswith(("min", "\u00a0h"))] == []
        await tech.press("f4")
        await tech.see("SERIALA00")
        check_glyphs(tech)
        check_not_clipped(tech)


def test_every_technique_is_said_in_plain_words() -> None:
    for technique in Technique:
        assert plain_technique(technique)


@pytest.mark.parametrize("details", [False, True])
async def test_what_this_stick_came_to_before_stands_on_the_plan(details: bool) -> None:
    kit = Kit(laptop(hdd()))
    kit.erased = (End(hdd().identity, "old", DriveState.SANITIZED),)
    async with station(kit) as tech:
        await tech.to_plan()
        if details:
            await tech.press("f4")
            await tech.see("En bref")
        await tech.see("cette clé l'a déjà effacé et vérifié".replace("'", "\u2019"))


def test_an_installed_system_is_said_beside_whatever_else_was_before() -> None:
    drive = hdd()
    view = DriveView(drive.identity, drive, DriveFold(drive.identity, drive.node))
    said = {
        past: of_before(replace(view, past=past))
        for past in (
            Past(),
            Past(erased=True),
            Past(erased=True, installed="debian"),
            Past(ended=DriveState.FAILED, installed="debian"),
        )
    }
    installed = "cette clé y a déjà installé un système"
    assert [text.replace("\u2019", "'").replace("\u00a0", " ") for text in said.values()] == [
        *("", "cette clé l'a déjà effacé et vérifié", installed),
        f"effacement précédent EN ÉCHEC, {installed}",
    ]
