"""The steps in plain lines, as data."""

from __future__ import annotations

from reprise.line_interface import after, before
from reprise.line_interface.step import LineStep

STEPS = {
    LineStep.START: before.start,
    LineStep.MACHINE: before.machine,
    LineStep.DRIVES: before.drives,
    LineStep.SYSTEM: before.system,
    LineStep.CONFIRM: before.confirm_plan,
    LineStep.WORK: after.work,
    LineStep.DONE: after.finished,
}
