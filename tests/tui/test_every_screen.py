"""Every screen and panel, in both languages: whole, translated, drawable, and as it was kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.geometry import Region
from textual.widget import Widget
from textual.widgets import DataTable, OptionList, Static

from reprise import codec, i18n
from reprise.adapters.demo.logs import LINES
from reprise.tui.drawing.glyphs import ALLOWED
from reprise.tui.screens.logs import LogsScreen
from reprise.workflow.engine.port import StationStatus
from station_kit.driver import SIZE_NAMES, SIZES
from tui import font
from tui.catalogue import Strange, foreign_words, untouched_words
from tui.cells import cells, text_rows
from tui.snapshots import FOLDER, compared, path_of, rendered
from tui.walk import Walker, go, walking
from tui.walks import WALKS, planned

LAID_OUT = [(100, 30), (240, 67)]


@pytest.mark.parametrize("size", SIZES, ids=SIZE_NAMES)
@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("name", WALKS)
async def test_every_screen(
    tmp_path: Path, name: str, language: str, size: tuple[int, int], request: pytest.FixtureRequest
) -> None:
    i18n.set_language(language)
    renew, wrong = bool(request.config.getoption("--renew-snapshots", default=False)), list[str]()
    async with walking(WALKS[name], tmp_path, size) as walker:

        async def look(scene: str) -> None:
            shown = rendered(cells(walker.app))
            found = [*cut_off(walker), *foreign(walker, language), *not_drawable(walker)]
            found += compared(path_of(f"{name}.{scene}", language, size), shown, renew=renew)
            wrong.extend(f"{scene}: {text}" for text in found)

        await go(WALKS[name], walker, look)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("size", LAID_OUT, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_every_screen_fits_other_consoles(tmp_path: Path, size: tuple[int, int]) -> None:
    """All sizes from 80x25 to 240x67: nothing is cut off, nothing raises."""
    wrong = list[str]()
    for name, walk in WALKS.items():
        async with walking(walk, tmp_path / name, size) as walker:

            async def look(scene: str, name: str = name, walker: Walker = walker) -> None:
                wrong.extend(f"{name}.{scene}: {text}" for text in cut_off(walker))

            await go(walk, walker, look)
    assert not wrong, "\n".join(wrong)


# Names, and units and months, which reprise.wording.formats writes by language.
NAMES = """REPRISE UTC reprise-grade/1 Wi-Fi Ethernet Français English octets Kio Mio Gio Tio Mbit
loadkeys logs Nov enp0s31f6 enp Cyber-base Invités reprise.example.org
kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k
janvier février mars avril mai juin juillet août septembre octobre novembre décembre"""


@pytest.mark.parametrize("name", WALKS)
async def test_no_text_goes_round_the_catalogue(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a made-up language, all that is not data looks strange."""
    monkeypatch.setattr(i18n, "_catalogue", lambda _language: Strange())
    found: dict[str, set[str]] = {}
    async with walking(WALKS[name], tmp_path, (160, 50)) as walker:

        async def look(scene: str) -> None:
            status = walker.app.engine.status if walker.app.engine else StationStatus()
            known = (codec.to_json(value).decode() for value in (walker.app.state, status))
            texts = " ".join([*map(meant, shown_texts(walker)), *listed(walker)])
            if words := untouched_words(texts, " ".join((*known, *LINES, NAMES))):
                found[scene] = words

        await go(WALKS[name], walker, look)
    assert not found


async def test_a_text_that_is_cut_off_is_found(tmp_path: Path) -> None:
    async with walking(WALKS["desktop"], tmp_path, (40, 25)) as walker:
        await walker.tech.come(lambda: planned(walker), "a plan")
        assert any("#keys" in text for text in cut_off(walker))


@pytest.mark.parametrize(
    ("language", "text"),
    [("fr", "Échap Retour Enter: continue."), ("en", "Start Lecture du PC…")],
)
def test_a_text_that_is_not_translated_is_found(language: str, text: str) -> None:
    other = {"fr": "en", "en": "fr"}[language]
    assert foreign_words(language, text)
    assert not foreign_words(language, "Wi-Fi · Ethernet · Windows")
    assert foreign_words(other, "Drives Disques")


