"""Whatever a station reports, a server of the same version takes; what is beyond, it does not."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reprise import codec
from reprise.domain.report.bounds import LONG, TEXT, Many, Text, shape_of
from reprise.domain.report.outcome import Outcome
from reprise.domain.report.report import Report
from reprise.domain.report.report_outcome import report_outcome
from reprise.domain.report.within import OTHER_DEPTH, OTHER_VALUES, Others
from reprise.domain.station.delivery import LARGEST
from reprise.server.problems import ProblemKind
from reprise.server.reports.decoding import decode_new, decode_others, decode_report
from reprise.workflow.delivery.submit import exact_bytes
from server.bounds_kit import refusal, taken
from unit.documents import paper_samples
from unit.domain.drives.drives import hdd
from unit.domain.pc import samples
from unit.domain.report import hostile

SAMPLES = (*samples.ALL, samples.hiding_report)
WELL = frozenset({Outcome.ERASED, Outcome.NO_DRIVE})
EXAMPLES = 50


def test_whatever_hardware_and_people_say_the_report_is_taken() -> None:
    met: Counter[str] = Counter()

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.sampled_from(SAMPLES), st.integers(0, 2**32), st.sampled_from((1, 3, 10, 40)))
    def holds(make: Any, seed: int, times: int) -> None:
        report = hostile.changed(make(), Random(seed), times)  # noqa: S311
        read = taken(report)
        met["all"] += 1
        met["shortened"] += bool(read.shortened)
        met["as it was"] += not read.shortened
        met[f"of {times}"] += bool(read.shortened)
        if read.shortened:
            assert report_outcome(read) not in WELL or report_outcome(report) in WELL
        else:
            assert exact_bytes(report) == codec.to_json(report)
        told = {record.identity for record in report.drives}
        if len(report.drives) == len(read.drives):
            assert len({record.identity for record in read.drives}) == len(told)

    holds()
    assert met["all"] >= EXAMPLES
    assert met["shortened"] > EXAMPLES / 4
    assert met["as it was"] > EXAMPLES / 10
    assert min(met[f"of {times}"] for times in (1, 3, 10, 40)) > 3


@pytest.mark.parametrize("make", [*SAMPLES, *paper_samples.PAPERS.values()])
def test_a_report_as_they_are_is_not_touched(make: Any) -> None:
    report = make()
    assert exact_bytes(report) == codec.to_json(report)


def blown_up(count: int) -> Report:
    """Every text is long and of letters that JSON writes in six, every list has many entries."""
    report = samples.report((hdd(),), (samples.drive_record(hdd(), samples.attempt(hdd())),))
    for path, shape in list(hostile.places(report, shape_of(Report))):
        if isinstance(shape, Text) and path[-1] not in ("schema", "report_id"):
            report = hostile.with_part(report, path, f"{path}" + "\x01" * TEXT)
        if isinstance(shape, Many) and path[-1] != "drives":
            report = hostile.with_part(report, path, hostile.at(report, path) * 20)
    assert report.plan is not None
    drive, record, planned = report.inventory.drives[0], report.drives[0], report.plan.drives[0]
    named = [replace(record.identity, serial=f"{n}" + "\x01" * TEXT) for n in range(count)]
    return replace(
        report,
        inventory=replace(
            report.inventory, drives=tuple(replace(drive, identity=who) for who in named)
        ),
        plan=replace(report.plan, drives=tuple(replace(planned, drive=who) for who in named)),
        drives=tuple(replace(record, identity=who) for who in named),
    )


def test_what_has_no_room_becomes_smaller_until_it_has() -> None:
    """The drives stay, each told from the others."""
    report = blown_up(24)
    assert len(codec.to_json(report)) > 5 * LARGEST
    read = taken(report)
    assert len(read.drives) == len(read.inventory.drives) == 24
    assert len({record.identity for record in read.drives}) == 24
    assert len(read.shortened) == 51
    assert read.shortened[-1].where == "shortened"
    assert read.shortened[-1].of > 51


def test_a_drive_whose_name_is_cut_keeps_one_name_in_all_of_its_report() -> None:
    one = replace(hdd().identity, serial="S" * 70_000 + "1")
    two = replace(one, serial="S" * 70_000 + "2")
    drives = tuple(
        replace(hdd(), identity=who, node=f"/dev/sd{n}") for n, who in enumerate((one, two))
    )
    records = tuple(samples.drive_record(d, samples.attempt(d)) for d in drives)
    read = taken(samples.report(drives, records))
    assert report_outcome(read) is Outcome.ERASED
    assert read.drives[0].identity != read.drives[1].identity
    for record, drive in zip(read.drives, read.inventory.drives, strict=True):
        assert record.identity == drive.identity
        serial = record.identity.serial or ""
        assert len(serial) == TEXT
        assert "… (70001, SHA-256 " in serial
        for seen in record.attempts[0].observations:
            assert seen.drive == record.identity.key
    assert read.plan is not None
    assert [entry.drive for entry in read.plan.drives] == [d.identity for d in read.drives]
    assert read.install is not None
    assert read.install.drive == read.drives[0].identity.key
    assert {one.where for one in read.shortened} >= {"drives.0.identity.serial"}


def plain(**more: Any) -> dict[str, Any]:
    return {**codec.to_builtins(samples.good_report()), **more}


def decoded(document: dict[str, Any]) -> tuple[Report, Others]:
    return decode_new(json.dumps(document).encode())


def test_what_only_a_newer_station_knows_is_told_and_keeps_no_report_out() -> None:
    document = plain(colour="blue", weather={"rain": [1, 2, {"deep": None}]})
    document["drives"][0]["smell"] = "none"
    document["drives"][1]["smell"] = "new"
    document["inventory"]["drives"][0]["identity"]["taste"] = 1
    report, others = decoded(document)
    assert report == samples.good_report()
    assert others.count == 5
    assert set(others.names) == {
        *("colour", "weather", "drives.*.smell", "inventory.drives.*.identity.taste"),
    }


def test_of_very_many_unknown_facts_the_first_are_told_by_name() -> None:
    _report, others = decoded(plain(**{f"fact{n:05}": n for n in range(OTHER_VALUES)}))
    assert others.count == OTHER_VALUES
    assert others.names == tuple(f"fact{n:05}" for n in range(20))


def nested(depth: int) -> Any:
    value: Any = 1
    for _level in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("held", "too_much"),
    [
        (nested(OTHER_DEPTH), nested(OTHER_DEPTH + 1)),
        ({"a": nested(OTHER_DEPTH - 1)}, {"a": nested(OTHER_DEPTH)}),
        ("x" * LONG, "x" * (LONG + 1)),
        (["x" * LONG], ["x" * (LONG + 1)]),
        ([0] * (OTHER_VALUES - 1), [0] * OTHER_VALUES),
        ({"x" * TEXT: 1}, {"x" * (TEXT + 1): 1}),
        ([[0] * 999] * 19, [[0] * 999] * 20),
    ],
)
def test_what_is_unknown_has_bounds_too(held: Any, too_much: Any) -> None:
    decoded(plain(news=held))
    error = refusal(json.dumps(plain(news=too_much)).encode())
    assert error.problem.kind is ProblemKind.OUT_OF_BOUNDS
    assert error.problem.field == "news"


def test_a_place_is_told_in_few_letters() -> None:
    document = plain(**{"y" * 5000: "x" * (LONG + 1)})
    field = refusal(json.dumps(document).encode()).problem.field
    assert field.startswith("yyy")
    assert len(field) <= 100


def test_what_was_stored_before_there_were_bounds_is_read_as_ever() -> None:
    report = replace(samples.good_report(), session_id="x" * 100_000)
    data = codec.to_json(report)
    assert decode_report(data) == report
    assert decode_others(data) == Others()
    assert decode_others(json.dumps(plain(colour=1)).encode()) == Others(1, ("colour",))
