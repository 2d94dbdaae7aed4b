"""How French is set, in both catalogues: what a machine can hold, so that it does not come back.
The words themselves: the glossaries of docs/, whose last columns no text and no page says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest

import reprise
from build_scripts.test_locale import FIRST_START, PLACEHOLDER, STATION, _messages
from reprise import i18n
from station_kit.typed import typed

DOCS = Path(str(reprise.__file__)).parents[2] / "docs"
LEAST = {STATION: 2000, FIRST_START: 290}  # texts; fewer would mean that nothing was looked at


def french(root: Path) -> Iterator[str]:
    """As it is shown: the station's texts are set when they are read."""
    for _message, _ids, strings in _messages(root):
        for text in strings:
            yield i18n.typeset(text, "fr") if root == STATION else text


def english(root: Path) -> Iterator[str]:
    for _message, ids, _strings in _messages(root):
        yield from ids


def found(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda text: compiled.search(text) is not None


# A text that does what is not done: each stands in a test below, so that the rules can fail.
WRONG = {
    "a space before an ellipsis": (found(r"\w[\s\u00a0]…"), "Un instant …"),
    "three dots": (found(r"\.\.\."), "Un instant..."),
    "a straight apostrophe": (found(r"\w'[\w{«]"), "l'effacement"),
    "a space that breaks before high punctuation": (found(r" [;:!?»]| %(?![(rs])"), "Disque : sda"),
    "no space before high punctuation": (
        found(r"[\w)][;!?](\s|$)|\w(?<!Content-Type)(?<!%\(prog\)s):\s"),
        "Arrêter?",
    ),
    "a space that breaks inside quotes": (found(r"« |«[^\s\u00a0]"), "« exit"),
    "English quotes": (found("[“”]"), "“exit”"),
    "a decimal point": (
        found(r"\d\.\d+[\s\u00a0](?:[KMGTkmgt]?[io]+\b|s\b|h\b|min\b|%)"),
        "3.8 Gio",
    ),
    "a capital without its accent": (
        found(r"\b(?:Ech[ae]|Ecra?n|Ecri|Etat|Etap|Eteig|Eteind|ECHEC|VERIFI|REFUSE\b|EFFACE\b)"),
        "Echap",
    ),
    "two spaces": (found(r"[^ ] {2}[^ ]"), "deux  espaces"),
}


@pytest.mark.parametrize("rule", WRONG)
@pytest.mark.parametrize("root", [STATION, FIRST_START], ids=["station", "first start"])
def test_french_is_set_as_a_printer_would(root: Path, rule: str) -> None:
    is_wrong, example = WRONG[rule]
    assert is_wrong(example), "a rule that finds nothing"
    texts = list(french(root))
    assert len(texts) >= LEAST[root]
    assert [text for text in texts if is_wrong(text)] == []


@pytest.mark.parametrize("root", [STATION, FIRST_START], ids=["station", "first start"])
def test_no_space_before_an_ellipsis_in_english(root: Path) -> None:
    is_wrong, _example = WRONG["a space before an ellipsis"]
    texts = list(english(root))
    assert len(texts) >= LEAST[root]
    assert [text for text in texts if is_wrong(text)] == []


@pytest.mark.parametrize(
    ("typed", "lang", "set_"),
    [
        ("l'état : « {x} » ?", "fr", "l’état\u00a0: «\u00a0{x}\u00a0»\u00a0?"),
        ("d'« exit », d'{x}", "fr", "d’«\u00a0exit\u00a0», d’{x}"),
        ("the drive's “state”: 50 %", "en", "the drive’s “state”: 50 %"),
        ("%(prog)s : %(text)s", "fr", "%(prog)s\u00a0: %(text)s"),
        ("pip install 'reprise[server]'", "fr", "pip install 'reprise[server]'"),
    ],
)
def test_what_is_typed_is_set_when_it_is_read(typed: str, lang: str, set_: str) -> None:
    assert i18n.typeset(typed, lang) == set_


def not_said(page: str) -> dict[str, str]:
    """What nobody says -> the term whose word it would be; by the last column."""
    rows = re.findall(r"^\|(.+)\|$", (DOCS / page).read_text("utf-8"), re.MULTILINE)
    words: dict[str, str] = {}
    for row in rows:
        cells = [cell.strip() for cell in row.split("|")]
        words |= dict.fromkeys(re.findall(r"`([^`]+)`", cells[-1]), cells[0])
    return words


@pytest.mark.parametrize("root", [STATION, FIRST_START], ids=["station", "first start"])
@pytest.mark.parametrize(
    ("texts_of", "page", "least"),
    [(french, "glossary.fr.md", 35), (english, "glossary.md", 12)],
    ids=["fr", "en"],
)
def test_what_the_glossary_rules_out_is_said_nowhere(
    root: Path, texts_of: Callable[[Path], Iterator[str]], page: str, least: int
) -> None:
    words = not_said(page)
    assert len(words) >= least
    texts = [PLACEHOLDER.sub("", typed(text)) for text in texts_of(root)]
    assert len(texts) >= LEAST[root]
    assert list(said_anyway(words, texts)) == []


def said_anyway(words: Mapping[str, str], texts: Sequence[str]) -> Iterator[str]:
    for word, term in words.items():
        pattern = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)", re.IGNORECASE)
        yield from (f"{word!r} ({term}): {text}" for text in texts if pattern.search(text))


# Blocks of code, code in a line, where a link leads, tags, addresses.
_NO_PROSE = re.compile(
    r"^ *```.*?^ *```|`[^`]+`|\]\([^)]*\)|^\[[^\]]+\]:.*?$|<[^>]+>|https?://\S+", re.M | re.S
)


def prose(page: Path) -> list[str]:
    """A page's paragraphs, each in a line."""
    paragraphs = _NO_PROSE.sub(" ", page.read_text("utf-8")).split("\n\n")
    return [" ".join(typed(paragraph).split()) for paragraph in paragraphs]


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_no_page_says_what_the_glossary_rules_out(lang: str) -> None:
    pages = (*DOCS.glob("*.md"), *DOCS.parent.glob("README*.md"))
    ours = [page for page in pages if page.name.endswith(".fr.md") == (lang == "fr")]
    words = not_said("glossary.fr.md" if lang == "fr" else "glossary.md")
    read = {page.name: prose(page) for page in ours if not page.name.startswith("glossary")}
    assert len(read) >= 12
    assert {
        name: told for name, texts in read.items() if (told := list(said_anyway(words, texts)))
    } == {}


def test_prose_is_what_a_person_reads(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "A [word](canaries.md) of `code`,\n<b title='tag'>here</b>.\n\n```\nblock\n```\n"
        "  ```\n  block of a list\n  ```\nThe `code`\nend",
        "utf-8",
    )
    assert prose(page) == ["A [word of , here .", "The end"]
