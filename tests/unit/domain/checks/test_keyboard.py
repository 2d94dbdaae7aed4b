"""The keyboard as it is drawn, 105 keys of ISO/IEC 9995 in rows of one width; when it passes."""

from __future__ import annotations

import pytest

from reprise.domain.checks.keyboard import (
    COMPACT,
    FULL,
    NEVER_ABSENT,
    Key,
    Rows,
    _row,
    judge_keyboard,
    missing,
    names_of,
)
from unit.domain.checks.results_told import FAILED, PASSED, L, M, R, whole


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


def test_a_key_is_seen_or_said_absent_or_dead() -> None:
    keys = frozenset({"KEY_A", "KEY_B", "KEY_C"})
    none: frozenset[str] = frozenset()
    passed = (PASSED, None, "", {M.KEYS_SEEN: 3, M.KEYS: 3}, ())
    assert whole(judge_keyboard(keys | {"KEY_ESC"}, keys, none)) == passed
    absent = judge_keyboard(frozenset({"KEY_A"}), keys, frozenset({"KEY_C", "KEY_B"}))
    said = {M.KEYS_SEEN: 1, M.KEYS: 1}
    assert whole(absent) == (PASSED, None, "KEY_B, KEY_C", said, (L.KEYS_SAID_ABSENT,))
    dead = whole(judge_keyboard(frozenset({"KEY_B"}), keys, none))
    assert dead[:3] == (FAILED, R.KEYS_DEAD, "KEY_A, KEY_C")
