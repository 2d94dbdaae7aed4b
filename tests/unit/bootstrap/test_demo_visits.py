"""Sessions with nobody at a screen: what comes of a PC is the station's own word."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import pytest

from reprise import codec
from reprise.adapters.demo.names import Fault
from reprise.adapters.demo.programme.story import Visit, visits
from reprise.adapters.signing.jws import DEMO_TYPE, generate_signer
from reprise.bootstrap.demo_visits import report_of
from reprise.domain.report.outcome import Outcome
from reprise.domain.report.plausibility import plausibility
from reprise.domain.report.report import DEMO_SCHEMA, Report
from reprise.domain.report.report_outcome import report_outcome

YEAR = visits(1, date(2026, 11, 29))


def fails(visit: Visit, kind: str) -> bool:
    manners = [disk.manner for disk in visit.pc.disk if disk.manner is not None]
    return any(bad.fails == kind for manner in manners for bad in manner.bad)


def is_well(visit: Visit) -> bool:
    trouble = fails(visit, "write") or fails(visit, "read") or visit.faults
    return bool(visit.pc.disk) and not trouble and visit.breaks_off_s is None


WHAT_COMES: dict[Outcome, Callable[[Visit], bool]] = {
    Outcome.ERASED: is_well,
    Outcome.FAILED: lambda visit: fails(visit, "write"),
    Outcome.UNVERIFIED: lambda visit: fails(visit, "read"),
    Outcome.INTERRUPTED: lambda visit: visit.breaks_off_s is not None,
    Outcome.INCOMPLETE: lambda visit: Fault.HIDDEN in visit.faults,
    Outcome.NO_DRIVE: lambda visit: not visit.pc.disk,
}


def parts(jws: bytes) -> Iterator[bytes]:
    for part in jws.split(b".")[:2]:
        yield base64.urlsafe_b64decode(part + b"==")


@pytest.mark.parametrize("outcome", Outcome)
def test_what_becomes_of_a_pc_follows_from_it(outcome: Outcome) -> None:
    signer = generate_signer(DEMO_TYPE)
    some = [visit for visit in YEAR if WHAT_COMES[outcome](visit)][:2]
    assert len(some) == 2
    for visit in some:
        sealed, jws = report_of(visit, "Établi 1", signer)
        header, payload = parts(jws)
        assert json.loads(header)["typ"] == DEMO_TYPE
        report = codec.from_json(payload, Report)
        assert report_outcome(report) is outcome
        assert report.schema == DEMO_SCHEMA
        assert (report.report_id, report.session_id) == (visit.report_id, visit.session_id)
        assert (report.station.name, report.station.kid) == ("Établi 1", signer.kid)
        assert report.operator == visit.operator
        assert report.inventory.machine == visit.pc.machine
        assert sealed > visit.began
        assert plausibility(report, sealed + visit.delay) == ()
        assert report.clock.session_s == pytest.approx((sealed - visit.began).total_seconds(), 0.01)


def test_a_visit_is_the_same_again_but_for_its_keys() -> None:
    visit = next(visit for visit in YEAR if is_well(visit))
    (at, one), (again_at, two) = (
        report_of(visit, "A", generate_signer(DEMO_TYPE)) for _twice in range(2)
    )
    reports = [codec.from_json(tuple(parts(jws))[1], Report) for jws in (one, two)]
    assert at == again_at
    assert reports[0].checks == reports[1].checks
    assert reports[0].clock == reports[1].clock
    assert reports[0].inventory == reports[1].inventory


def test_many_are_checked_and_some_get_a_system() -> None:
    signer = generate_signer(DEMO_TYPE)
    quick = [v for v in YEAR if is_well(v) and v.pc.disk[0].drive.rotation_rpm][:30]
    made = [codec.from_json(tuple(parts(report_of(v, "A", signer)[1]))[1], Report) for v in quick]
    assert 0 < sum(report.checks is None for report in made) < 15
    assert 5 < sum(report.install is not None for report in made) < 25
    assert all(report.install is None or report.install.ok for report in made)
    assert all(report.triage is not None and report.impact is not None for report in made)


def test_who_is_sealed_nowhere_is_told_of() -> None:
    """A mistake of the story's is no report that lacks."""
    visit = next(visit for visit in YEAR if is_well(visit))
    with pytest.raises(RuntimeError):
        report_of(replace(visit, report_id="x" * 500), "A", _Broken())


class _Broken:
    """A Signer without its key."""

    kid = "k"

    def sign(self, payload: bytes) -> bytes:
        from reprise.errors import StorageError

        raise StorageError("no key")