def test_a_word_that_the_catalogue_never_saw_is_found_but_no_digits() -> None:
    assert untouched_words("Dönë: cut 12dba4567890", "") == {"cut"}
    assert untouched_words("Dönë: kept cut", "KEPT") == {"cut"}


def test_no_snapshot_is_left_of_a_screen_that_is_gone() -> None:
    stops = {
        f"{name}.{scene}"
        for name, walk in WALKS.items()
        for stop in walk.stops
        for scene in ([stop.name, f"{stop.name}-help"] if stop.help else [stop.name])
    }
    wanted = {
        path_of(scene, language, size).name
        for scene in stops
        for language in i18n.LANGUAGES
        for size in SIZES
    }
    assert {path.name for path in FOLDER.iterdir()} == wanted


@pytest.mark.skipif(not font.SOURCE.exists(), reason="console-setup-linux is not installed here")
def test_the_images_font_draws_all_that_screens_may_use() -> None:
    missing = {char for char in ALLOWED - {" ", "\u00a0", "\u00ad"} if char not in font.glyphs()}
    assert not missing
    blank = {char for char in ALLOWED - {" ", "\u00a0", "\u00ad"} if not any(font.glyphs()[char])}
    assert not blank


def not_drawable(walker: Walker) -> list[str]:
    text = "".join(text_rows(cells(walker.app)))
    wrong = sorted(set(text) - ALLOWED)
    return [f"the console has no glyph for {wrong}"] if wrong else []


def foreign(walker: Walker, language: str) -> list[str]:
    """Texts of the other language."""
    # lines of a log are data, in the language of the programs that wrote them
    log = "list" if isinstance(walker.app.screen, LogsScreen) else ""
    shown = [meant(widget) for widget in shown_texts(walker) if widget.id != log]
    texts = " ".join([*shown, *listed(walker)])
    return [f"not in {language}: {text!r}" for text in foreign_words(language, texts)]


def shown_texts(walker: Walker) -> list[Static]:
    return [w for w in walker.app.screen.query(Static) if w.display and w.region]


def meant(widget: Static) -> str:
    content = widget.content
    return content if isinstance(content, str) else content.plain  # type: ignore[union-attr]


def listed(walker: Walker) -> list[str]:
    """The rows of lists and tables."""
    screen, found = walker.app.screen, list[str]()
    for options in screen.query(OptionList):
        found += [str(option.prompt) for option in options.options if options.display]
    for table in screen.query(DataTable):
        heads = [str(column.label) for column in table.ordered_columns if table.display]
        found += [*heads, *(str(cell) for row in table.rows for cell in table.get_row(row))]
    return found


def squeezed(text: str) -> str:
    return "".join(text.split())


def cut_off(walker: Walker) -> list[str]:
    """Every text is drawn whole in its widget, and every widget stands, or can be scrolled, whole
    into sight."""
    wrong = []
    for widget in shown_texts(walker):
        rim = widget.styles.border.spacing
        strips = widget.render_lines(Region(0, 0, *widget.outer_size).shrink(rim))
        drawn = "".join(strip.text for strip in strips)
        if squeezed(drawn) != squeezed(meant(widget)):
            wrong.append(f"#{widget.id} is cut: {drawn!r} of {meant(widget)!r}")
    for one in walker.app.screen.query("*"):
        if one.display and one.is_attached and one.region:
            wrong += _out_of_sight(one)
    return wrong


def _out_of_sight(widget: Widget) -> list[str]:
    parent = widget.parent
    if not isinstance(parent, Widget) or parent.region.contains_region(widget.region):
        return []
    across = parent.region.x <= widget.region.x and widget.region.right <= parent.region.right
    room = parent.virtual_size.height >= widget.virtual_region.bottom
    if across and parent.allow_vertical_scroll and room:
        return []
    return [f"{widget!r} at {widget.region} leaves {parent!r} at {parent.region}"]
