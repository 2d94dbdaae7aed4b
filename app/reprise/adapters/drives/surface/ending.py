"""How every attempt ends, whatever the drive does: with a verdict, or interrupted."""

from __future__ import annotations

from collections.abc import Iterator

from reprise.adapters.drives.blockio import DriveGoneError
from reprise.adapters.drives.surface.heat import TooHotError
from reprise.adapters.drives.surface.opening import LargerError, NotOpenedError
from reprise.adapters.drives.surface.record import Record
from reprise.adapters.drives.surface.rescue import Stopped
from reprise.domain.drives.capabilities import Capabilities, Support
from reprise.domain.drives.namespaces import Beyond, beyond
from reprise.domain.planning.options import hides_tail, own_bytes
from reprise.domain.report.events import ObservationKind, Update
from reprise.ports import Job


def _tail(job: Job) -> dict[str, int]:
    """Where the drive is larger, by its own word, than the kernel can reach: both sizes."""
    told = job.capabilities
    if told is None or not hides_tail(job.drive, told):
        return {}
    return {"drive_bytes": own_bytes(told), "seen_bytes": job.drive.identity.size_bytes}


def _beyond(job: Job) -> tuple[Beyond, ...]:
    """By all that is known and, where a namespace may have been made since, by the newest answers
    alone: of each area what is worse."""
    known = job.capabilities or Capabilities()
    fixed = known.nvme is not None and known.nvme.namespace_management is Support.NO
    parts = (
        part
        for told in (known, known if fixed else job.newest or known)
        for part in beyond(job.attempt.technique, job.drive, told, attaches=job.attaches)
    )
    return tuple(dict.fromkeys(parts))


def to_its_end(job: Job, record: Record, work: Iterator[Update]) -> Iterator[Update]:
    """All of `work`, then the one event that ends an attempt (see ports.Sanitizer)."""
    try:
        if job.anew_instead_of_bytes:
            from_bytes = job.anew_instead_of_bytes
            yield record.observe(ObservationKind.BEGUN_ANEW, from_bytes=from_bytes)
        if job.hidden_left:
            yield record.observe(ObservationKind.HIDDEN_AREA_LEFT, **_tail(job))
        for part in _beyond(job):
            told = {} if part.amount is None else {"amount": part.amount}
            yield record.observe(ObservationKind.HIDDEN_AREA_LEFT, area=part.area, **told)
        yield from work
        yield record.finished()
    except NotOpenedError as error:
        yield record.observe(error.kind, **error.detail)
        if isinstance(error, LargerError):
            yield record.observe(ObservationKind.HIDDEN_AREA_LEFT)
        yield record.finished()
    except DriveGoneError:
        yield record.interrupted("unplugged")
    except TooHotError:
        yield record.interrupted("too-hot")
    except Stopped:
        yield record.interrupted("operator")
