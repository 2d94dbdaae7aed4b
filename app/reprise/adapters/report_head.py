"""Which PC a signed report is about, and when it was made: for lists. Nothing is verified here."""

from __future__ import annotations

from dataclasses import dataclass, field

from reprise.adapters.signing import SignatureError, split_jws
from reprise.codec import from_json
from reprise.domain.events import Operator
from reprise.domain.hardware import Machine
from reprise.errors import InputError


@dataclass(frozen=True, slots=True)
class Head:
    pc: str = ""
    sealed_at: str = ""


@dataclass(frozen=True, slots=True)
class _Inventory:
    machine: Machine = field(default_factory=Machine)


@dataclass(frozen=True, slots=True)
class _Clock:
    sealed_at: str = ""


@dataclass(frozen=True, slots=True)
class _Report:
    """What is needed of a report, of any version."""

    inventory: _Inventory = field(default_factory=_Inventory)
    operator: Operator = field(default_factory=Operator)
    clock: _Clock = field(default_factory=_Clock)


def read_head(jws: bytes) -> Head:
    """Empty where the file is no report: a list shows it with its number then."""
    try:
        _header, payload, _signature, _signed = split_jws(jws)
        report = from_json(payload, _Report)
    except (InputError, SignatureError):
        return Head()
    machine = report.inventory.machine
    facts = (report.operator.asset_tag, machine.title, machine.serial or "")
    return Head("  ".join(fact for fact in facts if fact), report.clock.sealed_at)
