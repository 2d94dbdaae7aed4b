"""Rule 8: names, orders, the installation, and what a drive carries on (see test_at_odds.py)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from reprise.domain.drives.unreached import UnreachedKind
from reprise.domain.planning.plan import (
    LimitationCode,
    Plan,
    Preparation,
    Refusal,
    RefusalCode,
)
from reprise.domain.planning.techniques import Method, Verdict
from reprise.domain.report.events import Observation
from reprise.domain.report.report import AttemptRecord, InstallRecord, PreparationRecord, Report
from reprise.domain.report.report_outcome import unreached_storage
from unit.domain.report.test_at_odds import (
    CRYPTO,
    HDD,
    KIND,
    OTHER,
    SIZE,
    SSD,
    WRITTEN,
    of,
    reasons,
)


def named(size: int) -> Report:
    """What was seen names the drive with that size."""
    key = replace(SSD.identity, size_bytes=size).key
    told = tuple(replace(one, drive=key) for one in CRYPTO.observations)
    return of(replace(CRYPTO, observations=told), SSD)


def in_order(*kinds: KIND) -> Report:
    """CRYPTO, with what was seen in that order."""
    told = {one.kind: one for one in CRYPTO.observations}
    assert set(kinds) == set(told)
    return of(replace(CRYPTO, observations=tuple(told[kind] for kind in kinds)), SSD)


FAILED = replace(
    WRITTEN, verdict=Verdict.FAILED, achieved=Method.NONE, reasons=("canary-survived",)
)


def second(*, later: bool) -> Report:
    """A good attempt that is listed after one that failed, and began after it or before."""
    began_s = WRITTEN.started_monotonic_s + (1.0 if later else -1.0)
    both = (FAILED, replace(WRITTEN, started_monotonic_s=began_s))
    return of(WRITTEN, attempts=both)


@pytest.mark.parametrize(
    "whole",
    [
        named(SSD.identity.size_bytes // 2),  # before a hidden area was removed
        second(later=True),
        in_order(*(one.kind for one in CRYPTO.observations)),
    ],
)
def test_what_fits_is_believed(whole: Report) -> None:
    assert reasons(whole) == ()


@pytest.mark.parametrize(
    "whole",
    [
        named(SSD.identity.size_bytes * 2),
        in_order(*reversed([one.kind for one in CRYPTO.observations])),
        in_order(
            *(KIND.CANARIES_PLANTED, KIND.COMMAND_ACCEPTED, KIND.CANARIES_GONE),
            *(KIND.COMMAND_FINISHED, KIND.READBACK_ERASED),
        ),
        of(replace(WRITTEN, observations=WRITTEN.observations[::-1])),
        second(later=False),
    ],
)
def test_what_contradicts_it_is_not(whole: Report) -> None:
    assert reasons(whole) == ("report-contradicts-itself",)


def test_an_installation_is_on_a_drive_of_the_report() -> None:
    whole, grown = of(WRITTEN), replace(HDD.identity, size_bytes=2 * SIZE)
    prepared = PreparationRecord((Preparation.REMOVE_HPA,), size_bytes=2 * SIZE)
    for word, listed in (
        (HDD.identity.key, True),
        (grown.key, True),
        (SSD.identity.key, False),
        ("", False),
    ):
        on = replace(whole, install=installed(word))
        told = [one.kind for one in unreached_storage(on)]
        assert told == ([] if listed else [UnreachedKind.NOT_TOLD]), word
    nameless = replace(HDD.identity, serial=None, wwn=None)
    record = replace(whole.drives[0], identity=nameless, preparation=prepared)
    for size, listed in ((SIZE, True), (2 * SIZE, True), (3 * SIZE, False)):
        word = replace(nameless, size_bytes=size).key
        there = replace(whole, drives=(record,), install=installed(word))
        kinds = {one.kind for one in unreached_storage(there)}
        assert (UnreachedKind.NOT_TOLD not in kinds) == listed, size


def installed(word: str) -> InstallRecord:
    return InstallRecord(word, "/dev/sdz", "debian", "13", "0" * 64, ok=True)


def carried_on(job_id: str) -> AttemptRecord:
    seen = Observation(SSD.identity.key, KIND.REATTACHED, {"job_id": job_id})
    return replace(CRYPTO, observations=(seen, *CRYPTO.observations))


def test_what_a_drive_carries_on_was_confirmed_all_the_same() -> None:
    mine = carried_on(CRYPTO.job_id)
    whole = of(mine, SSD)
    assert whole.plan is not None
    assert reasons(whole) == ()
    (plan,) = whole.plan.drives
    assert LimitationCode.HIDDEN_AREAS in mine.attempt.limitations

    def ways(**change: Any) -> Report:
        other = tuple(replace(one, **change) for one in plan.attempts)
        return replace(whole, plan=Plan((replace(plan, attempts=other),), "p"))

    refused = replace(plan, attempts=(), refusals=(Refusal(RefusalCode.SANITIZING),))
    failed = replace(CRYPTO, job_id="first", verdict=Verdict.FAILED, achieved=Method.NONE)
    failed = replace(failed, observations=(Observation(SSD.identity.key, KIND.COMMAND_FAILED),))
    second = replace(whole.drives[0], attempts=(failed, mine))
    for lie in (
        replace(whole, plan=None),
        replace(whole, plan=Plan((refused,), "p")),
        replace(whole, plan=Plan((replace(plan, attempts=()),), "p")),
        of(carried_on("another's"), SSD),
        ways(not_accepted=(LimitationCode.HIDDEN_AREAS,)),
        ways(claims=Method.NONE),
    ):
        assert reasons(lie) == ("report-contradicts-itself",)
    other = replace(plan, attempts=(OTHER,))
    late = replace(whole, drives=(second,), plan=Plan((other,), "p"))
    assert "report-contradicts-itself" in reasons(late)
    # a drive at work had not told what would have settled it
    assert reasons(ways(not_accepted=(LimitationCode.CRYPTO_UNOBSERVABLE,))) == ()
