"""What a turn of the flow means for the screen: where to go, what to say."""

from __future__ import annotations

from collections.abc import Mapping

from reprise.sentences.engine import started_again
from reprise.tui.steps import STEPS, StepName
from reprise.workflow.desk.flow import Landing, Turn

_STEP_OF: Mapping[Landing, StepName] = {
    Landing.ERASING: StepName.ERASING,
    Landing.INSTALLING: StepName.INSTALLING,
    Landing.DONE: StepName.DONE,
}


def step_to(turn: Turn, here: StepName) -> StepName | None:
    """None: stay."""
    if turn.to is not None:
        return _STEP_OF[turn.to]
    names = [step.name for step in STEPS]
    far = names.index(here) > names.index(StepName.DRIVES)
    return StepName.DRIVES if turn.back and far else None


def trouble_of(turn: Turn, problems: tuple[str, ...]) -> str:
    """A sentence to show, or "". At the end the last of all `problems` is said once more."""
    said = problems[-1:] if turn.to is Landing.DONE else turn.problems
    return " ".join((*((started_again(),) if turn.again else ()), *said))
