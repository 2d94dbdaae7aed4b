"""What a drive and a PC came to, from all that was seen of them: decided here, what a report
proves of it in report_outcome.py, and nowhere else.

A verdict is about one attempt (domain/erasure/verification.py). A drive is judged by all its
attempts: a fallback that succeeds does not undo what an earlier attempt, the preparation or the
plan saw. Screens, plain lines, papers, exit codes and the server put words to what stands here. Who
changes what a drive or a PC comes to raises report_outcome.RULE_VERSION.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from reprise.domain.drives.scope import is_outside
from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.erasure.verification import ReasonCode, standing
from reprise.domain.pc.hardware import Drive
from reprise.domain.planning.plan import UNHIDES, Preparation, Refusal
from reprise.domain.planning.techniques import Method, Technique, Verdict, reaches
from reprise.domain.report.events import Observation, ObservationKind
from reprise.domain.report.report import AttemptRecord, PreparationRecord


class Outcome(StrEnum):
    """Of a whole PC, worst first: the first that is true of any of its drives is the PC's. The
    values are those that the server's tables hold."""

    FAILED = "failed"
    INTERRUPTED = "interrupted"
    UNVERIFIED = "unverified"
    INCOMPLETE = "untouched"  # a drive of the PC was not erased, or may be out of reach
    ERASED = "sanitized"  # every drive of the PC, and there is at least one
    NO_DRIVE = "no-drive"


_OUTCOME_OF = {
    DriveState.FAILED: Outcome.FAILED,
    DriveState.INTERRUPTED: Outcome.INTERRUPTED,
    DriveState.ERASING: Outcome.INTERRUPTED,
    DriveState.VERIFYING: Outcome.INTERRUPTED,
    DriveState.UNVERIFIED: Outcome.UNVERIFIED,
    DriveState.SANITIZED: Outcome.ERASED,
}


@dataclass(frozen=True, slots=True)
class DriveResult:
    """`reasons`, `limitations`: codes; the latter of the last attempt: what it could not prove,
    however well it went. `achieved` is NONE unless `state` is SANITIZED."""

    state: DriveState
    achieved: Method = Method.NONE
    reasons: tuple[str, ...] = ()
    limitations: tuple[str, ...] = ()


# Each says that this is not the drive that was confirmed, or not the capacity that it shows: no
# attempt after it proves anything.
_FOR_GOOD = {
    ObservationKind.IDENTITY_CHANGED: ReasonCode.IDENTITY_CHANGED,
    ObservationKind.WRAPPED: ReasonCode.WRAPPED,
}
# Of the addressable surface: settled by a later attempt that read all of it back, not by a sample.
_OF_THE_SURFACE = frozenset(
    {
        ObservationKind.CANARY_SURVIVED,
        ObservationKind.READBACK_MISMATCH,
        ObservationKind.READBACK_INCOMPLETE,
        ObservationKind.WRITE_ERRORS,
        ObservationKind.READ_ERRORS,
    }
)
_DATA_SEEN = frozenset({ObservationKind.CANARY_SURVIVED, ObservationKind.READBACK_MISMATCH})
_AREA_DOUBTS = {
    ObservationKind.AREA_KEPT_DATA: ReasonCode.AREA_KEPT_DATA,
    ObservationKind.AREA_UNKNOWN: ReasonCode.AREA_UNKNOWN,
}


def drive_result(
    attempts: Sequence[AttemptRecord],
    preparation: PreparationRecord | None = None,
    hidden: Iterable[Preparation] = (),
    refusals: Sequence[Refusal] = (),
    size_bytes: int = 0,
) -> DriveResult:
    """Of one drive. `attempts` in order; `hidden`: the steps of any plan of this session that
    would have uncovered part of it; `size_bytes`: as the last attempt found it. Never SANITIZED
    without a last attempt that was VERIFIED."""
    if not attempts:
        state = DriveState.REFUSED if refusals else DriveState.DETECTED
        return DriveResult(state, reasons=tuple(refusal.code for refusal in refusals))
    last = attempts[-1]
    result = _of_attempts(attempts, preparation, hidden, size_bytes)
    return replace(result, limitations=standing(last.attempt, last.observations))


