"""docs/how-to-add.md: what to follow goes through as many files as is said."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from station_kit.places import TOP

_NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5, "seven": 7}
_PAGE = (TOP / "docs/how-to-add.md").read_text("utf-8")
_SECTIONS = {part.partition("\n")[0]: part for part in _PAGE.split("\n## ")[1:]}
_COMMAND = re.compile(r"(?s)(.*?)`git grep -lE '([^']+)' ([a-z ]+)`")
_FOLLOWED = {name: text for name, text in _SECTIONS.items() if "git grep -lE" in text}


def test_all_but_a_step_can_be_followed() -> None:
    assert len(_FOLLOWED) == len(_SECTIONS) - 1 == 6


def _commands() -> Iterator[tuple[str, str, int]]:
    """What each looks for and where, and how many files it is to list: the number nearest before
    it, in its own sentence or in the heading."""
    for heading, text in _FOLLOWED.items():
        said = heading
        for before, looked_for, where in _COMMAND.findall(text):
            sentence = re.split(r"Follow |`git", before)[-1]
            said = sentence if any(word in _NUMBERS for word in sentence.split()) else said
            yield looked_for, where, next(_NUMBERS[w] for w in said.split() if w in _NUMBERS)


def test_each_command_is_held() -> None:
    assert len(list(_commands())) == _PAGE.count("git grep") == len(_FOLLOWED) + 1


@pytest.mark.parametrize(("looked_for", "where", "number"), list(_commands()))
def test_the_command_lists_as_many_files_as_is_said(
    looked_for: str, where: str, number: int
) -> None:
    pattern, folders = re.compile(looked_for, re.MULTILINE), where.split()
    every = [path for folder in folders for path in (TOP / folder).rglob("*.*") if path.is_file()]
    kinds = {".py", ".toml", ".po", ".json"}
    listed = [p for p in every if p.suffix in kinds and pattern.search(p.read_text("utf-8"))]
    assert len(listed) == number, listed
