"""What a turn of the flow means for the screen: where to go, what to say."""

from __future__ import annotations

from collections.abc import Mapping

from reprise.sentences.engine import started_again
from reprise.tui.steps import LOOKING, StepName
from reprise.workflow.engine.flow import FlowChange, Landing

_STEP_OF: Mapping[Landing, StepName] = {
    Landing.ERASING: StepName.ERASING,
    Landing.INSTALLING: StepName.INSTALLING,
    Landing.DONE: StepName.DONE,
}


def step_to(turn: FlowChange, here: StepName) -> StepName | None:
    """None: stay."""
    if turn.to is not None:
        return _STEP_OF[turn.to]
    return StepName.DRIVES if turn.back and here not in LOOKING else None


def trouble_of(turn: FlowChange, problems: tuple[str, ...]) -> str:
    """A sentence to show, or "". At the end the last of all `problems` is said once more."""
    said = problems[-1:] if turn.to is Landing.DONE else turn.problems
    return " ".join((*((started_again(),) if turn.again else ()), *said))
