"""The steps of the flow, as data: which screen follows which, and which are skipped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from reprise.tui.base import StationScreen
from reprise.tui.screens.confirm import ConfirmScreen
from reprise.tui.screens.done import DoneScreen
from reprise.tui.screens.drives import DrivesScreen
from reprise.tui.screens.machine import MachineScreen
from reprise.tui.screens.start import StartScreen
from reprise.tui.screens.system import SystemScreen
from reprise.tui.screens.working import ErasingScreen, InstallingScreen
from reprise.workflow.session_state import SessionState


class StepName(StrEnum):
    START = "start"
    MACHINE = "machine"
    DRIVES = "drives"
    SYSTEM = "system"
    CONFIRM = "confirm"
    ERASING = "erasing"
    INSTALLING = "installing"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Step:
    """`may_leave`: whether Enter may go on to the next step in this state."""

    name: StepName
    screen: Callable[[], StationScreen]
    may_leave: Callable[[SessionState], bool] = lambda _state: True


def _planned(state: SessionState) -> bool:
    return state.plan is not None


STEPS: tuple[Step, ...] = (
    Step(StepName.START, StartScreen),
    Step(StepName.MACHINE, MachineScreen, lambda state: state.inventory is not None),
    Step(StepName.DRIVES, DrivesScreen, _planned),
    Step(StepName.SYSTEM, SystemScreen, _planned),
    Step(StepName.CONFIRM, ConfirmScreen, lambda _state: False),
    Step(StepName.ERASING, ErasingScreen, lambda _state: False),
    Step(StepName.INSTALLING, InstallingScreen, lambda _state: False),
    Step(StepName.DONE, DoneScreen, lambda _state: False),
)
