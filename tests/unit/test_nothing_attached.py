"""reprise erase --nothing-attached."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reprise.cli.storage_stated import events, told
from reprise.domain.unreached import Unreached, UnreachedKind
from reprise.errors import InputError
from unit.drives import pc

MAY_BE = Unreached(UnreachedKind.SHOWS_NOTHING, "0000:03:00.0", "class=0100")
IS_THERE = Unreached(UnreachedKind.VOLUME, "0000:05:00.0", "class=0104")
FOUND = replace(pc(), unreached=(MAY_BE, IS_THERE))


def test_each_address_is_stated_once_by_the_operator() -> None:
    (one,) = events(["0000:03:00.0", "0000:03:00.0"], FOUND, "C. Martin")
    assert (one.about, one.by) == (MAY_BE, "C. Martin")
    assert events([], FOUND, "C. Martin") == ()


@pytest.mark.parametrize("where", ["0000:05:00.0", "0000:04:00.0", ""])
def test_nothing_is_erased_on_a_word_that_cannot_be_given(where: str) -> None:
    with pytest.raises(InputError):
        events(["0000:03:00.0", where], FOUND, "")


def test_what_is_open_and_what_was_stated_is_told() -> None:
    open_one, other = told(FOUND, ())
    assert "0000:03:00.0" in open_one
    assert "0000:05:00.0" in other
    still, said = told(FOUND, events(["0000:03:00.0"], FOUND, ""))
    assert "0000:05:00.0" in still
    assert "0000:03:00.0" in said
