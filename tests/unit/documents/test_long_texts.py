"""A certificate is made of whatever a report may hold: a cell of a table ends with its page."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from reprise.documents.certificate import certificate_pdf
from reprise.domain.drives.unreached import Statement, Unreached, UnreachedKind
from reprise.domain.planning.techniques import Verdict
from reprise.domain.report.bounds import Many, Text, shape_of
from reprise.domain.report.events import Observation, ObservationKind
from reprise.domain.report.outcome import Outcome
from reprise.domain.report.report import Report
from reprise.domain.report.report_outcome import report_outcome
from reprise.domain.report.shortening import TIGHTER, brief, shortened
from unit.documents.paper_samples import PAPERS
from unit.documents.test_certificate import CHECKED
from unit.domain.pc import samples
from unit.domain.report import hostile

_JUDGED_BY = ("warnings", "schema")


def every_text(report: Report, text: str, times: int) -> Report:
    """Each of its texts is this one, and each list so many times as long."""
    for path, shape in list(hostile.places(report, shape_of(Report))):
        if isinstance(shape, Text) and path[-1] not in _JUDGED_BY:
            report = hostile.with_part(report, path, text)
        if isinstance(shape, Many) and "plan" not in path and path[-1] != "drives":
            report = hostile.with_part(report, path, hostile.at(report, path) * times)
    return report


@pytest.mark.parametrize(
    ("name", "text"),
    [("long-way", "W" * 4096), ("half-known", "W " * 2048), ("bad", "\x01" * 4096)],
)
def test_texts_as_long_as_may_be_break_no_page(name: str, text: str) -> None:
    report = every_text(PAPERS[name](), text, 3)
    assert certificate_pdf(report, lang="fr", proof=CHECKED).startswith(b"%PDF")


def test_a_paper_s_brief_texts_change_no_outcome() -> None:
    changed = 0
    for seed in range(40):
        make = (*samples.ALL, samples.hiding_report)[seed % 7]
        report = shortened(hostile.changed(make(), Random(seed), 5))  # noqa: S311
        told = brief(report)
        assert report_outcome(told) is report_outcome(report)
        changed += told is not report
    assert changed > 10


def test_a_statement_about_a_place_with_a_long_name_is_one_on_paper() -> None:
    """A plan's warnings name places, too, behind their kind: cut, each would be another."""
    place = Unreached(UnreachedKind.BEHIND_RAID, "0000:00:17.0 " * 30)
    report = samples.good_report()
    assert report.plan is not None
    stated = replace(
        report,
        plan=replace(report.plan, warnings=(place.warning,)),
        stated=(Statement(Unreached(place.kind, place.where.strip())),),
    )
    assert report_outcome(stated) is report_outcome(brief(stated)) is Outcome.ERASED


def test_what_is_short_is_shown_as_it_is() -> None:
    for make in (*samples.ALL, *PAPERS.values()):
        assert brief(make()) == make()


def test_the_last_resort_is_small() -> None:
    report = every_text(samples.good_report(), "\x01" * 70_000, 50)
    told = shortened(report, TIGHTER[-1])
    assert len(repr(told)) < 500_000
    assert len(told.drives) == 3


def test_a_text_that_looks_like_another_s_short_form_changes_no_paper() -> None:
    """One area kept data; another, named as the paper would shorten the first one's name, was seen
    erased."""
    good = samples.good_report()
    (drive, *others) = good.drives
    last, name = drive.attempts[-1], "boot0 " + "x" * 300
    key = drive.identity.key
    kept = Observation(key, ObservationKind.AREA_KEPT_DATA, {"area": name})
    short = brief(replace(good, drives=(replace(drive, node=name), *others))).drives[0].node
    assert short != name
    erased = Observation(key, ObservationKind.AREA_ERASED, {"area": short})
    first = replace(last, verdict=Verdict.UNVERIFIED, observations=(kept,))
    last = replace(last, observations=(*last.observations, erased))
    report = replace(good, drives=(replace(drive, attempts=(first, last)), *others))
    assert report_outcome(report) is report_outcome(brief(report)) is Outcome.UNVERIFIED
