"""French and English. Msgids are English; French is in locale/fr. French is the default."""

from __future__ import annotations

import gettext
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Self, TypeVar

LANGUAGES = ("fr", "en")
DEFAULT_LANGUAGE = "fr"
_LOCALE_DIR = Path(__file__).parent / "locale"
_OF = "\x04"  # gettext's sign between a context and a message
T = TypeVar("T")
_NOTHING: Mapping[str, object] = {}
_remembering: list[bool] = []
_default: list[str] = [DEFAULT_LANGUAGE]
_override: ContextVar[str | None] = ContextVar("language", default=None)


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    if language == "en":
        return gettext.NullTranslations()
    return gettext.translation("reprise", str(_LOCALE_DIR), languages=[language])


def set_language(language: str) -> None:
    """The language of the whole process. Unknown languages fall back to French."""
    _default[0] = language if language in LANGUAGES else DEFAULT_LANGUAGE


def language() -> str:
    return _override.get() or _default[0]


@contextmanager
def using(lang: str) -> Iterator[None]:
    """One document or one request in another language than the process's."""
    token = _override.set(lang if lang in LANGUAGES else DEFAULT_LANGUAGE)
    try:
        yield
    finally:
        _override.reset(token)


_APOSTROPHE = re.compile(r"(?<=\w)'(?=[\w{«“])")
_HELD = re.compile(r"(?<=«) | (?=[;:!?»]|%(?![(rs]))")


@cache
def typeset(text: str, lang: str) -> str:
    """What a translator types on a keyboard as a printer sets it: typographic apostrophes and,
    in French, no-break spaces inside « » and before ; : ! ? %."""
    curly = _APOSTROPHE.sub("’", text)
    return _HELD.sub("\u00a0", curly) if lang == "fr" else curly


class Text(str):
    """Remembers what it was made of: see `again` and `remember_texts`."""

    __slots__ = ("_made_of", "msgid")

    msgid: str
    _made_of: Mapping[str, object]

    def __new__(cls, text: str, msgid: str = "", made_of: Mapping[str, object] = _NOTHING) -> Self:
        made = super().__new__(cls, text)
        made.msgid, made._made_of = msgid, made_of
        return made

    def format(self, *args: object, **named: object) -> str:
        text = super().format(*args, **named)
        return text if args else Text(text, self.msgid, named)

    def again(self) -> str:
        text = _(self.msgid)
        parts = {name: again(value) for name, value in self._made_of.items()}
        return text.format(**parts) if parts else text


def _(message: str) -> str:
    """The text for a person, in the language in force."""
    lang = language()
    text = typeset(_catalogue(lang).gettext(message).rpartition(_OF)[2], lang)
    return Text(text, message) if _remembering else text


def pgettext(of: str, message: str) -> str:
    """A word that agrees with a noun in French. `of`: the noun in English, for translators."""
    return _(f"{of}{_OF}{message}")


def remember_texts() -> None:
    """From here on, texts of this process can be said `again`: for a screen, whose language a
    person changes. The engine, the papers and the server have no use for it."""
    _remembering.append(True)


def again(value: T) -> T | str:
    """What was said in one language, in the one in force by now: a text that comes from the
    catalogue, with what was put into it. Anything else stays as it is."""
    return value.again() if isinstance(value, Text) else value


def beside(first: str, then: str) -> str:
    """Two sentences, which can be said again as one."""
    if not (first and then):
        return first or then
    text = f"{first} {then}"
    return Text(text, "{first} {then}", {"first": first, "then": then}) if _remembering else text


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "mark, translate later"
    return message


def ngettext(one: str, many: str, count: int) -> str:
    lang = language()
    return typeset(_catalogue(lang).ngettext(one, many, count), lang)


def language_of_environment() -> str:
    """fr or en from LC_ALL, LC_MESSAGES or LANG; French where they say neither."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        short = os.environ.get(name, "")[:2].lower()
        if short in LANGUAGES:
            return short
    return DEFAULT_LANGUAGE
