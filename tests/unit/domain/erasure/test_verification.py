"""Nothing unknown, missing or incomplete leads to VERIFIED."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reprise.domain.erasure.verification import Evidence, ReasonCode, judge, standing
from reprise.domain.planning.plan import LimitationCode
from reprise.domain.planning.techniques import Method, Technique, Verdict, VerifyDepth
from reprise.domain.report.events import Observation, ObservationKind
from unit.domain.report.evidence import BAD, ERROR, NEEDED, NEUTRAL, SIZE, K, evidence


@pytest.mark.parametrize("technique", list(Technique))
def test_all_that_is_needed_and_nothing_bad_is_verified(technique: Technique) -> None:
    judgement = judge(evidence(technique))
    assert judgement.verdict is Verdict.VERIFIED
    assert judgement.achieved is evidence(technique).attempt.claims
    assert judgement.reasons == (ReasonCode.READ_BACK_IN_FULL,)


@pytest.mark.parametrize("technique", list(Technique))
def test_a_sector_that_could_not_be_read_is_a_doubt_of_its_own(technique: Technique) -> None:
    """Whatever the amounts say."""
    unread = replace(ERROR, operation="read")
    judgement = judge(replace(evidence(technique), medium_errors=(unread,)))
    assert judgement.verdict is Verdict.UNVERIFIED
    assert judgement.reasons == (ReasonCode.READ_ERRORS,)


AMOUNTS = st.sampled_from([0, 1, SIZE // 2, SIZE - 1, SIZE, SIZE + 1, 2 * SIZE])


@st.composite
def nearly_good(draw: st.DrawFn) -> Evidence:
    """All that is needed, and each thing that may be wrong with it now and then: random evidence
    would practically never be good enough to be VERIFIED, and so prove nothing."""
    technique = draw(st.sampled_from(list(Technique)))
    base = evidence(technique)

    def spoiled(strategy: st.SearchStrategy[set[ObservationKind]]) -> set[ObservationKind]:
        return draw(strategy) if draw(st.integers(0, 7)) == 0 else set()

    missing = spoiled(st.sets(st.sampled_from(sorted(NEEDED[technique])), min_size=1))
    bad = spoiled(st.sets(st.sampled_from(sorted(BAD)), min_size=1))
    neutral = draw(st.sets(st.sampled_from(sorted(NEUTRAL)), max_size=2))
    kinds = (NEEDED[technique] - missing) | bad | neutral

    def amount(good: int) -> int:
        return draw(AMOUNTS) if draw(st.integers(0, 3)) == 0 else good

    return replace(
        base,
        attempt=replace(base.attempt, verify=draw(st.sampled_from(list(VerifyDepth)))),
        size_bytes=draw(st.sampled_from([SIZE, SIZE, SIZE, SIZE, 0])),
        written_bytes=amount(base.written_bytes),
        verified_bytes=amount(SIZE),
        required_bytes=amount(SIZE // 2),
        observations=tuple(Observation("d", kind) for kind in sorted(kinds)),
        medium_errors=(ERROR,) if draw(st.integers(0, 9)) == 0 else (),
    )


def all_is_proven(seen: Evidence) -> bool:
    """The closed list once more, in other words than the judge's."""
    kinds = {one.kind for one in seen.observations}
    overwrite = seen.attempt.technique is Technique.OVERWRITE
    if K.FLUSH_NOT_SENT in kinds:
        kinds.add(K.FLUSHED)
    whole = seen.size_bytes if seen.attempt.verify is VerifyDepth.FULL else seen.required_bytes
    return (
        NEEDED[seen.attempt.technique] <= kinds
        and not kinds & BAD
        and not seen.medium_errors
        and seen.size_bytes > 0
        and (seen.written_bytes == seen.size_bytes or not overwrite)
        and whole > 0
        and whole <= seen.verified_bytes <= seen.size_bytes
    )


def test_verified_needs_everything_and_nothing_more() -> None:
    reached: Counter[Verdict] = Counter()

    @settings(max_examples=1500, derandomize=True, database=None)
    @given(nearly_good())
    def judged(seen: Evidence) -> None:
        judgement = judge(seen)
        reached[judgement.verdict] += 1
        assert judgement.reasons
        assert (judgement.verdict is Verdict.VERIFIED) is all_is_proven(seen)
        if judgement.verdict is not Verdict.VERIFIED:
            assert judgement.achieved is Method.NONE

    judged()
    assert reached[Verdict.VERIFIED] >= 200, reached
    assert reached[Verdict.UNVERIFIED] >= 200, reached
    assert reached[Verdict.FAILED] >= 100, reached


