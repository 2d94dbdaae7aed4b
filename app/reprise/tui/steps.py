"""The steps of the flow, as data: which screen follows which, and which are skipped.

Only the first screen is loaded with this module: a person waits for it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from typing import TYPE_CHECKING

from reprise.tui.base import StationScreen
from reprise.tui.screens.start import StartScreen

if TYPE_CHECKING:
    from reprise.workflow.session_state import SessionState


class StepName(StrEnum):
    START = "start"
    MACHINE = "machine"
    DRIVES = "drives"
    SYSTEM = "system"
    CONFIRM = "confirm"
    ERASING = "erasing"
    CHECKS = "checks"  # by F7, before the confirmation or while drives are erased
    INSTALLING = "installing"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Step:
    """`may_leave`: whether Enter may go on to the next step in this state."""

    name: StepName
    screen: Callable[[], StationScreen]
    may_leave: Callable[[SessionState], bool] = lambda _state: True


def _machine() -> StationScreen:
    from reprise.tui.screens.machine import MachineScreen

    return MachineScreen()


def _drives() -> StationScreen:
    from reprise.tui.screens.drives import DrivesScreen

    return DrivesScreen()


def _system() -> StationScreen:
    from reprise.tui.screens.system import SystemScreen

    return SystemScreen()


def _confirm() -> StationScreen:
    from reprise.tui.screens.confirm import ConfirmScreen

    return ConfirmScreen()


def _erasing() -> StationScreen:
    from reprise.tui.screens.working import ErasingScreen

    return ErasingScreen()


def _checks() -> StationScreen:
    from reprise.tui.screens.checks import ChecksScreen

    return ChecksScreen()


def _installing() -> StationScreen:
    from reprise.tui.screens.working import InstallingScreen

    return InstallingScreen()


def _done() -> StationScreen:
    from reprise.tui.screens.done import DoneScreen

    return DoneScreen()


def load_screens() -> None:
    """Load the other screens' code, from any thread: afterwards the stick may be pulled."""
    for name in ("machine", "drives", "system", "confirm", "working", "checks", "done"):
        import_module(f"reprise.tui.screens.{name}")


def _planned(state: SessionState) -> bool:
    return state.plan is not None


STEPS: tuple[Step, ...] = (
    Step(StepName.START, StartScreen),
    Step(StepName.MACHINE, _machine, lambda state: state.inventory is not None),
    Step(StepName.DRIVES, _drives, _planned),
    Step(StepName.SYSTEM, _system, _planned),
    Step(StepName.CONFIRM, _confirm, lambda _state: False),
    Step(StepName.ERASING, _erasing, lambda _state: False),
    Step(StepName.CHECKS, _checks, lambda _state: False),
    Step(StepName.INSTALLING, _installing, lambda _state: False),
    Step(StepName.DONE, _done, lambda _state: False),
)