def _of_attempts(
    attempts: Sequence[AttemptRecord],
    preparation: PreparationRecord | None,
    hidden: Iterable[Preparation],
    size_bytes: int,
) -> DriveResult:
    last = attempts[-1]
    seen = [observation for told in _rounds(attempts) for observation in told]
    kinds = {observation.kind for observation in seen}
    if for_good := [code for kind, code in _FOR_GOOD.items() if kind in kinds]:
        return _without_claim(DriveState.FAILED, for_good, last.reasons)
    if last.verdict is None or last.interrupted is not None:
        return DriveResult(DriveState.INTERRUPTED, reasons=(last.interrupted or "power-cut",))
    doubts = [
        *_areas(seen),
        *_hidden(kinds, preparation, hidden),
        *_beyond(last, seen, size_bytes),
        *_surface(attempts),
    ]
    if last.verdict is not Verdict.VERIFIED:
        failed = last.verdict is Verdict.FAILED
        state = DriveState.FAILED if failed else DriveState.UNVERIFIED
        return _without_claim(state, last.reasons, doubts)
    if doubts:
        return _without_claim(DriveState.UNVERIFIED, doubts)
    return _claimed(attempts)


def ends(result: DriveResult) -> bool:
    """Whether a drive that stands so gets no further attempt."""
    over = (DriveState.SANITIZED, DriveState.INTERRUPTED, DriveState.REFUSED)
    return result.state in over or not _FOR_GOOD_REASONS.isdisjoint(result.reasons)


_FOR_GOOD_REASONS = frozenset(_FOR_GOOD.values())


def _without_claim(state: DriveState, *reasons: Iterable[str]) -> DriveResult:
    told = dict.fromkeys(str(reason) for some in reasons for reason in some)
    return DriveResult(state, Method.NONE, tuple(told))


def _areas(seen: Iterable[Observation]) -> list[ReasonCode]:
    """Areas outside the user's that were seen to hold data, or could not be looked at, and were
    not seen erased since."""
    return [_AREA_DOUBTS[kind] for kind in _open_areas(seen).values()]


def _open_areas(seen: Iterable[Observation]) -> dict[str, ObservationKind]:
    open_: dict[str, ObservationKind] = {}
    for observation in seen:
        area = str(observation.detail.get("area", ""))
        if observation.kind is ObservationKind.AREA_ERASED:
            open_.pop(area, None)
        elif observation.kind in _AREA_DOUBTS:
            open_[area] = observation.kind
    return open_


def _hidden(
    kinds: Iterable[ObservationKind],
    preparation: PreparationRecord | None,
    hidden: Iterable[Preparation],
) -> list[ReasonCode]:
    done = preparation.done if preparation is not None else ()
    left = UNHIDES.intersection(hidden).difference(done)
    if preparation is not None:
        left |= UNHIDES.intersection(preparation.steps).difference(done)
        left |= UNHIDES.intersection(preparation.left)
    told = ObservationKind.HIDDEN_AREA_LEFT in kinds
    return [ReasonCode.HIDDEN_AREA_LEFT] if left or told else []


def _beyond(last: AttemptRecord, seen: Iterable[Observation], size_bytes: int) -> list[ReasonCode]:
    """What a look showed, and the attempt did not. Some firmware erases what it hides, and nobody
    says of all that it does."""
    overwrite = last.attempt.technique is Technique.OVERWRITE
    reached = last.written_bytes if overwrite else size_bytes
    return [ReasonCode.HIDDEN_AREA_LEFT] if reached < _largest(seen) else []


def _largest(seen: Iterable[Observation]) -> int:
    """Bytes; 0 where nothing showed the drive larger than another look did."""
    larger = (one.detail.get("bytes") for one in seen if one.kind is ObservationKind.SEEN_LARGER)
    return max((size if type(size) is int else _NO_SIZE for size in larger), default=0)


_NO_SIZE = 1 << 63  # larger than each


