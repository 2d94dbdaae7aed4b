"""Passwords: what is asked of one, said in plain words, and its form in /etc/shadow."""

from __future__ import annotations

import ctypes
import re
from enum import Enum

from reprise_common import passphrase
from reprise_first_start.errors import FirstStartError
from reprise_first_start.i18n import N_, _
from reprise_first_start.names import folded

SHORTEST = 8
_LONGEST = 256  # bytes; libcrypt's own limit is 511
_ROWS = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "azertyuiop", "qsdfghjklm", "wxcvbn",
         "qwertyuiop", "asdfghjkl", "zxcvbnm")  # fmt: skip
# The ones that are tried first wherever French and English are spoken.
_COMMON = ("motdepasse", "password", "passw0rd", "bonjour", "soleil", "doudou", "loulou",
           "chouchou", "iloveyou", "jetaime", "marseille", "ordinateur", "computer", "welcome",
           "bienvenue", "administrateur", "admin", "football", "letmein", "coucou")  # fmt: skip


class Strength(Enum):
    EMPTY = N_(
        "At least 8 characters. Three words that do not belong together are easy to remember."
    )
    SHORT = N_("Too short still: at least 8 characters.")
    GUESSED = N_("Too easy to guess.")
    LOCKED_OUT = N_(
        "It opens the drive, too: 12 characters or more, letters without accents, digits, spaces "
        "and hyphens."
    )
    FAIR = N_("This is enough. Longer is better still: add a word.")
    GOOD = N_("A good password.")


def said(found: Strength) -> str:
    return _(found.value)


def strength(password: str, about: tuple[str, ...] = (), opens_drive: bool = False) -> Strength:
    """`about`: names of the person and of the PC, which are guessed first. `opens_drive`: it is
    typed before the system runs, too."""
    if opens_drive and not passphrase.is_usable(password):
        return Strength.LOCKED_OUT
    if not password:
        return Strength.EMPTY
    if len(password) < SHORTEST:
        return Strength.SHORT
    if _is_guessed(folded(password), about):
        return Strength.GUESSED
    words = [word for word in password.split() if len(word) > 2]
    return Strength.GOOD if len(password) >= 14 or len(words) >= 3 else Strength.FAIR


def _is_guessed(plain: str, about: tuple[str, ...]) -> bool:
    """What is left when the well-known is taken away is less than four characters."""
    left = re.sub(r"[\s'_-]", "", plain)
    if len(set(left)) <= 3:
        return True
    for known in (*_COMMON, *(word for text in about for word in _parts(text))):
        if len(known) >= 3:
            left = left.replace(known, "")
    return len(set(left)) <= 3 or any(left in row or left in row[::-1] for row in _ROWS)


def _parts(text: str) -> list[str]:
    """The words of a name, and those with a hyphen as one, too."""
    plain = folded(text)
    return [re.sub(r"[\s'_-]", "", plain), *re.findall(r"[a-z0-9]+", plain)]


def check(
    password: str, repeated: str, about: tuple[str, ...] = (), opens_drive: bool = False
) -> None:
    """Raises FirstStartError."""
    if not password.isprintable() or len(password.encode()) > _LONGEST:
        raise FirstStartError(
            _("This password has characters that cannot be typed again later, or far too many."),
            _("Use letters, digits, spaces and signs of your keyboard."),
        )
    judged = strength(password, about, opens_drive)
    if judged in (Strength.EMPTY, Strength.SHORT):
        raise FirstStartError(
            _("The password is too short."),
            _("Write at least 8 characters. Example of a form: three words and a number."),
        )
    if judged is Strength.GUESSED:
        raise FirstStartError(
            _("This password is too easy to guess."),
            _("Do not use your name, keys in a row or a very common word alone. Add other words."),
        )
    if judged is Strength.LOCKED_OUT:
        raise FirstStartError(
            _("This password cannot open the drive when the computer starts."),
            _("Write 12 characters or more: letters without accents, digits, spaces and hyphens. "
              "Example of a form: three words and a number."),
        )  # fmt: skip
    if password != repeated:
        raise FirstStartError(
            _("The two passwords are not the same."),
            _("Write the password again in both fields. “Show the password” lets you read it."),
        )


def hashed(password: str) -> str:
    """yescrypt, as Debian's own passwd makes it, with a salt of the kernel's (crypt(5))."""
    crypt = ctypes.CDLL("libcrypt.so.1")
    crypt.crypt_gensalt.restype = crypt.crypt.restype = ctypes.c_char_p
    crypt.crypt_gensalt.argtypes = [ctypes.c_char_p, ctypes.c_ulong, ctypes.c_char_p, ctypes.c_int]
    crypt.crypt.argtypes = [ctypes.c_char_p, ctypes.c_char_p]
    salt = crypt.crypt_gensalt(b"$y$", 0, None, 0)
    made: bytes | None = crypt.crypt(password.encode(), salt) if salt else None
    if not made or not made.startswith(b"$y$"):
        raise FirstStartError(
            _("The password could not be kept."),
            _("Try again. If it happens again, ask whoever gave you the computer."),
        )
    return made.decode("ascii")
