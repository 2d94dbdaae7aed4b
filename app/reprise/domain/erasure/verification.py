"""What may be said of an attempt.

`judge` goes from observations to a verdict. VERIFIED needs every observation of a closed list to
be present and every sign of trouble to be absent; anything missing or unknown is UNVERIFIED.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from reprise.domain.planning.plan import KNOWN_AFTERWARDS, Attempt, LimitationCode
from reprise.domain.planning.techniques import (
    SPECS,
    Method,
    Technique,
    Verdict,
    VerifyDepth,
    reaches,
)
from reprise.domain.report.events import MediumErrorFound, Observation, ObservationKind


class ReasonCode(StrEnum):
    """Why a verdict is what it is. The first ones are good news."""

    READ_BACK_IN_FULL = "read-back-in-full"
    READ_BACK_SAMPLED = "read-back-sampled"
    WRITE_ERRORS = "write-errors"
    READ_ERRORS = "read-errors"
    MISMATCH = "read-back-differs"
    WRAPPED = "capacity-is-not-real"
    CANARY_SURVIVED = "canary-survived"
    IDENTITY_CHANGED = "identity-changed"
    COMMAND_FAILED = "command-failed"
    FLUSH_FAILED = "flush-failed"
    STOPPED = "stopped"
    NOT_ALL_WRITTEN = "not-all-written"
    NOT_FLUSHED = "flush-not-seen"
    NOT_ALL_READ_BACK = "not-all-read-back"
    NO_READ_BACK = "read-back-not-seen"
    COMMAND_NOT_SEEN = "command-end-not-seen"
    NO_CANARIES = "canaries-not-planted"
    CANARIES_NOT_CHECKED = "canaries-not-checked"
    COMMAND_HUNG = "command-hung"
    STATUS_NOT_OURS = "status-not-ours"
    TOO_QUICK = "faster-than-the-drives-own-estimate"
    UNREADABLE_UNTIL_WRITTEN = "unreadable-until-written"
    HIDDEN_AREA_LEFT = "hidden-area-left"
    AREA_KEPT_DATA = "area-kept-data"
    AREA_UNKNOWN = "area-not-read"
    EARLIER_TROUBLE = "earlier-trouble-not-read-again"  # see domain/report/outcome.py
    BELOW_POLICY = "method-below-policy"
    NOT_ACCEPTED = "limitation-not-accepted"
    MISFIT = "technique-does-not-fit"  # see domain/report/misfit.py
    AT_ODDS = "report-contradicts-itself"  # see domain/report/at_odds.py


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that was seen of one attempt. `required_bytes` is what the recipe asks to read back."""

    attempt: Attempt
    size_bytes: int
    written_bytes: int = 0
    verified_bytes: int = 0
    required_bytes: int = 0
    observations: tuple[Observation, ...] = ()
    medium_errors: tuple[MediumErrorFound, ...] = ()


@dataclass(frozen=True, slots=True)
class Judgement:
    verdict: Verdict
    achieved: Method
    reasons: tuple[str, ...]


@dataclass(slots=True)
class _Findings:
    failed: list[ReasonCode] = field(default_factory=list)
    missing: list[ReasonCode] = field(default_factory=list)


# Each proves that data is (or may well be) still there, or that this was not the drive.
_FAILURES = {
    ObservationKind.WRITE_ERRORS: ReasonCode.WRITE_ERRORS,
    ObservationKind.READBACK_MISMATCH: ReasonCode.MISMATCH,
    ObservationKind.WRAPPED: ReasonCode.WRAPPED,
    ObservationKind.CANARY_SURVIVED: ReasonCode.CANARY_SURVIVED,
    ObservationKind.IDENTITY_CHANGED: ReasonCode.IDENTITY_CHANGED,
    ObservationKind.COMMAND_FAILED: ReasonCode.COMMAND_FAILED,
}
# Each takes away the proof, without proving the contrary.
_DOUBTS = {
    ObservationKind.FLUSH_FAILED: ReasonCode.FLUSH_FAILED,
    ObservationKind.READ_ERRORS: ReasonCode.READ_ERRORS,
    ObservationKind.READBACK_INCOMPLETE: ReasonCode.NOT_ALL_READ_BACK,
    ObservationKind.STOPPED: ReasonCode.STOPPED,
    ObservationKind.COMMAND_HUNG: ReasonCode.COMMAND_HUNG,
    ObservationKind.STATUS_NOT_OURS: ReasonCode.STATUS_NOT_OURS,
    ObservationKind.TOO_QUICK: ReasonCode.TOO_QUICK,
    ObservationKind.UNREADABLE_UNTIL_WRITTEN: ReasonCode.UNREADABLE_UNTIL_WRITTEN,
    ObservationKind.HIDDEN_AREA_LEFT: ReasonCode.HIDDEN_AREA_LEFT,
    ObservationKind.AREA_KEPT_DATA: ReasonCode.AREA_KEPT_DATA,
    ObservationKind.AREA_UNKNOWN: ReasonCode.AREA_UNKNOWN,
}
AGAINST = frozenset({*_FAILURES, *_DOUBTS})
_NEEDED_OF_OVERWRITE = {
    ObservationKind.FLUSHED: ReasonCode.NOT_FLUSHED,
    ObservationKind.READBACK_MATCHES: ReasonCode.NO_READ_BACK,
}
_NEEDED_OF_FIRMWARE = {
    ObservationKind.CANARIES_PLANTED: ReasonCode.NO_CANARIES,
    ObservationKind.COMMAND_ACCEPTED: ReasonCode.COMMAND_NOT_SEEN,
    ObservationKind.COMMAND_FINISHED: ReasonCode.COMMAND_NOT_SEEN,
    ObservationKind.CANARIES_GONE: ReasonCode.CANARIES_NOT_CHECKED,
    ObservationKind.READBACK_ERASED: ReasonCode.NO_READ_BACK,
}


