"""Done: what to write on the PC, what to do now, and the way to the certificate."""

from __future__ import annotations

import pytest
import segno

from reprise import i18n
from reprise.domain.planning.techniques import Verdict
from station_kit.driver import Driver, check_glyphs, check_not_clipped, station
from station_kit.machines import hdd, laptop, ssd, stick
from station_kit.ports import REPORT_ID, Kit

SERVER = "https://reprise.example.org"


# A cell of the code -> (dark above, dark below); what is lit is a light module.
HALVES = {"█": (False, False), "▀": (False, True), "▄": (True, False), " ": (True, True)}


def code_on(tech: Driver) -> list[list[bool]]:
    """The dark modules of the code on the screen, read cell by cell; [] where there is none."""
    rows = tech.text().split("\n")
    edges = [n for n, row in enumerate(rows) if "█" * 25 in row]  # the quiet rows above and below
    if not edges:
        return []
    left, right = rows[edges[0]].index("█" * 25), len(rows[edges[0]].rstrip())
    code: list[list[bool]] = []
    for row in rows[edges[0] :]:
        cells = row.ljust(right)[left:right]
        if cells[0] not in "█▀":
            break
        halves = [HALVES[cell] for cell in cells]
        code += [[above for above, _below in halves], [below for _above, below in halves]]
    return code


def wanted(text: str) -> list[list[bool]]:
    code = segno.make(text, error="l", micro=False, boost_error=False)
    rows = [[bool(dark) for dark in row] for row in code.matrix_iter(border=2)]
    return [*rows, [True] * len(rows[0])]  # below the last one: dark, as the screen is


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_the_code_leads_to_the_report_on_the_server(language: str) -> None:
    i18n.set_language(language)
    kit = Kit(laptop(hdd(), ssd()))
    kit.server_url = SERVER + "/"
    async with station(kit, (160, 50)) as tech:
        await tech.to_done()
        await tech.see("0b7c9f3e", REPORT_ID)
        await tech.until(lambda: bool(code_on(tech)), "the code")
        assert code_on(tech) == wanted(f"{SERVER}/reports/{REPORT_ID}")
        check_glyphs(tech)
        check_not_clipped(tech)


async def test_without_a_server_it_names_the_report_and_its_digest() -> None:
    async with station(Kit(laptop(hdd())), (160, 50)) as tech:
        await tech.to_done()
        await tech.until(lambda: bool(code_on(tech)), "the code")
        sealed = tech.app.state.sealed
        assert sealed is not None
        assert code_on(tech) == wanted(f"urn:uuid:{REPORT_ID}?+sha256={sealed.sha256}")


@pytest.mark.parametrize("server", [SERVER, ""])
async def test_a_code_that_no_browser_opens_is_explained(server: str) -> None:
    kit = Kit(laptop(hdd()))
    kit.server_url = server
    async with station(kit, (160, 50)) as tech:
        await tech.to_done()
        await tech.until(lambda: bool(code_on(tech)), "the code")
        told = "Le code QR contient le numéro et l'empreinte du rapport"
        assert (told in tech.text()) is not bool(server)


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_the_code_stands_beside_the_words_on_the_smallest_screen(language: str) -> None:
    i18n.set_language(language)
    kit = Kit(laptop(hdd(), stick()))
    kit.server_url = SERVER
    async with station(kit, (80, 25)) as tech:
        await tech.to_done()
        await tech.until(lambda: bool(code_on(tech)), "the code")
        assert code_on(tech) == wanted(f"{SERVER}/reports/{REPORT_ID}")
        await tech.see("0b7c9f3e", "(F4)", "W9A4K2XJ")
        word = {"fr": "effacé et vérifié", "en": "erased and verified"}[language]
        await tech.see(f"0b7c9f3e  {word}")  # in one piece, as they are copied onto the PC
        check_glyphs(tech)
        check_not_clipped(tech)


async def test_where_it_does_not_fit_the_words_are_there() -> None:
    kit = Kit(laptop(hdd()))
    kit.server_url = "https://reprise.a-very-long-name.of-some-organisation.example.org/somewhere"
    async with station(kit, (80, 25)) as tech:
        await tech.to_done()
        await tech.see("0b7c9f3e  effacé et vérifié", "(F4)")
        assert code_on(tech) == []


async def test_enter_tells_more_of_each_drive_and_again_less() -> None:
    async with station(Kit(laptop(hdd())), (120, 33)) as tech:
        await tech.to_done()
        await tech.see("Détails")
        assert "Go relus" not in tech.text()
        await tech.press("enter")
        await tech.see("Go relus", "En bref")
        await tech.press("enter")
        await tech.until(lambda: "Go relus" not in tech.text(), "in short")


async def test_the_system_is_called_by_its_title_and_its_log_in_is_clear() -> None:
    async with station(Kit(laptop(hdd())), (160, 50)) as tech:
        await tech.to_done()
        text = (await tech.see("Installé")).replace("\u00a0", " ")
        assert "identifiant « utilisateur », mot de passe « reprise »" in text
        assert "debian-minimal 13.2" not in text


async def test_a_pc_that_failed_is_put_aside() -> None:
    kit = Kit(laptop(hdd()))
    kit.sanitizer.ends["W9A4K2XJ"] = Verdict.FAILED
    async with station(kit, (80, 25)) as tech:
        await tech.to_done()
        text = await tech.see("0b7c9f3e  NON EFFACÉ", "mettez ce PC de côté")
        assert "éteignez ce PC" not in text


async def test_a_pc_whose_report_can_be_lost_stays_on() -> None:
    kit = Kit(laptop(hdd()))
    kit.store.place = "memory"
    async with station(kit, (80, 25)) as tech:
        await tech.to_done()
        text = await tech.see("laissez ce PC allumé")
        assert "éteignez ce PC" not in text


async def test_a_pc_that_stays_on_is_not_to_be_started_again() -> None:
    kit = Kit(laptop(hdd()))
    kit.store.place = "memory"
    kit.sanitizer.pulled = {"W9A4K2XJ"}
    async with station(kit, (80, 25)) as tech:
        await tech.to_done()
        text = await tech.see("laissez ce PC allumé", "le disque a été débranché")
        assert "rebranchez" not in text.casefold() and "Redémarrez" not in text
        kit.store.place = "stick"
        tech.app._refresh()
        text = await tech.see("Rebranchez-le, puis redémarrez ce PC depuis la clé")


async def test_nothing_is_to_be_written_before_there_is_a_report() -> None:
    kit = Kit(laptop(hdd()))
    kit.store.full = True
    async with station(kit, (160, 50)) as tech:
        await tech.to_done()
        text = await tech.see("LE RAPPORT N'EST PAS ENREGISTRÉ")
        assert "0b7c9f3e" not in text
        assert code_on(tech) == []


async def test_a_drive_in_trouble_comes_first() -> None:
    kit = Kit(laptop(hdd(), ssd()))
    kit.sanitizer.ends["S4EVNX0R"] = Verdict.FAILED
    async with station(kit, (160, 50)) as tech:
        await tech.to_done()
        text = await tech.see("ÉCHEC   nvme0n1", "EFFACÉ ET VÉRIFIÉ   sda")
        assert text.index("ÉCHEC   nvme0n1") < text.index("EFFACÉ ET VÉRIFIÉ   sda")
