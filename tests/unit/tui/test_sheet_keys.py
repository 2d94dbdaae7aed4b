"""A sheet's key is taken before any screen has it, so no step's screen may wait for it; and
docs/how-to-add.md says which keys are taken."""

from __future__ import annotations

import re
from pkgutil import resolve_name
from typing import Any

from textual.binding import Binding

from reprise.cli.sheets import SHEETS
from reprise.tui.app import StationApp
from reprise.tui.steps import STEPS
from station_kit.places import TOP

OPENING = {sheet.key.lower() for sheet in SHEETS}


def waited_for(class_: type[Any]) -> set[str]:
    """The keys that it binds itself and by what it is made from."""
    bound = [each for kind in class_.__mro__ for each in vars(kind).get("BINDINGS", ())]
    keys = [each.key if isinstance(each, Binding) else each[0] for each in bound]
    return {key for several in keys for key in several.split(",")}


def test_no_step_waits_for_the_key_of_a_sheet() -> None:
    of_steps = {step.name: waited_for(resolve_name(step.screen)) for step in STEPS}
    assert all({"escape", "enter"} <= keys for keys in of_steps.values()), "what every step binds"
    assert {name: keys & OPENING for name, keys in of_steps.items() if keys & OPENING} == {}
    assert waited_for(StationApp) & OPENING == set()
    assert len(OPENING) == len(SHEETS)


def test_the_page_says_which_function_keys_are_taken() -> None:
    steps = set().union(*(waited_for(resolve_name(step.screen)) for step in STEPS))
    taken = {key.upper() for key in OPENING | steps | waited_for(StationApp)}
    page = (TOP / "docs/how-to-add.md").read_text("utf-8").partition("## A sheet over")[2]
    assert set(re.findall(r"\bF\d+\b", page)) == {
        key for key in taken if re.fullmatch(r"F\d+", key)
    }
