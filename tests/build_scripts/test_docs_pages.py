"""The pages of docs/: both languages, words of the screens, and what makes the site of them."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

from build_scripts.test_typography import not_said
from station_kit.places import TOP

DOCS = TOP / "docs"
MENU = TOP / "live-build/station/bootloaders/grub-pc/grub.cfg"
START = TOP / "live-build/station/includes.chroot/usr/lib/live/boot/9991-reprise.sh"
CATALOGUE = TOP / "app/reprise/locale/fr/LC_MESSAGES/reprise.po"


def script(path: str) -> ModuleType:
    name = Path(path).stem
    spec = importlib.util.spec_from_file_location(f"site_{name}", TOP / path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


stage, held = script("docs/site/stage.py"), script("docs/site/held.py")
drawings, release_notes = script("docs/site/drawings.py"), script("live-build/release_notes.py")


def test_every_page_is_there_in_both_languages_and_in_the_menu() -> None:
    assert stage.alone(DOCS) == []
    listed = sorted(page for _caption, pages in stage.MENU for page in pages)
    assert sorted([*listed, "index"]) == sorted(stage.names(DOCS, "en"))


@pytest.mark.parametrize("language", ["fr", "en"])
def test_links_of_pages_and_readme_lead_to_files_of_the_repository(language: str) -> None:
    ending = ".fr.md" if language == "fr" else ".md"
    pages = [DOCS / f"{name}{ending}" for name in stage.names(DOCS, language)]
    for page in (TOP / f"README{ending}", *pages):
        text = page.read_text("utf-8")
        targets = re.findall(r"\]\(([^)\s#]+)[^)]*\)|<img src=\"([^\"]+)\"", text)
        local = [one for pair in targets for one in pair if one and "://" not in one]
        assert [one for one in local if not (page.parent / one).exists()] == [], page.name


@pytest.mark.parametrize(("name", "ending"), [("README.md", ""), ("README.fr.md", ".fr")])
def test_the_first_screenful_of_the_readme_shows_and_leads(name: str, ending: str) -> None:
    first = "\n".join((TOP / name).read_text("utf-8").splitlines()[:24])
    language = ending.removeprefix(".") or "en"
    shown = re.findall(r'<img src="docs/images/([^"]+)"', first)
    assert shown == [f"{language}/laptop-done.png", f"certificate.{language}.png"]
    for wanted in (f"(docs/stick{ending}.md)", "`make demo`", f"(docs/technician{ending}.md)"):
        assert wanted in first


def test_a_page_without_its_other_language_is_named(tmp_path: Path) -> None:
    for name in ("a.md", "a.fr.md", "b.md", "c.fr.md"):
        (tmp_path / name).touch()
    assert stage.alone(tmp_path) == ["b.fr.md", "c.md"]


def test_links_lead_to_the_same_language_and_out_of_the_site_become_words() -> None:
    text = "[a](x.fr.md#y) [b](../config/policy.toml) [c](decisions/0001.md) ![p](images/fr/p.png)"
    assert stage.staged(text, "fr") == "[a](x.md#y) b c ![p](images/fr/p.png)"
    assert stage.staged("[a](https://example.org/x.md)", "en") == "[a](https://example.org/x.md)"
    with pytest.raises(stage.PageError, match=r"x\.md"):
        stage.staged("[a](x.md)", "fr")
    with pytest.raises(stage.PageError, match=r"x\.fr\.md"):
        stage.staged("[a](x.fr.md)", "en")


def test_french_marks_are_bound_to_their_word_but_not_in_code() -> None:
    text = "Oui : « non » ; `x` ; et ?\n`a : b`\n\n    c : d\n\n```\ne : f\n```\n| a | b :|\n"
    assert stage.spaced(text) == (
        "Oui\u00a0: «\u00a0non\u00a0»\u00a0; `x`\u00a0; et\u00a0?\n`a : b`\n\n    c : d\n\n"
        "```\ne : f\n```\n| a | b :|\n"
    )


def page(folder: Path, name: str, body: str, language: str = "fr") -> None:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"<html lang='{language}'><body id='top'>{body}</body></html>", "utf-8")


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (
            "<script src='https://cdn.example.org/x.js'></script>",
            "fetches https://cdn.example.org/x.js",
        ),
        ("<img src='//example.org/x.png'>", "fetches //example.org/x.png"),
        (
            "<link rel='stylesheet' href='http://example.org/x.css'>",
            "fetches http://example.org/x.css",
        ),
        ("<a href='gone.html'>x</a>", "gone.html leads nowhere"),
        ("<a href='#gone'>x</a>", "#gone has no such place"),
        ("<img src='gone.png'>", "gone.png leads nowhere"),
    ],
)
def test_a_fault_of_the_built_pages_is_named(tmp_path: Path, body: str, fault: str) -> None:
    page(tmp_path, "fr/index.html", body)
    page(tmp_path, "en/index.html", "<a href='https://example.org'>a link is no request</a>", "en")
    assert held.faults(tmp_path) == [f"fr/index.html: {fault}"]


def test_a_built_page_alone_in_the_wrong_language_or_with_a_foreign_font_is_named(
    tmp_path: Path,
) -> None:
    page(tmp_path, "fr/index.html", "<a href='index.html#top'>x</a>", "en")
    (tmp_path / "fr" / "x.css").write_text("@font-face { src: url(https://example.org/x.woff) }")
    assert held.faults(tmp_path) == [
        "fr/index.html: says that its language is 'en'",
        "fr/x.css: fetches https://example.org/x.woff",
        "en/index.html: missing",
    ]


def test_the_drawn_windows_are_what_the_script_draws() -> None:
    drawn = {path.name: path.read_text("utf-8") for path in drawings.FOLDER.iterdir()}
    assert drawn == drawings.drawings()


@pytest.mark.parametrize("name", ["black-screen.fr.md", "black-screen.md"])
def test_the_page_of_the_black_screen_has_the_keys_of_the_start_menu(name: str) -> None:
    there = re.findall(r"^ *menuentry .+ --hotkey=(\w)", MENU.read_text("utf-8"), re.M)
    told = re.findall(r"^\| `(\w)` \|", (DOCS / name).read_text("utf-8"), re.M)
    assert sorted(told) == sorted(key.upper() for key in there)


@pytest.mark.parametrize("name", ["verify.fr.md", "verify.md"])
def test_the_page_checks_a_release_by_the_commands_of_its_notes(name: str) -> None:
    names = {"desktop": "reprise.iso", "station": "y", "server": "z"}
    notes = release_notes.notes("1", "x", ("ED25519", "SHA256:x"), **names)
    asked = re.findall(r"^```\w+\n(.+?)^```", notes, re.M | re.S)
    assert len(asked) == 3
    page = (DOCS / name).read_text("utf-8")
    lines = [line for block in asked for line in block.splitlines()]
    assert [line for line in lines if f"\n{line}\n" not in page] == []


@pytest.mark.parametrize("name", ["black-screen.fr.md", "black-screen.md"])
def test_the_page_of_the_black_screen_has_the_words_of_a_start_that_failed(name: str) -> None:
    section = re.split(r"^## ", (DOCS / name).read_text("utf-8"), flags=re.M)
    (told,) = (part for part in section if part.startswith(("« Reprise n", "“Reprise could")))
    rows = re.findall(r"^\| ([^|-]+?) \| .+ \|$", told, re.M)[1:]
    said = [f'"{row}."' for row in rows]
    assert len(rows) == 4
    assert [one for one in said if one not in START.read_text("utf-8")] == []


_NO_PROSE = re.compile(r"^```.*?^```|`[^`\n]+`|\]\([^)]+\)|<!-- cases.*", re.M | re.S)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_pages_say_nothing_that_the_glossary_rules_out(language: str) -> None:
    ending = ".fr.md" if language == "fr" else ".md"
    words = not_said(f"glossary{ending}")
    pages = [DOCS / f"{name}{ending}" for name in stage.names(DOCS, language) - {"glossary"}]
    wrong = [
        f"{page.name}: {word} ({term})"
        for page in [TOP / f"README{ending}", *pages]
        for word, term in words.items()
        if re.search(
            rf"(?<!\w){re.escape(word)}(?!\w)",
            " ".join(_NO_PROSE.sub(" ", page.read_text("utf-8")).split()),
            re.IGNORECASE,
        )
    ]
    assert len(pages) >= 12
    assert len(words) >= 12
    assert wrong == []


# Quoted from elsewhere than our screens: a firmware's menu, a label, a word in a loose sense.
_NO_SCREEN = {"Network", "PXE", "LAN", "gèlent", "freeze", "À DÉTRUIRE", "TO BE DESTROYED"}
_GUIDE = [("technician.fr.md", r"«\s?(.+?)\s?»", "msgstr"), ("technician.md", r"“(.+?)”", "msgid")]


@pytest.mark.parametrize(("name", "quotes", "entry"), _GUIDE)
def test_the_guide_quotes_the_words_of_the_screens(name: str, quotes: str, entry: str) -> None:
    """What the guide quotes, a person looks for on the screen, in the start menu or on the page."""
    page = (DOCS / name).read_text("utf-8")
    shown = [
        text
        for path in (TOP / "app").glob("*/locale/fr/LC_MESSAGES/*.po")
        for text in re.findall(rf'^{entry} "(.+)"$', path.read_text("utf-8"), re.M)
    ]
    shown += [*MENU.read_text("utf-8").splitlines(), *re.findall(r"^#+ (.+)$", page, re.M)]
    every = "\n".join(shown).replace("\u00a0", " ").lower()
    quoted = re.findall(quotes, " ".join(page.replace("**", "").split()))
    assert len(quoted) > 25
    wrong = [one for one in quoted if one.rstrip(".").lower() not in every]
    assert sorted(set(wrong) - _NO_SCREEN) == []


@pytest.mark.parametrize(("name", "entry"), [(name, entry) for name, _, entry in _GUIDE])
def test_words_in_capitals_are_the_words_of_a_screen(name: str, entry: str) -> None:
    texts = re.findall(rf'^{entry} "(.+)"$', CATALOGUE.read_text("utf-8"), re.M)
    page = " ".join((DOCS / name).read_text("utf-8").split())
    capitals = set(re.findall(r"\*\*([A-ZÀÉÈ’' ]{5,}?)\*\*", page)) - {"REPRISE"}  # a partition
    assert len(capitals) >= 3
    assert [one for one in sorted(capitals) if not any(one in shown for shown in texts)] == []
