"""docs/how-to-add.md: what to follow goes through as many files as its heading says."""

from __future__ import annotations

import re

import pytest

from station_kit.places import TOP

_NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5}
_PAGE = (TOP / "docs/how-to-add.md").read_text("utf-8")
_SECTIONS = {part.partition("\n")[0]: part for part in _PAGE.split("\n## ")[1:]}
_FOLLOWED = {name: text for name, text in _SECTIONS.items() if "git grep -lE" in text}


def test_all_but_a_step_can_be_followed() -> None:
    assert len(_FOLLOWED) == len(_SECTIONS) - 1 == 5


@pytest.mark.parametrize("heading", _FOLLOWED)
def test_the_command_lists_as_many_files_as_the_heading_says(heading: str) -> None:
    found = re.search(r"`git grep -lE '([^']+)' ([a-z ]+)`", _FOLLOWED[heading])
    assert found is not None
    pattern, folders = re.compile(found[1], re.MULTILINE), found[2].split()
    every = [path for folder in folders for path in (TOP / folder).rglob("*.*") if path.is_file()]
    kinds = {".py", ".toml", ".po", ".json"}
    listed = [p for p in every if p.suffix in kinds and pattern.search(p.read_text("utf-8"))]
    number = next(_NUMBERS[word] for word in heading.split() if word in _NUMBERS)
    assert len(listed) == number, listed
