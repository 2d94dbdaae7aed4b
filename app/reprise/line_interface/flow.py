"""The steps in plain lines, as data."""

from __future__ import annotations

from reprise.line_interface import since_confirmed, until_confirmed
from reprise.line_interface.step import LineStep

STEPS = {
    LineStep.START: until_confirmed.start,
    LineStep.MACHINE: until_confirmed.machine,
    LineStep.DRIVES: until_confirmed.drives,
    LineStep.SYSTEM: until_confirmed.system,
    LineStep.CONFIRM: until_confirmed.confirm_plan,
    LineStep.WORK: since_confirmed.work,
    LineStep.DONE: since_confirmed.finished,
}
