"""What was seen while a drive was erased, with its names and numbers."""

from __future__ import annotations

from collections.abc import Mapping

from reprise.domain.report.events import Observation, ObservationKind
from reprise.i18n import N_
from reprise.i18n import _ as translate
from reprise.wording.codes import code
from reprise.wording.formats import number

OBSERVATIONS: Mapping[ObservationKind, str] = {
    ObservationKind.COMMAND_ACCEPTED: N_("the drive accepted the command"),
    ObservationKind.COMMAND_FINISHED: N_("the drive reported the end of the command"),
    ObservationKind.COMMAND_FAILED: N_("the command failed"),
    ObservationKind.FLUSHED: N_("the drive's write cache was flushed"),
    ObservationKind.FLUSH_FAILED: N_("the drive's write cache could not be flushed"),
    ObservationKind.FLUSH_NOT_SENT: N_(
        "no write cache was flushed: the system takes the drive for one without, and the drive "
        "takes no such command"
    ),
    ObservationKind.CANARIES_PLANTED: N_("control marks were planted before the erasure"),
    ObservationKind.MARKS_MOVED: N_(
        "some places for control marks are bad: their marks were planted nearby"
    ),
    ObservationKind.CANARIES_GONE: N_("all control marks are gone"),
    ObservationKind.CANARY_SURVIVED: N_("a control mark survived the erasure"),
    ObservationKind.READBACK_MATCHES: N_("what was read back is exactly what was written"),
    ObservationKind.READBACK_ERASED: N_("what was read back is one erased pattern"),
    ObservationKind.READBACK_MISMATCH: N_("what was read back is not what was expected"),
    ObservationKind.READBACK_INCOMPLETE: N_("the read-back did not cover all that it should"),
    ObservationKind.WRAPPED: N_("data of another address was found: the capacity is fake"),
    ObservationKind.IDENTITY_CHANGED: N_("the drive is no longer the same"),
    ObservationKind.WRITE_ERRORS: N_("some sectors could not be written"),
    ObservationKind.READ_ERRORS: N_("some sectors could not be read"),
    ObservationKind.COMMAND_RUNNING: N_("the command was seen in progress"),
    ObservationKind.COMMAND_HUNG: N_("the command did not finish in time"),
    ObservationKind.STATUS_NOT_OURS: N_("the drive's status is about an older command"),
    ObservationKind.TOO_QUICK: N_("it was far quicker than the drive's own estimate"),
    ObservationKind.UNREADABLE_UNTIL_WRITTEN: N_(
        "after this erase the drive must be written before it can be read"
    ),
    ObservationKind.REATTACHED: N_("the operation went on without us and was taken up again"),
    ObservationKind.BEGUN_ANEW: N_(
        "the drive does not hold what was written before the interruption (it was used since, or "
        "lost it): to be overwritten again from its start"
    ),
    ObservationKind.HIDDEN_AREA_LEFT: N_("a hidden part of the drive was not reached"),
    ObservationKind.SEEN_LARGER: N_("the drive was seen to be larger than what was reached"),
    ObservationKind.AREA_KEPT_DATA: N_("a special area of the drive still holds data"),
    ObservationKind.AREA_ERASED: N_("a special area of the drive was looked at and holds nothing"),
    ObservationKind.AREA_UNKNOWN: N_("a special area of the drive could not be looked into"),
    ObservationKind.SMART_COUNTERS: N_("replaced and waiting sectors, before and after"),
    ObservationKind.PAUSED_HOT: N_("paused: the drive was too hot"),
    ObservationKind.RESUMED_COOL: N_("resumed: the drive had cooled down"),
    ObservationKind.TEMPERATURE_UNKNOWN: N_("its temperature could not be read"),
    ObservationKind.STALLED: N_("the drive kept a transfer waiting for long"),
    ObservationKind.STOPPED: N_("the operator stopped the work"),
}

# What is not listed is shown as it is.
_DETAILS: Mapping[str, str] = {
    "bytes": N_("bytes"),
    "required_bytes": N_("bytes required"),
    "at_bytes": N_("at byte"),
    "meant_for_bytes": N_("meant for byte"),
    "from_bytes": N_("resumed from byte"),
    "first_lba": N_("first LBA"),
    "last_lba": N_("last LBA"),
    "count": N_("number"),
    "seen": N_("number"),
    "sectors": N_("sectors"),
    "gave_up_at": N_("given up after"),
    "command": N_("command"),
    "exit_code": N_("exit code"),
    "duration_s": N_("seconds"),
    "error": N_("error"),
    "errno": N_("error"),
    "fact": N_("fact"),
    "planned": N_("planned"),
    "found": N_("found"),
    "refusal": N_("refusal"),
    "refusals": N_("refusals"),
    "value": N_("value"),
    "pattern": N_("pattern"),
    "sector_sha256": N_("SHA-256 of the sector that repeats"),
    "reallocated_sectors_before": N_("replaced before"),
    "reallocated_sectors_after": N_("replaced after"),
    "pending_sectors_before": N_("waiting before"),
    "pending_sectors_after": N_("waiting after"),
    "offline_uncorrectable_before": N_("unreadable before"),
    "offline_uncorrectable_after": N_("unreadable after"),
    "area": N_("area"),
    "areas": N_("areas"),
    "amount": N_("amount"),
    "expected": N_("expected"),
    "unwritten_bytes": N_("bytes not written"),
    "was": N_("state"),
    "why": N_("because"),
    "reasons": N_("reasons"),
    "sense": N_("SCSI sense"),
    "answer": N_("the drive's answer"),
    "meaning": N_("meaning"),
    "password": N_("password"),
    "step": N_("step"),
    "job_id": N_("task"),
    "celsius": N_("degrees Celsius"),
    "limit_celsius": N_("limit in degrees Celsius"),
    "operation": N_("operation"),
    "ended": N_("ended"),
    "percent": N_("per cent"),
    "survivors": N_("marks left"),
    "canaries": N_("marks"),
    "patterns": N_("patterns"),
    "opcode": N_("operation code"),
    "status": N_("status"),
    "state": N_("drive's state"),
    "seconds": N_("seconds"),
    "estimate_s": N_("the drive's estimate in seconds"),
    "earlier": N_("in an earlier session"),
}

PAIR = N_("{name}: {value}")

TABLES = (OBSERVATIONS,)


def observation(value: Observation | ObservationKind) -> str:
    """What was seen, with its names and numbers."""
    if isinstance(value, ObservationKind):
        return translate(OBSERVATIONS[value])
    text = translate(OBSERVATIONS[value.kind])
    detail = _detail(value.detail)
    return f"{text} ({detail})" if detail else text


def _detail(pairs: Mapping[str, str | int | float]) -> str:
    shown = translate(PAIR)
    return ", ".join(
        shown.format(
            name=translate(_DETAILS[name]) if name in _DETAILS else name,
            value=number(value) if isinstance(value, int) else code(str(value)),
        )
        for name, value in pairs.items()
    )
