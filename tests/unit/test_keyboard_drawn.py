"""The keyboard as it is drawn: 105 keys of ISO/IEC 9995 in rows of one width."""

from __future__ import annotations

import pytest

from reprise.domain.keyboard_keys import (
    COMPACT,
    FULL,
    NEVER_ABSENT,
    Key,
    Rows,
    _row,
    missing,
    names_of,
)


@pytest.mark.parametrize(
    ("rows", "keys", "width"),
    [(COMPACT, 88, 15 + 0.25 + 3), (FULL, 105, 15 + 0.25 + 3 + 0.25 + 4)],
    ids=["compact", "full"],
)
def test_every_row_is_as_wide_as_the_others(rows: Rows, keys: int, width: float) -> None:
    """Main block, middle and pad stand apart by a quarter of a key."""
    assert len(rows) == 6
    assert [sum(key.width for key in row) for row in rows] == [width] * 6
    names = [key.name for row in rows for key in row if key.name]
    assert len(names) == len(set(names)) == keys


def test_letters_digits_and_what_types_them_are_on_every_keyboard() -> None:
    letters = {f"KEY_{letter}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"}
    assert letters < NEVER_ABSENT < names_of(COMPACT)
    assert len(NEVER_ABSENT - letters) == 17
    may_lack = {"KEY_PAUSE", "KEY_102ND", "KEY_RIGHTCTRL", "KEY_F1", "KEY_CAPSLOCK"}
    assert not may_lack & NEVER_ABSENT


def test_what_was_not_pressed_is_told_from_the_upper_left() -> None:
    every = names_of(COMPACT)
    assert missing(every) == ()
    assert missing(every - {"KEY_Z", "KEY_F1", "KEY_UP"}) == ("KEY_F1", "KEY_Z", "KEY_UP")
    assert len(missing(every | {"KEY_KP5"})) == 16, "the pad is there, and the rest of it is not"


def test_a_row_is_written_as_it_is_read() -> None:
    gap = Key("", 0.5)
    assert _row("ESC _:0.5 TAB:1.5 _") == (Key("KEY_ESC"), gap, Key("KEY_TAB", 1.5), Key(""))
