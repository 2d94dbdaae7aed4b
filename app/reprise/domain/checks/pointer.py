"""Movement and buttons."""

from __future__ import annotations

from reprise.domain.checks.catalogue import CheckId, CheckReason, MeasureName, Unit
from reprise.domain.checks.results import CheckResult, Measure, made, unknown


def judge_pointer(moves: int, seen: tuple[str, ...], wanted: tuple[str, ...]) -> CheckResult:
    """`wanted`: the buttons that the devices say they have; a pass needs each and some motion."""
    if not wanted:
        return unknown(CheckId.POINTER, CheckReason.NONE_FOUND)
    missing = tuple(button for button in wanted if button not in seen)
    measures = (
        Measure(MeasureName.MOVES, moves, Unit.COUNT),
        Measure(MeasureName.BUTTONS_SEEN, len(wanted) - len(missing), Unit.COUNT),
        Measure(MeasureName.BUTTONS, len(wanted), Unit.COUNT),
    )
    reason = CheckReason.NOT_ALL_SEEN if missing or not moves else None
    return made(
        CheckId.POINTER, reason, measures, detail=", ".join(missing), unknown=reason is not None
    )
