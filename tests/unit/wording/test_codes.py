"""Every code of the domain is a word: empty or twice the same it would tell nobody anything."""

from __future__ import annotations

import pkgutil
from enum import StrEnum
from importlib import import_module

import pytest

import reprise.domain
import reprise.workflow
from reprise.domain.station.stick import StickReason

EMPTY = {StickReason.NONE}


def enums() -> list[type[StrEnum]]:
    found: dict[str, type[StrEnum]] = {}
    for package in (reprise.domain, reprise.workflow):
        for one in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            for value in vars(import_module(one.name)).values():
                ours = isinstance(value, type) and issubclass(value, StrEnum)
                if ours and value is not StrEnum and value.__module__.startswith("reprise."):
                    found[f"{value.__module__}.{value.__name__}"] = value
    return [found[name] for name in sorted(found)]


def test_there_are_many() -> None:
    assert len(enums()) > 30


@pytest.mark.parametrize("enum", enums(), ids=lambda enum: enum.__name__)
def test_each_code_is_a_word_of_its_own(enum: type[StrEnum]) -> None:
    values = [one.value for name, one in enum.__members__.items()]
    assert len(set(values)) == len(values)
    for one in enum:
        assert one.value or any(one is empty for empty in EMPTY)  # all empty ones are equal
        assert one.value == one.value.strip()
