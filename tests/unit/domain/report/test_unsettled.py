"""What a session that was cut off hands on to the one that goes on from there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reprise.domain.planning.plan import Preparation
from reprise.domain.planning.techniques import Technique, VerifyDepth
from reprise.domain.report.events import MediumErrorFound, ObservationKind
from reprise.domain.report.outcome import drive_result, unsettled
from reprise.domain.report.report import AttemptRecord, PreparationRecord
from unit.domain.report.test_outcome import (
    BLOCK_ERASE,
    LIE,
    OVERWRITE,
    SAMPLED,
    failed,
    seen,
    verified,
)

K = ObservationKind
READ, WRITE = (MediumErrorFound("key", how, 5, 1, 5) for how in ("read", "write"))
HPA = (Preparation.REMOVE_HPA,)


def handed_on(*attempts: AttemptRecord) -> set[ObservationKind]:
    return {one.kind for one in unsettled("key", attempts)}


@pytest.mark.parametrize(
    ("errors", "kinds"),
    [((), set()), ((READ,), {K.READ_ERRORS}), ((WRITE,), {K.WRITE_ERRORS})],
)
def test_sectors_that_failed_are_told_by_what_failed(
    errors: tuple[MediumErrorFound, ...], kinds: set[ObservationKind]
) -> None:
    assert handed_on(replace(failed(), medium_errors=errors)) == kinds
    assert handed_on(replace(failed(), medium_errors=(*errors, WRITE))) == {K.WRITE_ERRORS}


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ((K.IDENTITY_CHANGED, K.FLUSHED), {K.IDENTITY_CHANGED}),
        ((K.WRAPPED,), {K.WRAPPED}),
        ((K.CANARY_SURVIVED,), {K.CANARY_SURVIVED}),
        ((K.READBACK_INCOMPLETE,), {K.READBACK_INCOMPLETE}),
        ((K.HIDDEN_AREA_LEFT,), {K.HIDDEN_AREA_LEFT}),
        ((K.COMMAND_FINISHED,), set()),  # no lie
        ((K.COMMAND_FINISHED, K.CANARY_SURVIVED), {K.COMMAND_FINISHED, K.CANARY_SURVIVED}),
        ((K.FLUSH_FAILED, K.TOO_QUICK, K.STOPPED), set()),  # of that attempt alone
    ],
)
def test_what_is_of_the_drive_is_handed_on_and_what_is_of_the_attempt_is_not(
    told: tuple[ObservationKind, ...], kept: set[ObservationKind]
) -> None:
    assert handed_on(failed(*seen(*told))) == kept
    earlier = replace(failed(), earlier=seen(*told))
    assert handed_on(earlier) == kept, "and on and on"


def test_an_area_is_handed_on_by_its_name_until_it_is_erased() -> None:
    kept = seen(K.AREA_KEPT_DATA, area="boot0")
    assert unsettled("key", [failed(*kept)]) == kept
    erased = failed(*kept, *seen(K.AREA_ERASED, area="boot0"))
    assert unsettled("key", [erased]) == ()


def test_a_hidden_area_that_was_left_is_handed_on() -> None:
    left = seen(K.HIDDEN_AREA_LEFT)
    assert unsettled("key", [failed()], None, HPA) == left
    assert unsettled("key", [failed()], PreparationRecord(HPA, left=HPA)) == left
    assert unsettled("key", [failed()], PreparationRecord(HPA, done=HPA), HPA) == ()


TROUBLES = [
    LIE,
    failed(*seen(K.AREA_KEPT_DATA, area="boot0")),
    failed(*seen(K.HIDDEN_AREA_LEFT)),
    failed(*seen(K.WRAPPED)),
    failed(*seen(K.READ_ERRORS)),
    replace(failed(), medium_errors=(READ,)),
    failed(*seen(K.FLUSH_FAILED)),
]


@pytest.mark.parametrize("trouble", TROUBLES)
@pytest.mark.parametrize(
    "last",
    [
        verified(),
        verified(replace(OVERWRITE, verify=VerifyDepth.SAMPLE), SAMPLED),
        verified(replace(BLOCK_ERASE, technique=Technique.ATA_SECURITY_ERASE_ENHANCED)),
    ],
)
def test_the_drive_comes_to_the_same_as_if_nothing_had_been_cut_off(
    trouble: AttemptRecord, last: AttemptRecord
) -> None:
    resumed = replace(last, earlier=unsettled("key", [trouble]))
    assert drive_result([resumed]) == drive_result([trouble, last])
