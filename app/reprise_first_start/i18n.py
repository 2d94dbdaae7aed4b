"""French and English, changed at any time. Msgids are English; French is the default."""

from __future__ import annotations

import gettext
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

LANGUAGES = ("fr", "en")
DOMAIN = "reprise_first_start"
_in_force = ["fr"]


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    if language == "en":
        return gettext.NullTranslations()
    folder = Path(__file__).parent / "locale"
    return gettext.translation(DOMAIN, str(folder), languages=[language])


def set_language(language: str) -> None:
    """An unknown one is French."""
    _in_force[0] = language if language in LANGUAGES else "fr"


def language() -> str:
    return _in_force[0]


@contextmanager
def using(language: str) -> Iterator[None]:
    """A page in another language than the screen's."""
    before = _in_force[0]
    set_language(language)
    try:
        yield
    finally:
        _in_force[0] = before


def _(message: str) -> str:
    return _catalogue(_in_force[0]).gettext(message)


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for it
    """Marks a text that is translated where it is shown."""
    return message
