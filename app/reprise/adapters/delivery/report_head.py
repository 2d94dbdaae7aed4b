"""Which PC a signed report is about, and when it was made: for lists. Nothing is verified here, and
little memory is taken: the file may be a stranger's, and two processes look at it again and again.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field

from reprise.codec import part_of_json
from reprise.domain.pc.hardware import Machine
from reprise.domain.report.events import Operator
from reprise.errors import InputError

_MOST = 400  # letters of a fact: SMBIOS has at most 255


@dataclass(frozen=True, slots=True)
class Head:
    pc: str = ""
    sealed_at: str = ""
    report_id: str = ""


@dataclass(frozen=True, slots=True)
class _Inventory:
    machine: Machine = field(default_factory=Machine)


@dataclass(frozen=True, slots=True)
class _Clock:
    sealed_at: str = ""


@dataclass(frozen=True, slots=True)
class _Report:
    """What is needed of a report, of any version."""

    report_id: str = ""
    inventory: _Inventory = field(default_factory=_Inventory)
    operator: Operator = field(default_factory=Operator)
    clock: _Clock = field(default_factory=_Clock)


def read_head(jws: bytes) -> Head:
    """Empty where the file is no report: a list shows it with its number then."""
    try:
        report = part_of_json(_payload(jws), _Report)
    except (InputError, ValueError):
        return Head()
    machine = report.inventory.machine
    facts = (report.operator.asset_tag, machine.title, machine.serial or "")
    pc = "  ".join(fact[:_MOST] for fact in facts if fact)
    return Head(pc, report.clock.sealed_at[:_MOST], report.report_id[:_MOST])


def _payload(jws: bytes) -> bytes:
    """Raises ValueError where there is none."""
    first = jws.index(b".") + 1
    return base64.urlsafe_b64decode(jws[first : jws.index(b".", first)] + b"==")
