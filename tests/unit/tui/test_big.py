"""Large letters: every word of the large screen can be drawn, and is as large as there is room."""

from __future__ import annotations

import pytest

from reprise.tui.drawing.big import big_rows
from reprise.tui.drawing.glyphs import ALLOWED

WORDS = [
    "1h47",
    "24 min",
    "EN COURS",
    "FINI",
    "À VOUS",
    "ÉCHEC",
    "BUSY",
    "DONE",
    "NEEDS YOU",
    "FAILED",
    "3600",
    "30",
]


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize(("width", "height"), [(76, 14), (156, 38), (236, 60)])
def test_a_word_fills_its_room_and_no_more(word: str, width: int, height: int) -> None:
    rows = big_rows((word,), width, height)
    assert rows, word
    assert len(rows) <= height
    assert {len(row) for row in rows} == {width}
    assert set("".join(rows)) == {"█", " "} and set("".join(rows)) <= ALLOWED
    inked = [row for row in rows if row.strip()]
    assert len(inked) >= 7 and len(inked) * 2.2 >= height / 2, "too small for its room"


def test_accents_stand_above_and_differ() -> None:
    acute, grave, plain = (big_rows((c,), 20, 9) for c in "ÉÈE")
    assert len(acute) == len(grave) == 9
    assert acute[2:] == grave[2:]
    assert acute[:2] != grave[:2]
    assert acute[2:] == plain[-7:] or len(plain) > 7


def test_no_two_letters_or_digits_look_the_same() -> None:
    signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:%?!-'"
    drawn = {sign: tuple(big_rows((sign,), 9, 7)) for sign in signs}
    assert len(set(drawn.values())) == len(signs)
    assert big_rows(("€",), 9, 7) == big_rows(("?",), 9, 7)


def test_where_there_is_no_room_there_are_no_letters() -> None:
    assert big_rows(("FAILED",), 20, 20) == []
    assert big_rows(("FAILED",), 76, 6) == []


def test_a_text_is_broken_where_that_makes_it_larger() -> None:
    broken = big_rows(("NEEDS YOU",), 76, 16)
    assert len(broken) == 16
    assert len(big_rows(("NEEDS YOU",), 76, 15)) < 15
