"""Wired ports with a link."""

from __future__ import annotations

from reprise.domain.checks.catalogue import CheckId, CheckLimit, CheckReason, MeasureName, Unit
from reprise.domain.checks.results import CheckResult, Measure, made, unknown


def judge_ethernet(
    ports: tuple[str, ...], linked: tuple[str, ...], speed_mbit_s: int | None
) -> CheckResult:
    """Each wired port must have had a link; a port without a cable says nothing."""
    if not ports:
        return unknown(CheckId.ETHERNET, CheckReason.NONE_FOUND)
    measures = [
        Measure(MeasureName.PORTS_SEEN, len(linked), Unit.COUNT),
        Measure(MeasureName.PORTS, len(ports), Unit.COUNT),
    ]
    if speed_mbit_s is not None:
        measures.append(Measure(MeasureName.LINK_SPEED, speed_mbit_s, Unit.MEGABITS_S))
    reason = None
    if not linked:
        reason = CheckReason.NO_CABLE
    elif len(linked) < len(ports):
        reason = CheckReason.SOME_PORTS
    limits = (CheckLimit.NOTHING_SENT,) if linked else ()
    missing = ", ".join(port for port in ports if port not in linked)
    return made(
        CheckId.ETHERNET, reason, tuple(measures), limits, missing, unknown=reason is not None
    )
