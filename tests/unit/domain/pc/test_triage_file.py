"""triage.toml: what it may say, and that it is obeyed."""

from __future__ import annotations

from dataclasses import fields

import pytest

from reprise.domain.pc.triage import TriageRules
from reprise.errors import InputError
from reprise.strict_toml import dataclass_from_toml
from station_kit.places import TOP

SHIPPED = TOP / "config" / "triage.toml"


# triage.toml


def test_the_shipped_file_says_what_holds_without_it() -> None:
    text = SHIPPED.read_text("utf-8")
    assert dataclass_from_toml(text, TriageRules, "triage.toml") == TriageRules()
    for field in fields(TriageRules):
        assert f"\n{field.name} = " in text, "every key is in the file, with its comment"


@pytest.mark.parametrize(
    "line",
    [
        "recycle_over_years = 0",
        "bios_after_pc_years = -1",
        "parts_below_memory_gib = 5",
        "good_memory_gib = 1",
        "battery_worn_percent = 101",
        "drive_worn_percent = 'most'",
        "parts_below_cores = 0",
        "version = 0",
        "recycle_over_year = 9",
        "bios_before_pc_years = -1",
        "battery_worn_percent = -1",
        "drive_worn_percent = 101",
        "drive_worn_percent = -1",
        "parts_below_memory_gib = 0",
        "recycle_over_years = -1",
    ],
)
def test_what_cannot_be_meant_is_refused(line: str) -> None:
    with pytest.raises(InputError, match=r"triage\.toml"):
        dataclass_from_toml(line + "\n", TriageRules, "triage.toml")


@pytest.mark.parametrize(
    "line",
    [
        "bios_before_pc_years = 0",
        "bios_after_pc_years = 0",
        "parts_below_memory_gib = 4",
        "parts_below_memory_gib = 0.5",
        "battery_worn_percent = 0",
        "battery_worn_percent = 100",
        "drive_worn_percent = 0",
        "drive_worn_percent = 100",
        "parts_below_cores = 1",
        "version = 1",
    ],
)
def test_what_may_just_be_meant_is_taken(line: str) -> None:
    name, value = line.split(" = ")
    rules = dataclass_from_toml(line + "\n", TriageRules, "triage.toml")
    assert float(getattr(rules, name)) == float(value)


def test_what_stands_without_a_file() -> None:
    assert TriageRules() == TriageRules(
        name="default",
        version=1,
        recycle_over_years=10,
        bios_before_pc_years=2,
        bios_after_pc_years=5,
        parts_below_memory_gib=2,
        good_memory_gib=4,
        parts_below_cores=2,
        battery_worn_percent=50,
        drive_worn_percent=90,
    )
