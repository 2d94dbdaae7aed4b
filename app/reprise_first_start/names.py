"""Names of people, of users and of computers."""

from __future__ import annotations

import re
import unicodedata

from reprise_first_start.errors import FirstStartError
from reprise_first_start.i18n import _

# Debian's adduser, NAME_REGEX, within useradd's 32; RFC 1123, 2.1, one label, as short as NetBIOS
# lets a name be (15), or file sharing with Windows would cut it.
_USER = re.compile(r"[a-z][a-z0-9_-]{0,31}")
_COMPUTER = re.compile(r"[a-z0-9]([a-z0-9-]{0,13}[a-z0-9])?")
_LETTERS = {"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "đ": "d", "ł": "l", "’": "", "'": ""}
_PROPOSED = 16
# "Madame", "Association": what a name may begin with and nobody is called by.
_TITLES = frozenset({"m", "mr", "mme", "mlle", "monsieur", "madame", "mrs", "ms", "association",
                     "asso", "les", "le", "la", "l", "the", "club"})  # fmt: skip
_NO_NAMES = frozenset({"localhost", "root", "nobody"})


def folded(text: str) -> str:
    """Small letters without accents: "Éloïse" -> "eloise"."""
    text = "".join(_LETTERS.get(char, char) for char in text.casefold())
    parts = unicodedata.normalize("NFKD", text)
    return "".join(char for char in parts if not unicodedata.combining(char))


def clean_full_name(text: str) -> str:
    """As /etc/passwd can hold it: ":" ends its field there, "," its first part."""
    text = "".join(" " if char in ":,=\\" or not char.isprintable() else char for char in text)
    return " ".join(text.split())[:64]


def _words(full_name: str) -> list[str]:
    words = [re.sub(r"[^a-z0-9]", "", word) for word in folded(full_name).split()]
    return [word for word in words if word and word[0].isalpha()]


def propose_user(full_name: str, taken: frozenset[str]) -> str:
    """The first word that can be one, with a number where the system has that name; "" without."""
    words = _words(full_name)
    name = next((word for word in words if word not in _TITLES), next(iter(words), ""))
    name = name[:_PROPOSED]
    if name and (name in taken or name in _NO_NAMES):
        return next(f"{name}{n}" for n in range(2, 1000) if f"{name}{n}" not in taken)
    return name


def propose_computer(user: str) -> str:
    return f"pc-{user.replace('_', '-')}"[:15].rstrip("-") if user else ""


def is_user(name: str) -> bool:
    return _USER.fullmatch(name) is not None


def is_computer(name: str) -> bool:
    return _COMPUTER.fullmatch(name) is not None and name not in _NO_NAMES


def check_full_name(text: str) -> None:
    if not clean_full_name(text):
        raise FirstStartError(
            _("Your name is missing."),
            _("Write your name, or the name of your association: it is shown when you log in."),
        )


def check_user(name: str, taken: frozenset[str]) -> None:
    if not is_user(name):
        raise FirstStartError(
            _("This user name cannot be used."),
            _("Use small letters without accents, and digits; begin with a letter. Example: marie"),
        )
    if name in taken or name in _NO_NAMES:
        raise FirstStartError(
            _("The computer already uses this name for itself."),
            _("Add a digit or another letter. Example: {name}2").format(name=name),
        )


def check_computer(name: str) -> None:
    if not is_computer(name):
        raise FirstStartError(
            _("This name cannot be given to the computer."),
            _("Use at most 15 small letters without accents, digits and hyphens. "
              "Example: pc-marie"),
        )  # fmt: skip
