"""Ports that something was plugged into."""

from __future__ import annotations

from reprise.domain.checks.catalogue import CheckId, CheckLimit, CheckReason, MeasureName, Unit
from reprise.domain.checks.results import CheckResult, Measure, made


def judge_usb(seen: tuple[str, ...], ports: int | None) -> CheckResult:
    """`ports`: how many the firmware says a person can reach; None where it does not say: then
    the technician's word that all were tried is the only one."""
    measures = [Measure(MeasureName.PORTS_SEEN, len(seen), Unit.COUNT)]
    limits: tuple[CheckLimit, ...] = (CheckLimit.PORTS_NOT_COUNTED,)
    if ports is not None:
        measures.append(Measure(MeasureName.PORTS, ports, Unit.COUNT))
        limits = ()
    short = not seen or (ports is not None and len(seen) < ports)
    reason = CheckReason.NOT_ALL_SEEN if short else None
    return made(CheckId.USB, reason, tuple(measures), limits, unknown=short)
