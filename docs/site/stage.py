"""The pages of docs/ as Sphinx takes them: one folder a language, same names in both.

`docs/NAME.md` is English and `docs/NAME.fr.md` French, so that a forge shows them and their links
as they are; a site of two languages wants fr/NAME and en/NAME. Of ours it takes i18n alone, which
needs the standard library only."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "app"))

from reprise.i18n import typeset

DOCS = Path(__file__).resolve().parents[1]
LANGUAGES = ("fr", "en")
HOME = "index"
# Caption of each part of the menu in both languages, and its pages in reading order.
MENU: Sequence[tuple[Mapping[str, str], Sequence[str]]] = (
    ({"fr": "À l’établi", "en": "At the bench"}, ("stick", "verify", "start-keys", "black-screen",
                                                  "technician", "questions", "tested")),
    ({"fr": "Pour l’organisme", "en": "For the organisation"}, ("server", "server-scale",
                                                                "data-protection", "images")),
    ({"fr": "Comprendre", "en": "How it works"}, ("sanitization",)),
    ({"fr": "Participer", "en": "Taking part"}, ("translate", "glossary")),
)  # fmt: skip
# Of no site and in English alone, as the code: for whoever changes it.
FOR_DEVELOPERS = frozenset({"architecture", "how-to-add"})
_LINK = re.compile(r"(?<!!)\[([^\]]*)\]\(([^)\s]+)\)")
# What is code stays as it is: fences, indented blocks, `words`.
_CODE = re.compile(r"^```.*?^```$|^(?: {4}|\t).*$|`[^`\n]+`", re.M | re.S)
_CASES = "<!-- cases: made by make lab -->"
_CASES_HERE = "<!-- cases: those of sanitization.md -->"


class PageError(Exception):
    """A page that lacks its other language, or a link that leads into the wrong one."""


def names(docs: Path, language: str) -> set[str]:
    """The pages of one language, without their endings."""
    every = {path.name.removesuffix(".md") for path in docs.glob("*.md")} - FOR_DEVELOPERS
    french = {name.removesuffix(".fr") for name in every if name.endswith(".fr")}
    return french if language == "fr" else {name for name in every if not name.endswith(".fr")}


def alone(docs: Path) -> list[str]:
    """Pages that are there in one language only, as the file that is lacking."""
    french, english = names(docs, "fr"), names(docs, "en")
    return sorted([f"{name}.fr.md" for name in english - french]) + sorted(
        [f"{name}.md" for name in french - english]
    )


def staged(text: str, language: str) -> str:
    """A page with its links as the site needs them: to the same language's page without `.fr`, and
    no link to what the site does not carry (decisions, the repository's other files).

    Raises PageError on a link to the other language's page.
    """

    def site_link(match: re.Match[str]) -> str:
        words, target = match.groups()
        path, hash_, anchor = target.partition("#")
        if "://" in target or not path.endswith((".md", ".toml")):
            return match.group(0)
        if "/" in path or not path.endswith(".md"):
            return words
        if path.endswith(".fr.md") != (language == "fr"):
            raise PageError(f"a page in {language} links to {path}")
        return f"[{words}]({path.removesuffix('.md').removesuffix('.fr')}.md{hash_}{anchor})"

    return _LINK.sub(site_link, text)


def spaced(text: str) -> str:
    """French text whose two-part marks never begin a line, nor a guillemet end one: the pages are
    written with plain spaces, which anybody can type."""
    kept = list(_CODE.finditer(text))
    starts = [0, *(match.end() for match in kept)]
    ends = [*(match.start() for match in kept), len(text)]
    prose = [typeset(text[start:end], "fr") for start, end in zip(starts, ends, strict=True)]
    codes = [*(match.group(0) for match in kept), ""]
    return "".join(part for pair in zip(prose, codes, strict=True) for part in pair)


def menu(language: str) -> str:
    """The site's menu: hidden lists that Sphinx follows from the home page."""
    return "".join(
        f"\n```{{toctree}}\n:hidden:\n:caption: {caption[language]}\n\n"
        + "\n".join(pages)
        + "\n```\n"
        for caption, pages in MENU
    )


def stage(docs: Path, language: str, into: Path) -> None:
    """Write one language's pages and pictures where Sphinx reads them."""
    shutil.rmtree(into, ignore_errors=True)
    into.mkdir(parents=True)
    shutil.copytree(docs / "images", into / "images")
    cases = (docs / "sanitization.md").read_text("utf-8").partition(_CASES)[2]
    for name in sorted(names(docs, language)):
        source = docs / (f"{name}.fr.md" if language == "fr" else f"{name}.md")
        text = source.read_text("utf-8").replace(_CASES_HERE, cases)
        try:
            text = spaced(staged(text, language)) if language == "fr" else staged(text, language)
        except PageError as error:
            raise PageError(f"{source.name}: {error}") from error
        (into / f"{name}.md").write_text(text + (menu(language) if name == HOME else ""), "utf-8")
