"""Reallocated and pending sectors before and after: a drive that loses sectors while it is erased
says more about itself than any verdict."""

from __future__ import annotations

from collections.abc import Iterator

from reprise.adapters.drives.surface.record import Record
from reprise.domain.pc.hardware import SmartFacts
from reprise.domain.report.events import Observation, ObservationKind
from reprise.errors import RepriseError
from reprise.ports import DriveProbe, Job

_COUNTERS = ("reallocated_sectors", "pending_sectors", "offline_uncorrectable")


def smart_counters(job: Job, probe: DriveProbe, record: Record) -> Iterator[Observation]:
    """Zero or one SMART_COUNTERS, with "<counter>_before" (as planned) and "<counter>_after"
    (asked now); a counter that is not known is left out. Asks the drive: some seconds at most,
    minutes where it hangs."""
    before = job.drive.smart
    if _known(before) == {}:
        return
    try:
        after = probe.probe_drive(job.drive.node).smart
    except RepriseError:
        after = SmartFacts()  # "_after" is then missing
    told = {f"{name}_before": value for name, value in _known(before).items()}
    told |= {f"{name}_after": value for name, value in _known(after).items()}
    yield record.observe(ObservationKind.SMART_COUNTERS, **told)


def _known(facts: SmartFacts) -> dict[str, int]:
    counters = {name: getattr(facts, name) for name in _COUNTERS}
    return {name: value for name, value in counters.items() if value is not None}
