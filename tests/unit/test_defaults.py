"""A field that nobody gave says nothing: no amount, no claim, no word, no permission."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import Enum
from types import ModuleType
from typing import Any

import pytest

import reprise_common
from reprise import domain, workflow
from reprise.domain.install.options import InstallOptions
from reprise.domain.pc.impact import ImpactFactors
from reprise.domain.pc.triage import TriageRules
from reprise.domain.planning.policy import Policy, Temperature
from reprise.domain.station.unattended import Unattended

# These are told in a file that is shipped, and the tests of that file compare it with the defaults.
TOLD_IN_A_FILE = {ImpactFactors, InstallOptions, Policy, Temperature, TriageRules, Unattended}
# What stands for "as always", and what an older journal meant where it says nothing.
AS_ALWAYS: dict[str, object] = {
    "AccessPoint.in_reach": True,
    "Age.sign": "bios",
    "AttemptRecord.stream": "aes-256-ctr",
    "AttemptStarted.stream": "aes-256-ctr",
    "CheckSpec.by_word": "by-eye",
    "ChecksRecord.rule": "reprise-grade/1",
    "Claims.flash": "clear",
    "DriveView.state": "detected",
    "Interrupted.stream": "aes-256-ctr",
    "Inventory.schema": "reprise-inventory/1",
    "Key.width": 1.0,
    "KeyboardState.changeable": "yes",
    "Minimum.flash": "clear",
    "Minimum.hdd": "clear",
    "Minimum.ssd": "clear",
    "Minimum.unknown": "clear",
    "OsImage.kind": "squashfs",
    "Past.elsewhere": "no",
    "Plan.schema": "reprise-plan/1",
    "PlanConfirmed.by": "operator",
    "Report.schema": "reprise-report/1",
    "Resume.stream": "aes-256-ctr",
    "SessionStarted.purpose": "real",
    "SessionState.stage": "open",
    "TechniqueSpec.phase": "sanitize",
    "TriageReason.weighs": "keep",
}


def _modules(package: ModuleType) -> Iterator[ModuleType]:
    for one in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if not one.name.startswith("reprise.workflow.engine"):  # what is told, not what is known
            yield importlib.import_module(one.name)


def _dataclasses() -> Iterator[type]:
    for module in (*_modules(reprise_common), *_modules(domain), *_modules(workflow)):
        for one in vars(module).values():
            if isinstance(one, type) and is_dataclass(one) and one.__module__ == module.__name__:
                yield one


def _without_saying(one: Field[Any]) -> object:
    if one.default_factory is not MISSING:
        return one.default_factory()
    return one.default


def _says_nothing(value: object) -> bool:
    if isinstance(value, Enum):
        return value.value in ("", "unknown", "none")
    # what is made of fields is looked at itself; what can be called is asked by nobody here
    return is_dataclass(value) or callable(value) or not value


def _told() -> dict[str, object]:
    return {
        f"{kind.__name__}.{one.name}": _without_saying(one)
        for kind in _dataclasses()
        for one in fields(kind)
        if (one.default, one.default_factory) != (MISSING, MISSING) and kind not in TOLD_IN_A_FILE
    }


def test_a_field_that_nobody_gave_says_nothing() -> None:
    assert {name for name, value in _told().items() if not _says_nothing(value)} == set(AS_ALWAYS)


@pytest.mark.parametrize("name", AS_ALWAYS)
def test_what_is_as_always_needs_no_word(name: str) -> None:
    assert _told()[name] == AS_ALWAYS[name]