def noise_is_erased(technique: Technique) -> bool:
    """Whether random data everywhere is what a drive may show after `technique`."""
    return not SPECS[technique].pattern_asked_for


# Words of READBACK_ERASED, "pattern", that are no noise (adapters.drives.surface.erased_pattern).
NO_NOISE = frozenset({"zeros", "ones", "periodic"})


def standing(attempt: Attempt, observations: Iterable[Observation]) -> tuple[str, ...]:
    """The limitations of `attempt` that still hold after what was seen: that noise may be data
    falls where something else than noise is all that was read back."""
    fallen = _fallen(observations)
    return tuple(code for code in attempt.limitations if code not in fallen)


def _fallen(observations: Iterable[Observation]) -> frozenset[LimitationCode]:
    read = (seen for seen in observations if seen.kind is ObservationKind.READBACK_ERASED)
    no_noise = any(seen.detail.get("pattern") in NO_NOISE for seen in read)
    return KNOWN_AFTERWARDS if no_noise else frozenset()


def judge(evidence: Evidence) -> Judgement:
    """The verdict, what may be claimed, and why. NONE is claimed unless VERIFIED."""
    findings = _Findings()
    _look_at_observations(evidence, findings)
    _look_at_amounts(evidence, findings)
    if set(evidence.attempt.not_accepted) - _fallen(evidence.observations):
        findings.missing.append(ReasonCode.NOT_ACCEPTED)
    if findings.failed:
        return _without_claim(Verdict.FAILED, _told((*findings.failed, *findings.missing)))
    if findings.missing:
        return _without_claim(Verdict.UNVERIFIED, _told(findings.missing))
    if not reaches(evidence.attempt.claims, evidence.attempt.minimum):
        return _without_claim(Verdict.FAILED, (ReasonCode.BELOW_POLICY,))
    full = evidence.verified_bytes >= evidence.size_bytes
    reason = ReasonCode.READ_BACK_IN_FULL if full else ReasonCode.READ_BACK_SAMPLED
    return Judgement(Verdict.VERIFIED, evidence.attempt.claims, (reason.value,))


# "It was not looked at" is no reason beside what was seen when it was.
_SEEN_INSTEAD = {
    ReasonCode.NO_READ_BACK: {ReasonCode.MISMATCH, ReasonCode.WRAPPED},
    ReasonCode.CANARIES_NOT_CHECKED: {ReasonCode.CANARY_SURVIVED},
}


def _told(reasons: Sequence[ReasonCode]) -> Iterator[ReasonCode]:
    """What a person is told; the verdict stands already."""
    there = frozenset(reasons)  # they may be as many as bad sectors
    for code in reasons:
        if there.isdisjoint(_SEEN_INSTEAD.get(code, ())):
            yield code


def _without_claim(verdict: Verdict, reasons: Iterable[ReasonCode]) -> Judgement:
    return Judgement(verdict, Method.NONE, tuple(dict.fromkeys(code.value for code in reasons)))


def _look_at_observations(evidence: Evidence, found: _Findings) -> None:
    kinds = {observation.kind for observation in evidence.observations}
    found.failed += [code for kind, code in _FAILURES.items() if kind in kinds]
    found.missing += [code for kind, code in _DOUBTS.items() if kind in kinds]
    overwrite = evidence.attempt.technique is Technique.OVERWRITE
    needed = _NEEDED_OF_OVERWRITE if overwrite else _NEEDED_OF_FIRMWARE
    if ObservationKind.FLUSH_NOT_SENT in kinds:  # told beside the verdict: there was none to send
        kinds.add(ObservationKind.FLUSHED)
    found.missing += [code for kind, code in needed.items() if kind not in kinds]
    for error in evidence.medium_errors:
        if error.operation == "read":
            found.missing.append(ReasonCode.READ_ERRORS)
        else:
            found.failed.append(ReasonCode.WRITE_ERRORS)


def _look_at_amounts(evidence: Evidence, found: _Findings) -> None:
    size = evidence.size_bytes
    overwrite = evidence.attempt.technique is Technique.OVERWRITE
    if overwrite and (size <= 0 or evidence.written_bytes != size):
        found.missing.append(ReasonCode.NOT_ALL_WRITTEN)
    full = evidence.attempt.verify is VerifyDepth.FULL
    required = size if full else evidence.required_bytes
    if not 0 < required <= evidence.verified_bytes <= size:
        found.missing.append(ReasonCode.NOT_ALL_READ_BACK)
