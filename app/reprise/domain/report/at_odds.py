"""What a report tells in another place of a drive that it calls erased, and what cannot both be
true: whoever holds a key can sign any of its words, but not make them fit together. Attacks and a
generator of such reports (tests/liars) found each of these. No true report may be doubted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations, pairwise

from reprise.domain.erasure.verification import NO_NOISE, noise_is_erased
from reprise.domain.planning.plan import Attempt, LimitationCode, Preparation, RefusalCode
from reprise.domain.planning.techniques import SPECS, Technique, VerifyDepth, reaches
from reprise.domain.report.events import Observation, ObservationKind
from reprise.domain.report.report import AttemptRecord
from reprise.domain.report.told import Planned, ToldDrive, Way, is_about, whole_number

_COMMANDS = frozenset(spec.told for spec in SPECS.values())
_OF_THE_COMMAND = (ObservationKind.COMMAND_ACCEPTED, ObservationKind.COMMAND_FINISHED)
_READ_BACK = (ObservationKind.READBACK_MATCHES, ObservationKind.READBACK_ERASED)
_ENDS = (
    ObservationKind.COMMAND_FINISHED,
    ObservationKind.CANARIES_GONE,
    ObservationKind.READBACK_ERASED,
)
# The first of these is seen before the last of those.
_BEFORE = (
    *combinations((ObservationKind.CANARIES_PLANTED, *_ENDS), 2),
    *combinations((ObservationKind.COMMAND_ACCEPTED, *_ENDS), 2),
    (ObservationKind.FLUSHED, ObservationKind.READBACK_MATCHES),
    (ObservationKind.FLUSH_NOT_SENT, ObservationKind.READBACK_MATCHES),
)
# The drive's own words on its size in DrivePlan.capabilities, in bytes (options.own_bytes).
_OWN = ("own.size_bytes", "ata.visible_bytes", "mmc.user_bytes")
# A number of sectors there, which ones there are besides, and what uncovers them
# (options.hidden_areas). An adapter may show sectors of another size than the drive's: a count is
# held against a count.
_SHOWN = "ata.visible_sectors"
_NATIVE = (
    ("ata.native_sectors", {Preparation.REMOVE_HPA, Preparation.REMOVE_AMAC}),
    ("ata.dco_sectors", {Preparation.RESTORE_DCO}),
)
_AREAS = ("mmc.boot_areas", "mmc.general_purpose_areas")
_NAMESPACES = ("nvme.namespaces", "nvme.namespaces_allocated", "nvme.namespaces_shown")
_LEAST_SECTOR = 512  # bytes; what a drive counts is not smaller


def at_odds(record: ToldDrive) -> bool:
    """Whether anything speaks against the last attempt of a drive that is called erased."""
    last = record.attempts[-1]
    return (
        last.finished_at is None
        or record.cut
        or any(refusal.code is RefusalCode.IDENTITY_CHANGED for refusal in record.refusals)
        or any(_of_what_was_seen(last))
        or any(_out_of_order(record.attempts))
        or _is_locked(record)
        or _is_larger(record)
        or _hides(record)
        or _leaves_areas(record)
        or not _as_planned(record.planned, record.attempts)
    )


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


def _out_of_order(attempts: Sequence[AttemptRecord]) -> Iterator[bool]:
    """What was seen has an order, and so have the attempts: the last one listed is the last one."""
    yield any(one.started_monotonic_s > two.started_monotonic_s for one, two in pairwise(attempts))
    kinds = [seen.kind for seen in attempts[-1].observations]
    last = {kind: place for place, kind in enumerate(kinds)}
    for before, after in _BEFORE:
        yield before in last and after in last and kinds.index(before) > last[after]


def _seen(last: AttemptRecord, kind: ObservationKind) -> Iterator[Observation]:
    return (seen for seen in last.observations if seen.kind is kind)


def _amounts(last: AttemptRecord, kind: ObservationKind, name: str) -> Iterator[int]:
    """An amount that is no whole number is none that fits."""
    told = (seen.detail[name] for seen in _seen(last, kind) if name in seen.detail)
    return (amount if type(amount) is int else -1 for amount in told)


def _is_locked(record: ToldDrive) -> bool:
    preparation = record.preparation
    begun = {*preparation.steps, *preparation.left} if preparation is not None else set()
    return Preparation.UNLOCK in (begun | record.planned.steps) - record.done


def _is_larger(record: ToldDrive) -> bool:
    """By any word than the attempts found it."""
    own = (_number(record.planned, name) for name in _OWN)
    return max((record.largest_bytes, *own)) > record.reached_bytes


def _hides(record: ToldDrive) -> bool:
    """Whether the drive told of more than it showed, and nothing uncovered it; or of more than was
    reached, whatever its sectors are."""
    shown = _number(record.planned, _SHOWN)
    for name, steps in _NATIVE:
        there = _number(record.planned, name)
        if there > shown > 0 and record.done.isdisjoint(steps):
            return True
        shown = max(shown, there)
    return shown * _LEAST_SECTOR > record.reached_bytes


def _number(planned: Planned, name: str) -> int:
    """The largest that it was told to be; 0: nobody told it."""
    return max(map(whole_number, planned.words.get(name, ())), default=0)


def _leaves_areas(record: ToldDrive) -> bool:
    """What the drive tells of beside the user's area or namespace, and that was neither seen erased
    nor told as a limitation."""
    last = record.attempts[-1]
    erased = {
        str(seen.detail.get("area"))
        for one in record.attempts
        for seen in (*one.earlier, *one.observations)
        if seen.kind is ObservationKind.AREA_ERASED and is_about(seen.drive, record.identity)
    }
    areas = sum(_number(record.planned, name) for name in _AREAS)
    if len(erased) < areas and LimitationCode.MMC_AREAS not in last.attempt.limitations:
        return True
    if last.attempt.technique is not Technique.OVERWRITE:
        return False
    others = max(_number(record.planned, name) for name in _NAMESPACES) - 1
    return len(erased) < others and LimitationCode.OTHER_NAMESPACES not in last.attempt.limitations


def _as_planned(planned: Planned, attempts: Sequence[AttemptRecord]) -> bool:
    """Whether the last is one of the plan's attempts, and judged by the policy's rules as those
    are. What a drive carried on by itself was planned by an earlier session (see planner.today):
    its technique may be in no plan of this one, but the drive was confirmed."""
    last = attempts[-1].attempt
    if not reaches(last.minimum, planned.minimum):
        return False
    ways = planned.attempts.get(last.technique, frozenset())
    jobs = {seen.detail.get("job_id") for seen in _seen(attempts[-1], ObservationKind.REATTACHED)}
    if not jobs:
        return any(_is(way, last) for way in ways)
    every = {way for some in planned.attempts.values() for way in some}
    deep = any(way.verify is VerifyDepth.FULL for way in every)
    return (
        bool(every)
        and SPECS[last.technique].runs_by_itself
        and len(attempts) == 1  # before anything else is tried
        and jobs == {attempts[0].job_id}
        and not (deep and last.verify is not VerifyDepth.FULL)
        and (not ways or any(_is(_known_by_now(way, last), last) for way in ways))
    )


def _known_by_now(way: Way, tried: Attempt) -> Way:
    """A drive at work tells less of itself when it is planned than when it has come to its end."""
    return replace(way, not_accepted=way.not_accepted & set(tried.limitations))


def _is(way: Way, tried: Attempt) -> bool:
    """More may be read back than was planned: what is resumed is, and then it is no sample."""
    full = tried.verify is VerifyDepth.FULL
    settled = {LimitationCode.SAMPLED} if full else set()
    return (
        reaches(way.claims, tried.claims)
        and way.not_accepted - settled <= set(tried.not_accepted)
        and (full or tried.verify is way.verify)
    )
