"""Each bound of a report, reached and passed; minutes of work, so `make check` leaves them out."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from reprise import codec
from reprise.domain.report.bounds import LIST, Many, Named, Text, shape_of
from reprise.domain.report.outcome import Outcome
from reprise.domain.report.report import Report
from reprise.domain.report.report_outcome import report_outcome
from reprise.server.problems import ProblemKind
from reprise.server.reports.decoding import decode_new
from server.bounds_kit import refusal, taken
from unit.documents import paper_samples
from unit.domain.drives.drives import hdd
from unit.domain.pc import samples
from unit.domain.report import hostile

pytestmark = pytest.mark.whole


def test_each_text_and_list_is_taken_up_to_its_bound_and_no_further() -> None:
    counted: Counter[str] = Counter()
    for make in (samples.checked_report, paper_samples.PAPERS["long-way"], samples.bad_report):
        report = make()
        for path, shape in hostile.places(report, shape_of(Report)):
            if path[-1:] == ("schema",):
                continue
            value = hostile.at(report, path)
            under: Any
            over: Any
            if isinstance(shape, Text) and isinstance(value, str):
                under, over = "x" * shape.most, "x" * (shape.most + 1)
            elif isinstance(shape, Many) and value:
                under, over = ((value[0],) * (shape.most + more) for more in (0, 1))
            elif isinstance(shape, Named):
                under, over = ({str(n): "x" for n in range(shape.most + more)} for more in (0, 1))
            else:
                continue
            decode_new(codec.to_json(hostile.with_part(report, path, under)))
            error = refusal(codec.to_json(hostile.with_part(report, path, over)))
            where = ".".join(map(str, path))
            assert error.problem.kind is ProblemKind.OUT_OF_BOUNDS
            assert error.problem.field == where
            assert {str(shape.most), str(shape.most + 1)} <= set(
                error.problem.because.strip(".").split()
            )
            counted[type(shape).__name__] += 1
    assert counted["Text"] > 200
    assert counted["Many"] > 60
    assert counted["Named"] > 10


def test_drives_that_are_left_out_are_no_erased_pc() -> None:
    first, *others = (hdd(number) for number in range(LIST + 500))
    attempted = [samples.drive_record(d, samples.attempt(d)) for d in (first, *others)]
    erased = samples.report((first, *others), tuple(attempted))
    assert report_outcome(erased) is Outcome.ERASED
    assert report_outcome(taken(erased)) is Outcome.INCOMPLETE, "500 of which it says nothing"
    middle = LIST // 2 + 50  # neither the beginning nor the end is left out
    attempted[middle] = samples.drive_record(
        others[middle - 1], samples.attempt(others[middle - 1], None)
    )
    failed = replace(erased, drives=tuple(attempted))
    assert report_outcome(failed) is Outcome.INTERRUPTED
    read = taken(failed)
    assert attempted[middle].identity not in {record.identity for record in read.drives}
    assert report_outcome(read) is Outcome.INCOMPLETE
    assert read.shortened[0].of == LIST + 500
