"""The function checks of this PC. They run beside the screen and need no session.

A check is found by its name: of the check X, `adapters/checks/X.py` has the class XCheck, made from
a CheckedPc."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from reprise.bootstrap.drives import command_runner
from reprise.bootstrap.past import newest_moment_s
from reprise.bootstrap.station import IMAGE_VERSION
from reprise.bootstrap.storage import clock
from reprise.domain.checks.catalogue import CheckId

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from reprise.adapters.checks.checked_pc import CheckedPc
    from reprise.adapters.storage.store import MirroredStore
    from reprise.ports.sheets.checks import FunctionCheck


def function_checks(where: MirroredStore) -> Mapping[CheckId, FunctionCheck]:
    from reprise.adapters.checks.checked_pc import CheckedPc
    from reprise.adapters.hardware.udev import udev_properties

    return open_checks(
        CheckedPc(
            runner=command_runner(),
            udev=udev_properties,
            clock=clock(),
            newest_s=lambda: newest_moment_s(where, IMAGE_VERSION),
        )
    )


def open_checks(pc: CheckedPc) -> Mapping[CheckId, FunctionCheck]:
    """All but the screen's, which only a person's eyes make."""
    return {check: _class_of(check)(pc) for check in CheckId if check is not CheckId.SCREEN}


def _class_of(check: CheckId) -> Callable[[CheckedPc], FunctionCheck]:
    module = import_module(f"reprise.adapters.checks.{check.replace('-', '_')}")
    check_class: Callable[[CheckedPc], FunctionCheck] = getattr(module, class_name(check))
    return check_class


def class_name(check: str) -> str:
    """Of the check `optical-drive`: `OpticalDriveCheck`."""
    return "".join(word.title() for word in check.split("-")) + "Check"
