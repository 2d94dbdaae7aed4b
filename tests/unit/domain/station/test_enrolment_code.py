"""The code with which a station enrols: as it is typed by people, and by scanners."""

from __future__ import annotations

import secrets
from itertools import combinations

import pytest

from reprise.domain.station.enrolment import (
    EXAMPLE,
    LETTERS,
    as_address,
    code_link,
    grouped,
    new_code,
    read_code,
    read_link,
)

# Places where the letters stand: rows of a keyboard, from the left.
QWERTY = ("qwertyuiop", "asdfghjkl;", "zxcvbnm,./")
AZERTY = ("azertyuiop", "qsdfghjklm", "wxcvbn,;:!")
QWERTZ = ("qwertzuiop", "asdfghjklö", "yxcvbnm,.-")


def test_no_wrong_letter_and_no_two_that_changed_places_go_unseen() -> None:
    wrong = swapped = 0
    for _ in range(20):
        code = new_code(secrets.choice)
        assert read_code(code) == code
        for place, right in enumerate(code):
            for letter in LETTERS:
                if letter != right:
                    assert read_code(code[:place] + letter + code[place + 1 :]) is None
                    wrong += 1
        for one, other in combinations(range(len(code)), 2):
            if code[one] != code[other]:
                letters = list(code)
                letters[one], letters[other] = letters[other], letters[one]
                assert read_code("".join(letters)) is None
                swapped += 1
    assert wrong == 20 * 16 * 16
    assert swapped > 2000


def test_it_stands_in_the_same_place_on_every_keyboard() -> None:
    for letter in LETTERS.lower():
        places = {
            (row, keys.index(letter))
            for layout in (QWERTY, AZERTY, QWERTZ)
            for row, keys in enumerate(layout)
            if letter in keys
        }
        assert len(places) == 1, letter
    assert len(LETTERS) == len(set(LETTERS)) == 17
    assert 17**15 > 2**61


@pytest.mark.parametrize(
    "typed",
    ["BCDF-GHJK-LNPR-STVN", "bcdfghjklnprstvn", " bcdf ghjk  lnpr\tstvn\n", "b.c.d.f_ghjklnprstvn"],
)
def test_it_may_be_written_in_any_way(typed: str) -> None:
    assert read_code(typed) == "BCDFGHJKLNPRSTVN" == read_code(EXAMPLE)
    assert grouped("BCDFGHJKLNPRSTVN") == EXAMPLE


@pytest.mark.parametrize(
    "typed", ["", "BCDF", EXAMPLE + "B", EXAMPLE[:-1] + "A", "É" * 16, "BCDFGHJKLNPRSTVÑ", "1" * 16]
)
def test_what_is_none_is_none(typed: str) -> None:
    assert read_code(typed) is None


@pytest.mark.parametrize(
    "address",
    ["https://reprise.example.org", "http://10.0.0.5:8080", "https://example.org/below/this"],
)
def test_its_link_is_read_again(address: str) -> None:
    code = new_code(secrets.choice)
    link = code_link(address, code)
    assert read_link(f" {link}\n") == read_link(link + "/") == (address, grouped(code))


@pytest.mark.parametrize(
    "typed", ["", EXAMPLE, "https://example.org", "https://[", "/enrol/BCDF", "x/enrol/B/C"]
)
def test_what_is_no_link_is_none(typed: str) -> None:
    assert read_link(typed) is None


def test_an_address_is_typed_without_what_every_one_begins_with() -> None:
    assert as_address(" reprise.example.org/ ") == "https://reprise.example.org"
    assert as_address("http://10.0.0.5") == "http://10.0.0.5"
    assert as_address("") == ""
