"""The steps of the flow, as data: which screen follows which, and what is done there.

A row names its screen's class, which is loaded when it is due: a person waits for the first one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from reprise.i18n import _
from reprise.tui.station import Place

if TYPE_CHECKING:
    from reprise.workflow.session.state import SessionState


class StepName(StrEnum):
    """In the order of the flow, as STEPS."""

    START = "start"
    MACHINE = "machine"
    DRIVES = "drives"
    SYSTEM = "system"
    CONFIRM = "confirm"
    ERASING = "erasing"
    INSTALLING = "installing"
    DONE = "done"

    @property
    def at(self) -> int:
        return list(StepName).index(self)


@dataclass(frozen=True, slots=True)
class Step:
    """`screen`: its class, as pkgutil names it. `title` and `todo`: what the step is called, and
    what is done at it. `may_leave`: whether Enter may go on to the next step in this state.
    `attention`: why a person should look at this step, so that the way straight to the plan stops
    at it, or ""."""

    name: StepName
    screen: str
    title: Callable[[], str]
    todo: Callable[[], str]
    may_leave: Callable[[SessionState], bool] = lambda _state: False
    attention: Callable[[SessionState], str] = lambda _state: ""


# Where nothing has been confirmed yet and the hardware may be looked at again.
LOOKING = frozenset(name for name in StepName if name.at <= StepName.DRIVES.at)


def place_at(step: StepName, *, installs: bool) -> Place:
    """`installs`: a system was chosen."""
    skipped = () if installs else (StepName.INSTALLING,)
    after = [entry.title() for entry in STEPS[step.at + 1 :] if entry.name not in skipped]
    titles = tuple(entry.title() for entry in STEPS)
    return Place(step.at, titles, STEPS[step.at].todo(), after[0] if after else "")


def _not_worth_keeping(state: SessionState) -> str:
    from reprise.domain.pc.triage import Advice

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
        return " ".join(unusual(reason) for reason in state.unusual)
    cut_off = any(view.past.unfinished for view in state.erasable)
    return _("An earlier erasure of a drive was not finished.") if cut_off else ""


STEPS: tuple[Step, ...] = (
    Step(
        StepName.START,
        "reprise.tui.screens.start:StartScreen",
        lambda: _("Start"),
        lambda: _("Type or scan what identifies this PC, or leave it empty."),
        lambda _state: True,
    ),
    Step(
        StepName.MACHINE,
        "reprise.tui.screens.machine:MachineScreen",
        lambda: _("This PC"),
        lambda: _("Check that the serial number matches the label."),
        lambda state: state.inventory is not None,
        _not_worth_keeping,
    ),
    Step(
        StepName.DRIVES,
        "reprise.tui.screens.drives:DrivesScreen",
        lambda: _("Drives"),
        lambda: _("Check that these are this PC's drives, and that nobody needs what is on them."),
        lambda state: state.plan is not None,
        _drives_to_look_at,
    ),
    Step(
        StepName.SYSTEM,
        "reprise.tui.screens.system:SystemScreen",
        lambda: _("System"),
        lambda: _("Choose what is installed once the erasure is verified."),
        lambda state: state.plan is not None,
    ),
    Step(
        StepName.CONFIRM,
        "reprise.tui.screens.confirm:ConfirmScreen",
        lambda: _("Confirmation"),
        lambda: _("Read what will be done, then type the word. After that nobody is needed here."),
    ),
    Step(
        StepName.ERASING,
        "reprise.tui.screens.working:ErasingScreen",
        lambda: _("Erasure"),
        lambda: _(
            "It goes on by itself. Use the time: check the functions (F3), or start the next PC."
        ),
    ),
    Step(
        StepName.INSTALLING,
        "reprise.tui.screens.working:InstallingScreen",
        lambda: _("Installation"),
        lambda: _("It goes on by itself; the report is signed and stored afterwards."),
    ),
    Step(StepName.DONE, "reprise.tui.screens.done:DoneScreen", lambda: _("End"), lambda: ""),
)