@pytest.mark.parametrize("written", [0, SIZE - 1, SIZE + 1])
def test_an_overwrite_that_did_not_write_exactly_all_is_unverified(written: int) -> None:
    judgement = judge(replace(evidence(), written_bytes=written))
    assert judgement.verdict is Verdict.UNVERIFIED
    assert judgement.reasons == (ReasonCode.NOT_ALL_WRITTEN,)


@pytest.mark.parametrize("technique", list(Technique))
@pytest.mark.parametrize(
    ("depth", "required", "read"),
    [
        (VerifyDepth.FULL, SIZE, SIZE - 1),
        (VerifyDepth.FULL, SIZE, SIZE + 1),
        (VerifyDepth.FULL, 0, 0),
        (VerifyDepth.SAMPLE, 1000, 999),
        (VerifyDepth.SAMPLE, 1000, 0),
        (VerifyDepth.SAMPLE, 0, 0),
        (VerifyDepth.SAMPLE, 0, SIZE),
        (VerifyDepth.SAMPLE, 1000, SIZE + 1),
    ],
)
def test_less_read_back_than_the_recipe_asks_is_unverified(
    technique: Technique, depth: VerifyDepth, required: int, read: int
) -> None:
    good = evidence(technique)
    seen = replace(
        good,
        attempt=replace(good.attempt, verify=depth),
        required_bytes=required,
        verified_bytes=read,
    )
    judgement = judge(seen)
    assert judgement.verdict is Verdict.UNVERIFIED
    assert judgement.reasons == (ReasonCode.NOT_ALL_READ_BACK,)


def test_a_sample_that_was_read_as_asked_is_told_as_a_sample() -> None:
    good = evidence()
    sampled = replace(
        good,
        attempt=replace(good.attempt, verify=VerifyDepth.SAMPLE),
        required_bytes=1000,
        verified_bytes=1000,
    )
    assert judge(sampled).verdict is Verdict.VERIFIED
    assert judge(sampled).reasons == (ReasonCode.READ_BACK_SAMPLED,)


def test_a_failure_is_told_with_what_is_missing_besides() -> None:
    seen = replace(evidence(), medium_errors=(ERROR,), written_bytes=SIZE - 1)
    judgement = judge(seen)
    assert judgement.verdict is Verdict.FAILED
    assert judgement.reasons == (ReasonCode.WRITE_ERRORS, ReasonCode.NOT_ALL_WRITTEN)


def test_one_byte_is_enough_of_a_drive_of_one_byte() -> None:
    """No amount but nothing at all is too small to prove something."""
    tiny = replace(evidence(), size_bytes=1, written_bytes=1, verified_bytes=1, required_bytes=1)
    assert judge(tiny).verdict is Verdict.VERIFIED
    sampled = replace(
        evidence(),
        attempt=replace(evidence().attempt, verify=VerifyDepth.SAMPLE),
        required_bytes=1,
        verified_bytes=1,
    )
    assert judge(sampled).reasons == (ReasonCode.READ_BACK_SAMPLED,)


def test_of_a_drive_without_a_size_nothing_is_proven() -> None:
    nothing = replace(evidence(), size_bytes=0, written_bytes=0, verified_bytes=0, required_bytes=0)
    judgement = judge(nothing)
    assert judgement.verdict is Verdict.UNVERIFIED
    assert judgement.reasons == (ReasonCode.NOT_ALL_WRITTEN, ReasonCode.NOT_ALL_READ_BACK)


@pytest.mark.parametrize(
    ("technique", "missing"), [(t, kind) for t in Technique for kind in sorted(NEEDED[t])]
)
def test_one_missing_observation_is_enough(technique: Technique, missing: ObservationKind) -> None:
    seen = replace(
        evidence(technique),
        observations=tuple(Observation("d", kind) for kind in NEEDED[technique] - {missing}),
    )
    assert judge(seen).verdict is Verdict.UNVERIFIED


@pytest.mark.parametrize("technique", list(Technique))
@pytest.mark.parametrize("bad", sorted(BAD))
def test_one_bad_observation_is_enough(technique: Technique, bad: ObservationKind) -> None:
    judgement = judge(evidence(technique, *NEEDED[technique], bad))
    assert judgement.verdict is not Verdict.VERIFIED


