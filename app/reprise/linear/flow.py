"""The steps in plain lines, as data."""

from __future__ import annotations

from reprise.linear import after, before
from reprise.linear.sheets import visit
from reprise.linear.talk import Step

SHEETS = visit
STEPS = {
    Step.START: before.start,
    Step.MACHINE: before.machine,
    Step.DRIVES: before.drives,
    Step.SYSTEM: before.system,
    Step.CONFIRM: before.confirm_plan,
    Step.WORK: after.work,
    Step.DONE: after.finished,
}
