"""The steps of the flow, as data: which screen follows which, and which are skipped.

Only the first screen is loaded with this module: a person waits for it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from typing import TYPE_CHECKING

from reprise.i18n import _
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
    INSTALLING = "installing"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Step:
    """`may_leave`: whether Enter may go on to the next step in this state. `attention`: why a
    person should look at this step, so that the way straight to the plan stops at it, or ""."""

    name: StepName
    screen: Callable[[], StationScreen]
    may_leave: Callable[[SessionState], bool] = lambda _state: True
    attention: Callable[[SessionState], str] = lambda _state: ""


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


def _installing() -> StationScreen:
    from reprise.tui.screens.working import InstallingScreen

    return InstallingScreen()


def _done() -> StationScreen:
    from reprise.tui.screens.done import DoneScreen

    return DoneScreen()


# Where nothing has been confirmed yet and the hardware may be looked at again.
LOOKING = frozenset({StepName.START, StepName.MACHINE, StepName.DRIVES})


def load_screens() -> None:
    """Load the other screens' code, from any thread: afterwards the stick may be pulled."""
    for name in ("machine", "drives", "system", "confirm", "working", "done"):
        import_module(f"reprise.tui.screens.{name}")
    for name in ("tui.bench", "sentences.left"):  # of the large screen
        import_module(f"reprise.{name}")


def _planned(state: SessionState) -> bool:
    return state.plan is not None


def _not_worth_keeping(state: SessionState) -> str:
    from reprise.domain.triage import Advice

    if state.assessed is None or state.assessed.triage.advice is Advice.KEEP:
        return ""
    return _("Reprise does not recommend keeping this PC whole.")


def _drives_to_look_at(state: SessionState) -> str:
    """Nothing to erase, something unusual, or something that was cut off."""
    from reprise.wording import unusual

    if state.plan is None:
        return ""
    if not state.erasable:
        return _("There is no drive to erase.")
    if state.unusual:
        return " ".join(unusual(one) for one in state.unusual)
    cut_off = any(view.past.unfinished for view in state.erasable)
    return _("An earlier erasure of a drive was not finished.") if cut_off else ""


STEPS: tuple[Step, ...] = (
    Step(StepName.START, StartScreen),
    Step(StepName.MACHINE, _machine, lambda state: state.inventory is not None, _not_worth_keeping),
    Step(StepName.DRIVES, _drives, _planned, _drives_to_look_at),
    Step(StepName.SYSTEM, _system, _planned),
    Step(StepName.CONFIRM, _confirm, lambda _state: False),
    Step(StepName.ERASING, _erasing, lambda _state: False),
    Step(StepName.INSTALLING, _installing, lambda _state: False),
    Step(StepName.DONE, _done, lambda _state: False),
)
