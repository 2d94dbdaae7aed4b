"""The PC that is checked, and its checks by their names: of the check X, `adapters/checks/X.py` has
the class XCheck, made from a CheckedPc. It implements ports.sheets.checks.FunctionCheck."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module

from reprise.adapters.hardware.sysfs import Roots
from reprise.adapters.hardware.udev import UdevLookup
from reprise.domain.checks.catalogue import CheckId
from reprise.ports import Clock, CommandRunner
from reprise.ports.sheets.checks import FunctionCheck


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedPc:
    """`newest_s`: the latest moment that is known to be past, in seconds since 1970 (this image's
    making, earlier sessions on the stick); it may read files."""

    runner: CommandRunner
    udev: UdevLookup
    clock: Clock
    newest_s: Callable[[], int]
    roots: Roots = field(default_factory=Roots)


def open_checks(pc: CheckedPc) -> Mapping[CheckId, FunctionCheck]:
    """All but the screen's, which only a person's eyes make."""
    return {check: _class_of(check)(pc) for check in CheckId if check is not CheckId.SCREEN}


def _class_of(check: CheckId) -> Callable[[CheckedPc], FunctionCheck]:
    module = import_module(f"reprise.adapters.checks.{check}")
    check_class: Callable[[CheckedPc], FunctionCheck] = getattr(module, f"{check.title()}Check")
    return check_class
