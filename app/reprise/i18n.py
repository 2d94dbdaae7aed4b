"""French and English. Msgids are English; French is in locale/fr. French is the default."""

from __future__ import annotations

import gettext
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

LANGUAGES = ("fr", "en")
DEFAULT_LANGUAGE = "fr"
_LOCALE_DIR = Path(__file__).parent / "locale"
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


def _(message: str) -> str:
    """The text for a person, in the language in force."""
    return _catalogue(language()).gettext(message)


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "mark, translate later"
    return message


def ngettext(one: str, many: str, count: int) -> str:
    return _catalogue(language()).ngettext(one, many, count)


def language_of_environment() -> str:
    """fr or en from LC_ALL, LC_MESSAGES or LANG; French where they say neither."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        short = os.environ.get(name, "")[:2].lower()
        if short in LANGUAGES:
            return short
    return DEFAULT_LANGUAGE