@pytest.mark.parametrize("technique", list(Technique))
def test_a_result_below_the_policy_has_failed(technique: Technique) -> None:
    good = evidence(technique)
    strict = replace(good, attempt=replace(good.attempt, minimum=Method.DESTROY))
    assert judge(strict).verdict is Verdict.FAILED
    assert judge(strict).achieved is Method.NONE
    assert judge(strict).reasons == (ReasonCode.BELOW_POLICY,)
    exact = replace(good, attempt=replace(good.attempt, minimum=good.attempt.claims))
    assert judge(exact).verdict is Verdict.VERIFIED


@pytest.mark.parametrize("technique", list(Technique))
def test_a_limitation_that_the_policy_does_not_accept_is_never_verified(
    technique: Technique,
) -> None:
    good = evidence(technique)
    limits = (LimitationCode.DRIVE_WORD,)
    told = replace(good, attempt=replace(good.attempt, limitations=limits))
    assert judge(told).verdict is Verdict.VERIFIED
    strict = replace(told, attempt=replace(told.attempt, not_accepted=limits))
    assert judge(strict).verdict is Verdict.UNVERIFIED
    assert judge(strict).achieved is Method.NONE
    assert judge(strict).reasons == (ReasonCode.NOT_ACCEPTED,)


NOISE = LimitationCode.NOISE_MAY_BE_DATA


@pytest.mark.parametrize(
    ("detail", "stands"),
    [
        ({"pattern": "random"}, True),
        ({"pattern": "zeros"}, False),
        ({"pattern": "ones"}, False),
        ({"pattern": "periodic"}, False),
        ({"pattern": "what a later version may see"}, True),
        ({}, True),
    ],
)
def test_noise_is_a_limitation_unless_something_else_was_read_back(
    detail: dict[str, str], stands: bool
) -> None:
    good = evidence(Technique.NVME_SANITIZE_BLOCK)
    limits = (LimitationCode.DRIVE_WORD, NOISE)
    attempt = replace(good.attempt, limitations=limits, not_accepted=(NOISE,))
    seen = tuple(
        replace(one, detail=detail) if one.kind is K.READBACK_ERASED else one
        for one in good.observations
    )
    assert standing(attempt, seen) == (limits if stands else limits[:1])
    assert judge(replace(good, attempt=attempt, observations=seen)).verdict is (
        Verdict.UNVERIFIED if stands else Verdict.VERIFIED
    )
    nothing_read = tuple(one for one in seen if one.kind is not K.READBACK_ERASED)
    assert standing(attempt, nothing_read) == limits
    other = replace(attempt, not_accepted=(LimitationCode.DRIVE_WORD,))
    assert judge(replace(good, attempt=other, observations=seen)).verdict is Verdict.UNVERIFIED


def test_unwritten_sectors_fail_and_unread_ones_leave_it_open() -> None:
    good = evidence()
    unwritten = replace(good, medium_errors=(ERROR,), written_bytes=SIZE - 512)
    unread = replace(
        good, medium_errors=(replace(ERROR, operation="read"),), verified_bytes=SIZE - 512
    )
    assert judge(unwritten).verdict is Verdict.FAILED
    assert judge(unread).verdict is Verdict.UNVERIFIED


def test_a_drive_without_size_is_never_verified() -> None:
    nothing = replace(evidence(), size_bytes=0, written_bytes=0, verified_bytes=0, required_bytes=0)
    assert judge(nothing).verdict is Verdict.UNVERIFIED


@pytest.mark.parametrize(
    ("technique", "seen", "code", "contradicts"),
    [
        (Technique.OVERWRITE, K.READBACK_MISMATCH, ReasonCode.MISMATCH, ReasonCode.NO_READ_BACK),
        (Technique.OVERWRITE, K.WRAPPED, ReasonCode.WRAPPED, ReasonCode.NO_READ_BACK),
        (
            Technique.NVME_FORMAT_CRYPTO,
            K.CANARY_SURVIVED,
            ReasonCode.CANARY_SURVIVED,
            ReasonCode.CANARIES_NOT_CHECKED,
        ),
    ],
)
def test_what_was_seen_is_not_said_not_to_have_been_looked_at(
    technique: Technique, seen: ObservationKind, code: ReasonCode, contradicts: ReasonCode
) -> None:
    judged = judge(evidence(technique, seen))
    assert judged.verdict is Verdict.FAILED
    assert code in judged.reasons
    assert contradicts not in judged.reasons
    nothing = judge(evidence(technique, K.STALLED))
    assert contradicts in nothing.reasons
