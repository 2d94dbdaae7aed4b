"""Which words give away a text that was not translated."""

from __future__ import annotations

import gettext
import re
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

import reprise

_PO = Path(reprise.__file__).parent / "locale/fr/LC_MESSAGES/reprise.po"
_PLACEHOLDER = re.compile(r"\{[^{}]*\}|%\([a-z_]+\)[sd]|%[sd]")
_TELLING_LETTERS = 4  # shorter pieces stand in names and serial numbers by chance


@cache
def _texts() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(English, French) of every entry, plurals too."""
    english: list[str] = []
    french: list[str] = []
    with _PO.open("rb") as file:
        for entry in read_po(file, locale="fr"):
            if entry.id:
                english += [entry.id] if isinstance(entry.id, str) else entry.id
                told = entry.string or ""
                french += [told] if isinstance(told, str) else told
    return tuple(english), tuple(french)


@cache
def _telling(language: str) -> tuple[str, ...]:
    """Pieces of the other language's texts that stand in no text of this one."""
    english, french = _texts()
    other, own = (english, french) if language == "fr" else (french, english)
    ours = "\n".join(_plain(text) for text in own)
    pieces = {piece for text in other for piece in _pieces(text)}
    return tuple(sorted(piece for piece in pieces if not _stands(piece, ours)))


def _pieces(text: str) -> set[str]:
    found = (_plain(piece) for piece in _PLACEHOLDER.split(text))
    return {piece for piece in found if sum(c.isalpha() for c in piece) >= _TELLING_LETTERS}


def _plain(text: str) -> str:
    return " ".join(text.split()).replace("\u2019", "'")


def _stands(piece: str, text: str) -> bool:
    at = text.find(piece)
    while at >= 0:
        around = text[at - 1 : at] + text[at + len(piece) : at + len(piece) + 1]
        if not any(c.isalnum() for c in around):
            return True
        at = text.find(piece, at + 1)
    return False


def foreign_words(language: str, text: str) -> list[str]:
    """Pieces of the other language in `text`, which should be in `language`."""
    shown = _plain(text)
    return [piece for piece in _telling(language) if _stands(piece, shown)]


_ACCENTS = str.maketrans("aeiouyAEIOUY", "äëïöüÿÄËÏÖÜÝ")
_WORD = re.compile(r"[A-Za-zÀ-ÿœŒ]{3,}")
_PLAIN_VOWEL = re.compile("[aeiouyAEIOUY]")
_DIGEST = re.compile(r"\b[0-9a-f]{12}\b")  # first digits of one: letters between them are no word


class Strange(gettext.NullTranslations):
    """A language in which each vowel wears an accent: a text that wears none was never given to
    the catalogue."""

    def gettext(self, message: str) -> str:
        parts = re.split(r"(\{[^{}]*\})", message)
        return "".join(p if p.startswith("{") else p.translate(_ACCENTS) for p in parts)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


def untouched_words(text: str, known: str) -> set[str]:
    """Words of `text` without a strange vowel, and that `known` data does not have."""
    data = {word.casefold() for word in _WORD.findall(known)}
    words = {word for word in _WORD.findall(_DIGEST.sub("", text)) if _PLAIN_VOWEL.search(word)}
    return {word for word in words if word.casefold() not in data}
