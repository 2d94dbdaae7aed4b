"""What a drive came to, from all that was seen of it: a later success forgets nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.planning.plan import Attempt, Preparation, Refusal, RefusalCode
from reprise.domain.planning.techniques import Method, Technique, Verdict, VerifyDepth
from reprise.domain.report.events import MediumErrorFound, Observation, ObservationKind
from reprise.domain.report.outcome import DriveResult, Outcome, drive_result, ends, lie, pc_outcome
from reprise.domain.report.report import AttemptRecord, PreparationRecord

KIND = ObservationKind
FULL, SAMPLED = "read-back-in-full", "read-back-sampled"
OVERWRITE = Attempt(Technique.OVERWRITE, Method.CLEAR, VerifyDepth.FULL, limitations=("spare",))
BLOCK_ERASE = Attempt(Technique.ATA_SANITIZE_BLOCK, Method.PURGE, VerifyDepth.FULL)
BEGAN = AttemptRecord("job", "00", OVERWRITE, "2026-01-01T00:00:00Z", 1.0)


def seen(*kinds: ObservationKind, **detail: str) -> tuple[Observation, ...]:
    return tuple(Observation("key", kind, detail) for kind in kinds)


def verified(attempt: Attempt = OVERWRITE, reason: str = FULL) -> AttemptRecord:
    return replace(
        BEGAN, attempt=attempt, verdict=Verdict.VERIFIED, achieved=attempt.claims, reasons=(reason,)
    )


def failed(*observations: Observation, verdict: Verdict = Verdict.FAILED) -> AttemptRecord:
    return replace(
        BEGAN, attempt=BLOCK_ERASE, verdict=verdict, reasons=("why",), observations=observations
    )


def test_one_verified_attempt_is_enough_and_keeps_its_limitations() -> None:
    result = drive_result([verified()])
    assert result == DriveResult(DriveState.SANITIZED, Method.CLEAR, (FULL,), ("spare",))


def test_without_an_attempt_nothing_is_claimed() -> None:
    assert drive_result([]).state is DriveState.DETECTED
    refused = drive_result([], refusals=[Refusal(RefusalCode.MOUNTED)])
    assert (refused.state, refused.reasons) == (DriveState.REFUSED, ("mounted",))


@pytest.mark.parametrize("kind", [KIND.IDENTITY_CHANGED, KIND.WRAPPED])
@pytest.mark.parametrize("last", [verified(), replace(BEGAN, interrupted="operator"), BEGAN])
def test_another_drive_or_a_fake_capacity_is_for_good(
    kind: ObservationKind, last: AttemptRecord
) -> None:
    result = drive_result([failed(*seen(kind)), last])
    assert (result.state, result.achieved) == (DriveState.FAILED, Method.NONE)
    assert ends(result)
    assert ends(drive_result([failed(*seen(kind))]))


def test_a_failure_of_another_kind_leaves_room_for_the_next_attempt() -> None:
    assert not ends(drive_result([failed(*seen(KIND.CANARY_SURVIVED))]))
    assert not ends(drive_result([failed(verdict=Verdict.UNVERIFIED)]))
    assert ends(drive_result([verified()]))
    assert ends(drive_result([replace(BEGAN, interrupted="unplugged")]))


@pytest.mark.parametrize("kind", [KIND.AREA_KEPT_DATA, KIND.AREA_UNKNOWN])
def test_an_area_that_kept_data_stays_until_it_is_seen_erased(kind: ObservationKind) -> None:
    first = failed(*seen(kind, area="boot0"), verdict=Verdict.UNVERIFIED)
    assert drive_result([first, verified()]).state is DriveState.UNVERIFIED
    other = replace(verified(), observations=seen(KIND.AREA_ERASED, area="boot1"))
    assert drive_result([first, other]).state is DriveState.UNVERIFIED
    same = replace(verified(), observations=seen(KIND.AREA_ERASED, area="boot0"))
    assert drive_result([first, same]).state is DriveState.SANITIZED
    again = replace(same, observations=(*same.observations, *seen(kind, area="boot0")))
    assert drive_result([first, again]).state is DriveState.UNVERIFIED


HPA = (Preparation.REMOVE_HPA,)


@pytest.mark.parametrize(
    ("preparation", "state"),
    [
        (None, DriveState.UNVERIFIED),
        (PreparationRecord(HPA), DriveState.UNVERIFIED),
        (PreparationRecord(HPA, done=HPA), DriveState.SANITIZED),
        (PreparationRecord(HPA, left=HPA), DriveState.UNVERIFIED),
        (PreparationRecord((Preparation.RESTORE_DCO,), done=(Preparation.RESTORE_DCO,)), None),
    ],
)
def test_a_hidden_area_that_was_known_stays_until_it_is_removed(
    preparation: PreparationRecord | None, state: DriveState | None
) -> None:
    result = drive_result([verified()], preparation, HPA)
    assert result.state is (state or DriveState.UNVERIFIED)


def test_a_step_that_was_left_counts_though_no_plan_told_of_it() -> None:
    left = PreparationRecord((), left=(Preparation.RESTORE_DCO,))
    assert drive_result([verified()], left).reasons == ("hidden-area-left",)


def test_a_hidden_area_of_an_earlier_attempt_is_not_forgotten() -> None:
    first = failed(*seen(KIND.HIDDEN_AREA_LEFT), verdict=Verdict.UNVERIFIED)
    result = drive_result([first, verified()])
    assert (result.state, result.reasons) == (DriveState.UNVERIFIED, ("hidden-area-left",))


TROUBLES = [
    failed(*seen(kind))
    for kind in (
        KIND.CANARY_SURVIVED,
        KIND.READBACK_MISMATCH,
        KIND.READBACK_INCOMPLETE,
        KIND.WRITE_ERRORS,
        KIND.READ_ERRORS,
    )
] + [replace(failed(), medium_errors=(MediumErrorFound("key", "read", 5, 1, 5),))]


@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_sample_does_not_settle_what_an_earlier_attempt_met(trouble: AttemptRecord) -> None:
    sampled = verified(replace(OVERWRITE, verify=VerifyDepth.SAMPLE), SAMPLED)
    assert drive_result([sampled]).state is DriveState.SANITIZED
    assert drive_result([trouble, sampled]).state is DriveState.UNVERIFIED
    assert drive_result([trouble, verified()]).state is DriveState.SANITIZED


LIE = failed(*seen(KIND.COMMAND_FINISHED, KIND.CANARY_SURVIVED))


def test_a_drive_that_lied_is_not_believed_out_of_sight() -> None:
    purge = verified(replace(BLOCK_ERASE, technique=Technique.ATA_SECURITY_ERASE_ENHANCED))
    assert drive_result([purge]).achieved is Method.PURGE
    assert drive_result([LIE, purge]).achieved is Method.CLEAR
    refused = failed(*seen(KIND.COMMAND_FAILED))
    assert drive_result([refused, purge]).achieved is Method.PURGE
    strict = verified(replace(BLOCK_ERASE, minimum=Method.PURGE))
    assert drive_result([LIE, strict]) == DriveResult(
        DriveState.FAILED, Method.NONE, ("method-below-policy",)
    )


def test_a_verdict_without_a_claim_proves_nothing() -> None:
    nothing = replace(verified(), achieved=Method.NONE)
    assert drive_result([nothing]).state is DriveState.UNVERIFIED


@pytest.mark.parametrize(
    ("own", "out_of_reach", "outcome"),
    [
        ([], False, Outcome.NO_DRIVE),
        ([], True, Outcome.INCOMPLETE),
        ([DriveState.SANITIZED], False, Outcome.ERASED),
        ([DriveState.SANITIZED], True, Outcome.INCOMPLETE),
        ([DriveState.SANITIZED, DriveState.DETECTED], False, Outcome.INCOMPLETE),
        ([DriveState.SANITIZED, DriveState.REFUSED], False, Outcome.INCOMPLETE),
        ([DriveState.SANITIZED, DriveState.PLANNED], False, Outcome.INCOMPLETE),
        ([DriveState.SANITIZED, DriveState.CONFIRMED], False, Outcome.INCOMPLETE),
        ([DriveState.REFUSED, DriveState.UNVERIFIED], False, Outcome.UNVERIFIED),
        ([DriveState.UNVERIFIED, DriveState.INTERRUPTED], False, Outcome.INTERRUPTED),
        ([DriveState.SANITIZED, DriveState.ERASING], False, Outcome.INTERRUPTED),
        ([DriveState.SANITIZED, DriveState.VERIFYING], False, Outcome.INTERRUPTED),
        ([DriveState.INTERRUPTED, DriveState.FAILED], True, Outcome.FAILED),
    ],
)
def test_a_pc_is_what_its_worst_drive_is(
    own: list[DriveState], out_of_reach: bool, outcome: Outcome
) -> None:
    assert pc_outcome(own, out_of_reach=out_of_reach) is outcome


@pytest.mark.parametrize(
    "step", [Preparation.REMOVE_HPA, Preparation.REMOVE_AMAC, Preparation.RESTORE_DCO]
)
def test_each_kind_of_hidden_area_counts(step: Preparation) -> None:
    """Planned and not done, and left by the preparation itself."""
    assert drive_result([verified()], None, (step,)).reasons == ("hidden-area-left",)
    left = PreparationRecord((step,), left=(step,))
    assert drive_result([verified()], left, (step,)).reasons == ("hidden-area-left",)
    assert drive_result([verified()], left).reasons == ("hidden-area-left",)
    done = PreparationRecord((step,), done=(step,))
    assert drive_result([verified()], done, (step,)).state is DriveState.SANITIZED
    for other in (Preparation.THAW, Preparation.UNLOCK):
        also = PreparationRecord((step, other), done=(step,), left=(other,))
        assert drive_result([verified()], also, (step, other)).state is DriveState.SANITIZED


@pytest.mark.parametrize("state", DriveState)
def test_after_what_end_no_further_attempt_begins(state: DriveState) -> None:
    over = state.value in ("sanitized", "interrupted", "refused")
    assert ends(DriveResult(state)) is over
    for reason in ("identity-changed", "capacity-is-not-real"):
        assert ends(DriveResult(state, reasons=("read-errors", reason)))
    assert ends(DriveResult(state, reasons=("read-errors",))) is over


@pytest.mark.parametrize(
    ("kinds", "lied"),
    [
        ({KIND.COMMAND_FINISHED, KIND.CANARY_SURVIVED}, True),
        ({KIND.COMMAND_FINISHED, KIND.READBACK_MISMATCH}, True),
        ({KIND.COMMAND_FINISHED, KIND.READ_ERRORS}, False),
        ({KIND.COMMAND_FAILED, KIND.CANARY_SURVIVED}, False),
        ({KIND.COMMAND_FINISHED}, False),
    ],
)
def test_a_lie_is_finished_said_over_data_that_was_seen(
    kinds: set[ObservationKind], lied: bool
) -> None:
    """What tells of it is kept, and alone is enough for the next session to know of it."""
    told = seen(*sorted(kinds), KIND.FLUSHED)
    purge = verified(replace(BLOCK_ERASE, technique=Technique.ATA_SECURITY_ERASE_ENHANCED))
    believed = drive_result([failed(*told), purge]).achieved
    assert believed is (Method.CLEAR if lied else Method.PURGE)
    assert {one.kind for one in lie(told)} == (kinds if lied else set())


@pytest.mark.parametrize(
    ("last", "cause"),
    [
        (BEGAN, "power-cut"),  # nobody could say how it ended
        (replace(BEGAN, interrupted="operator"), "operator"),
        (replace(verified(), interrupted="unplugged"), "unplugged"),
    ],
)
def test_what_has_no_end_of_its_own_was_interrupted(last: AttemptRecord, cause: str) -> None:
    assert drive_result([last]) == DriveResult(
        DriveState.INTERRUPTED, reasons=(cause,), limitations=("spare",)
    )


def test_a_hidden_area_that_was_begun_on_is_there_until_it_is_done() -> None:
    assert drive_result([verified()], PreparationRecord(HPA)).reasons == ("hidden-area-left",)


def test_what_was_larger_once_is_erased_when_all_of_that_was_written() -> None:
    done = PreparationRecord(HPA, done=HPA)
    larger = (Observation("d", KIND.SEEN_LARGER, {"bytes": 10}),)
    for written, state in ((9, DriveState.UNVERIFIED), (10, DriveState.SANITIZED)):
        last = replace(verified(), written_bytes=written)
        for told in (replace(last, observations=larger), replace(last, earlier=larger)):
            for preparation in (None, done):
                assert drive_result([told], preparation).state is state
    firmware = replace(verified(BLOCK_ERASE), earlier=larger)
    for size, state in ((9, DriveState.UNVERIFIED), (10, DriveState.SANITIZED)):
        assert drive_result([firmware], size_bytes=size).state is state
    for amount in ("10", 10.0, None):
        odd = Observation("d", KIND.SEEN_LARGER, {} if amount is None else {"bytes": amount})
        last = replace(verified(), written_bytes=1 << 62, observations=(odd,))
        assert drive_result([last], size_bytes=1 << 62).state is DriveState.UNVERIFIED