def _surface(attempts: Sequence[AttemptRecord]) -> list[ReasonCode]:
    if ReasonCode.READ_BACK_IN_FULL in attempts[-1].reasons:
        return []
    troubled = any(attempt.medium_errors for attempt in attempts[:-1]) or any(
        not _OF_THE_SURFACE.isdisjoint(seen.kind for seen in told)
        for told in _rounds(attempts)[:-1]
    )
    return [ReasonCode.EARLIER_TROUBLE] if troubled else []


def _claimed(attempts: Sequence[AttemptRecord]) -> DriveResult:
    """A drive that said "finished" while data was still there is not believed again: what it does
    out of sight then counts as no more than what a host could have seen."""
    last = attempts[-1]
    achieved = last.achieved
    if any(_lied(told) for told in _rounds(attempts)[:-1]) and reaches(achieved, Method.PURGE):
        achieved = Method.CLEAR
    if not reaches(achieved, last.attempt.minimum):
        return _without_claim(DriveState.FAILED, [ReasonCode.BELOW_POLICY])
    if achieved is Method.NONE:
        return _without_claim(DriveState.UNVERIFIED, last.reasons)
    return DriveResult(DriveState.SANITIZED, achieved, last.reasons)


def _lied(told: Iterable[Observation]) -> bool:
    kinds = {observation.kind for observation in told}
    return ObservationKind.COMMAND_FINISHED in kinds and not kinds.isdisjoint(_DATA_SEEN)


def _rounds(attempts: Iterable[AttemptRecord]) -> list[tuple[Observation, ...]]:
    """What each attempt saw, in order; what earlier sessions saw stands as one attempt before."""
    return [told for attempt in attempts for told in (attempt.earlier, attempt.observations)]


def unsettled(
    drive: str,
    attempts: Sequence[AttemptRecord],
    preparation: PreparationRecord | None = None,
    hidden: Iterable[Preparation] = (),
) -> tuple[Observation, ...]:
    """What was seen of a drive (by that key) whose erasure was cut off, as far as it counts for
    the session that resumes it: as AttemptRecord.earlier it has the effect on drive_result that
    these attempts would have had."""
    rounds = _rounds(attempts)
    seen = [one for told in rounds for one in told]
    kinds = {one.kind for one in seen}
    kept = kinds & {*_FOR_GOOD, *_OF_THE_SURFACE}
    failed_at = {error.operation for one in attempts for error in one.medium_errors}
    if failed_at:
        kept.add(
            ObservationKind.READ_ERRORS if failed_at == {"read"} else ObservationKind.WRITE_ERRORS
        )
    if any(_lied(told) for told in rounds):
        kept.add(ObservationKind.COMMAND_FINISHED)
    if _hidden(kinds, preparation, hidden):
        kept.add(ObservationKind.HIDDEN_AREA_LEFT)
    areas = _open_areas(seen).items()
    larger = [{"bytes": size}] if (size := _largest(seen)) else []
    return (
        *(Observation(drive, ObservationKind.SEEN_LARGER, told) for told in larger),
        *(Observation(drive, kind) for kind in ObservationKind if kind in kept),
        *(Observation(drive, kind, {"area": area}) for area, kind in areas),
    )


def lie(told: Sequence[Observation]) -> tuple[Observation, ...]:
    """The part of `told` by which a drive is not believed again; () where it did not lie."""
    kinds = {ObservationKind.COMMAND_FINISHED, *_DATA_SEEN}
    return tuple(seen for seen in told if seen.kind in kinds) if _lied(told) else ()


def is_own(drive: Drive | None, refusals: Iterable[Refusal], *, attempted: bool) -> bool:
    """Whether a drive belongs to the PC, so that leaving it out leaves the PC unfinished. `drive`:
    None where nothing is known of it."""
    return attempted or not is_outside(drive, {refusal.code for refusal in refusals})


def pc_outcome(own: Iterable[DriveState], *, out_of_reach: bool) -> Outcome:
    """`own`: the states of the PC's own drives. `out_of_reach`: something may hold storage that
    nobody could look into. NO_DRIVE where there is neither."""
    seen = {_OUTCOME_OF.get(state, Outcome.INCOMPLETE) for state in own}
    if out_of_reach:
        seen.add(Outcome.INCOMPLETE)
    return next((word for word in Outcome if word in seen), Outcome.NO_DRIVE)
