"""A made-up year: always the same of one seed, and nobody's."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from random import Random

from reprise.adapters.demo.clock import SkippingClock
from reprise.adapters.demo.programme.checking import checked, look
from reprise.adapters.demo.programme.fleet import build, fleet
from reprise.adapters.demo.programme.people import Team
from reprise.adapters.demo.programme.story import (
    BENCHES,
    DAYS,
    PCS,
    Visit,
    bench_days,
    moment_of,
    visits,
)
from reprise.domain.checks.catalogue import CheckId
from reprise.domain.checks.grading import Grade, checks_record
from reprise.domain.checks.results import CheckStatus

TODAY = date(2026, 11, 29)  # a Sunday


def luck(seed: int) -> Random:
    return Random(seed)  # noqa: S311


def test_of_one_seed_a_year_is_always_the_same() -> None:
    once = visits(7, TODAY)
    assert visits(7, TODAY) == once
    assert visits(8, TODAY) != once
    assert 370 <= len(once) <= 420
    # on another day the same PCs come, on other days
    later = visits(7, TODAY + timedelta(weeks=1))
    key = {v.report_id: v for v in once}
    shared = [v for v in later if v.report_id in key]
    assert len(shared) > len(once) / 2
    assert all(v.pc == key[v.report_id].pc for v in shared)


def test_every_number_says_that_it_is_nobodys() -> None:
    found = visits(1, TODAY)
    assert len({v.report_id for v in found} | {v.session_id for v in found}) == 2 * len(found)
    serials = {v.pc.machine.serial or "" for v in found}
    assert len(serials) == sum(PCS)
    drives = [disk.drive.identity for v in found for disk in v.pc.disks]
    assert all("DEMO" in serial for serial in serials)
    assert all("DEMO" in (drive.serial or "") for drive in drives)
    assert all("dead" in (drive.wwn or "") for drive in drives)
    assert len({drive.serial for drive in drives}) == len({drive.wwn for drive in drives})
    assert all((v.pc.machine.uuid or "").startswith("00000000-0000-4000-8000-") for v in found)


def test_people_work_on_working_days_before_today() -> None:
    days = bench_days(TODAY)
    assert {day.weekday() for day in days} == {1, 2, 3}
    assert max(days) < TODAY
    assert not any(day.month == 8 and day.day < 22 for day in days)
    assert not any((day.month, day.day) >= (12, 22) for day in days)
    found = visits(1, TODAY)
    assert {v.began.date() for v in found} <= set(days)
    assert all(6 <= v.began.hour < 16 for v in found)
    assert found == sorted(found, key=lambda v: v.began)
    assert {v.bench for v in found} == set(range(len(BENCHES)))


def test_a_bench_is_used_while_it_is_there() -> None:
    for number, bench in enumerate(BENCHES):
        used = [v.began for v in visits(1, TODAY) if v.bench == number]
        assert min(used) > moment_of(TODAY, bench.since, datetime.min.time())
        until = DAYS if bench.until is None else bench.until
        assert max(used) < moment_of(TODAY, until, datetime.min.time())


def test_moments_of_the_year_are_no_sundays() -> None:
    nine = datetime(2026, 1, 1, 9).time()
    moments = [moment_of(TODAY, number, nine) for number in range(20)]
    assert {moment.weekday() for moment in moments} == set(range(5))
    assert moments[0] == datetime(2025, 12, 1, 8, tzinfo=UTC)  # Saturday the 29th, so Monday


def test_who_was_broken_off_comes_again() -> None:
    found = visits(1, TODAY)
    broken_off = [v for v in found if v.breaks_off_s is not None]
    assert len(broken_off) == 13 + 1
    for visit in broken_off:
        again = [v for v in found if v.pc == visit.pc and v.began > visit.began]
        assert len(again) == 1
        assert again[0].breaks_off_s is None
        assert again[0].operator.lot == visit.operator.lot


def test_a_small_year_has_one_of_each_fate() -> None:
    found = visits(3, TODAY, (12, 1))
    town = [v for v in found if BENCHES[v.bench].team is Team.TOWN]
    wrong = Counter(
        (bool(v.faults), v.breaks_off_s is not None, not v.pc.disk, _bad(v)) for v in town
    )
    assert {(True, False, False, ""), (False, True, False, "")} <= wrong.keys()
    assert {(False, False, True, ""), (False, False, False, "write")} <= wrong.keys()
    assert (False, False, False, "read") in wrong


def _bad(visit: Visit) -> str:
    manners = [disk.manner for disk in visit.pc.disk if disk.manner is not None]
    return "".join(bad.fails for manner in manners for bad in manner.bad)


def test_who_sleeps_has_slept() -> None:
    began = datetime(2026, 3, 3, 9, tzinfo=UTC)
    clock = SkippingClock(began, 60.0)
    clock.sleep(3600)
    assert clock.monotonic() == 3600
    assert clock.read().now == began + timedelta(hours=1)


def test_each_check_that_is_to_be_made_gets_its_result() -> None:
    of, grades = fleet(), Counter[Grade]()
    for number in range(250):
        random = luck(number)
        pc = build(of, number, random).inventory(())
        clock = SkippingClock(datetime(2026, 3, 3, tzinfo=UTC), 60.0)
        results = list(checked(pc, clock, random))
        wanted = {check for check in CheckId if check.spec.applies(pc)}
        assert {result.check for result in results} == wanted
        assert not any(result.status is CheckStatus.SKIPPED for result in results)
        record = checks_record(results, look(random).condition, pc)
        assert record is not None
        grades[record.grade] += 1
        assert clock.monotonic() > 60
    assert {Grade.A, Grade.B, Grade.C, Grade.D} == grades.keys()


def test_a_desktop_may_be_wanted_with_a_hard_disk() -> None:
    of = fleet()
    turning = [build(of, n, luck(n), turning=True).disk[0].drive for n in range(30)]
    assert all(drive.rotation_rpm for drive in turning)
    assert any(not build(of, n, luck(n)).disk[0].drive.rotation_rpm for n in range(30))
