"""Keys are called as people call them, not as the kernel does."""

from __future__ import annotations

import re

import pytest

from reprise import i18n
from reprise.domain.checks.keyboard import COMPACT, FULL
from reprise.wording.checks import key_names
from reprise.wording.keys import key_label, key_name

KEYS = sorted({key.name for rows in (COMPACT, FULL) for row in rows for key in row if key.name})


@pytest.mark.parametrize(
    ("language", "detail", "words"),
    [
        ("fr", "KEY_PAUSE, KEY_SCROLLLOCK", "Pause, Arrêt défil"),
        ("en", "KEY_PAUSE, KEY_SCROLLLOCK", "Pause, Scroll Lock"),
        ("fr", "KEY_PAGEUP, KEY_SEMICOLON, KEY_KP7", "Page préc., M, 7 du pavé numérique"),
        ("fr", "KEY_Q, KEY_COMMA, KEY_F5", "A, «\u00a0;\u00a0», F5"),
        ("en", "KEY_Q, KEY_COMMA, KEY_F5", "Q, “,”, F5"),
        ("fr", "BTN_LEFT, BTN_RIGHT", "bouton gauche, bouton droit"),
        ("fr", "usb1-port1, usb1-port2", "usb1-port1, usb1-port2"),
        ("en", "", ""),
    ],
)
def test_what_keys_are_called(language: str, detail: str, words: str) -> None:
    with i18n.using(language):
        assert key_names(detail) == words


@pytest.mark.parametrize("name", KEYS)
def test_no_key_has_its_name_from_the_kernel(name: str) -> None:
    """Of the picture's keys each has a sign, a letter, or words of both languages."""
    with i18n.using("fr"):
        french, label = key_name(name, french=True), key_label(name, french=True)
    with i18n.using("en"):
        english = key_name(name, french=False)
    for told in (french, english):
        kernel = name.removeprefix("KEY_")
        assert told
        assert told != kernel or re.fullmatch(r"\w|F\d+", kernel)
    assert len(label) <= 5
    shared = re.fullmatch(r"(Esc|Tab|Alt|AltGr|Menu|Pause|F\d+)|\W*.\W*", english)
    assert french != english or shared
