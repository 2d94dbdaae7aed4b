"""What a scan heard."""

from __future__ import annotations

from reprise.domain.checks.catalogue import CheckId, CheckLimit, CheckReason, MeasureName, Unit
from reprise.domain.checks.results import CheckResult, Measure, made, unknown


def judge_wifi(networks: int, best_percent: int | None) -> CheckResult:
    """Networks by the scan; their names are nobody's business and are not kept."""
    if networks == 0:
        return unknown(CheckId.WIFI, CheckReason.NO_NETWORK_AROUND)
    measures = [Measure(MeasureName.NETWORKS, networks, Unit.COUNT)]
    if best_percent is not None:
        measures.append(Measure(MeasureName.BEST_SIGNAL, best_percent, Unit.PERCENT))
    return made(CheckId.WIFI, None, tuple(measures), (CheckLimit.NOTHING_SENT,))
