"""What a report tells in another place of a drive that it calls erased, and what cannot both be
true: whoever holds a key can sign any of its words, but not make them fit together. Attacks and a
generator of such reports (tests/liars) found each of these. No true report may be doubted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reprise.domain.erasure.verification import NO_NOISE, noise_is_erased
from reprise.domain.planning.plan import Attempt, DrivePlan, Preparation, RefusalCode
from reprise.domain.planning.techniques import SPECS, reaches
from reprise.domain.report.events import Observation, ObservationKind
from reprise.domain.report.report import AttemptRecord, PreparationRecord, Shortened
from reprise.domain.report.told import ToldDrive

_COMMANDS = frozenset(spec.told for spec in SPECS.values())
_OF_THE_COMMAND = (ObservationKind.COMMAND_ACCEPTED, ObservationKind.COMMAND_FINISHED)
_READ_BACK = (ObservationKind.READBACK_MATCHES, ObservationKind.READBACK_ERASED)
# The drive's own words on its size in DrivePlan.capabilities, in bytes (options.own_bytes).
_OWN = ("own.size_bytes", "ata.visible_bytes", "mmc.user_bytes")
# A number of sectors there, which ones there are besides, and what uncovers them
# (options.hidden_areas). An adapter may show sectors of another size than the drive's: a count is
# held against a count.
_NATIVE = (
    ("ata.native_sectors", {Preparation.REMOVE_HPA, Preparation.REMOVE_AMAC}),
    ("ata.dco_sectors", {Preparation.RESTORE_DCO}),
)
_LONGEST_NUMBER = 19  # digits; 2^63 has as many
# A list of a drive's record that says something against it.
_OF_A_DRIVE = frozenset(
    {"attempts", "earlier", "observations", "medium_errors", "steps", "done", "left", "refusals"}
)


def at_odds(record: ToldDrive, shortened: Iterable[Shortened]) -> bool:
    """Whether anything speaks against the last attempt of a drive that is called erased;
    `shortened`: of the whole report."""
    last = record.attempts[-1]
    preparation = record.preparation
    return (
        last.finished_at is None
        or any(refusal.code is RefusalCode.IDENTITY_CHANGED for refusal in record.refusals)
        or (preparation is not None and Preparation.UNLOCK in preparation.left)
        or any(_of_what_was_seen(last))
        or _is_larger(record)
        or any(_hides(plan, record.preparation) for plan in record.plans)
        or not _as_planned(record, last)
        or any(
            where[0] == "drives" and where[1] == str(record.place) and where[-1] in _OF_A_DRIVE
            for where in lists_of(shortened)
            if len(where) > 1
        )
    )


def lists_of(shortened: Iterable[Shortened]) -> Iterator[list[str]]:
    """The ways to what was shortened: a number that no reader could take is left out."""
    return (one.where.split(".") for one in shortened if one.kept < one.of)


def _of_what_was_seen(last: AttemptRecord) -> Iterator[bool]:
    technique = last.attempt.technique
    planted = [*_amounts(last, ObservationKind.CANARIES_PLANTED, "canaries")]
    gone = [*_amounts(last, ObservationKind.CANARIES_GONE, "canaries")]
    yield any(count < max(planted, default=1) for count in gone) or any(n < 1 for n in planted)
    for kind in _READ_BACK:
        yield any(told != last.verified_bytes for told in _amounts(last, kind, "bytes"))
    patterns = (seen.detail.get("pattern") for seen in _seen(last, ObservationKind.READBACK_ERASED))
    yield not noise_is_erased(technique) and any(
        pattern is not None and pattern not in NO_NOISE for pattern in patterns
    )
    for kind in _OF_THE_COMMAND:
        words = {str(seen.detail.get("command")) for seen in _seen(last, kind)}
        yield bool(words & _COMMANDS - {SPECS[technique].told})


def _seen(last: AttemptRecord, kind: ObservationKind) -> Iterator[Observation]:
    return (seen for seen in last.observations if seen.kind is kind)


def _amounts(last: AttemptRecord, kind: ObservationKind, name: str) -> Iterator[float]:
    told = (seen.detail.get(name) for seen in _seen(last, kind))
    return (amount for amount in told if isinstance(amount, int | float))


def _is_larger(record: ToldDrive) -> bool:
    """By any word than the attempts found it."""
    reached = max(record.identity.size_bytes, record.found_bytes)
    own = (_number(plan, name) for plan in record.plans for name in _OWN)
    return max((record.largest_bytes, *own)) > reached


def _hides(plan: DrivePlan, preparation: PreparationRecord | None) -> bool:
    """Whether the drive told of more than it showed, and nothing uncovered it."""
    shown = _number(plan, "ata.visible_sectors")
    done = frozenset(preparation.done) if preparation is not None else frozenset()
    for name, steps in _NATIVE:
        there = _number(plan, name)
        if there > shown > 0 and not done & steps:
            return True
        shown = max(shown, there)
    return False


def _number(plan: DrivePlan, name: str) -> int:
    told = plan.capabilities.get(name, "")
    known = told.isascii() and told.isdecimal() and len(told) <= _LONGEST_NUMBER
    return int(told) if known else 0


def _as_planned(record: ToldDrive, last: AttemptRecord) -> bool:
    """Whether it is one of the plan's attempts, and judged by the policy's rules as those are. One
    that a drive carried on by itself was planned by an earlier session: see planner.today."""
    tried = last.attempt
    planned = [one for plan in record.plans for one in plan.attempts]
    if not all(reaches(tried.minimum, one.minimum) for one in planned):
        return False
    if any(_seen(last, ObservationKind.REATTACHED)):
        return True
    return any(_is(tried, one) for one in planned)


def _is(tried: Attempt, planned: Attempt) -> bool:
    return (
        tried.technique is planned.technique
        and reaches(planned.claims, tried.claims)
        and set(planned.not_accepted) <= set(tried.not_accepted)
    )
