"""A PC whose controllers may hide drives is never called erased as a whole, but by the word of a
person, which is told as such."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest

from reprise.codec import from_builtins, to_builtins
from reprise.domain.drives.open_storage import open_reasons, reasons
from reprise.domain.drives.unreached import Statement, StorageStated, Unreached, UnreachedKind
from reprise.domain.planning.plan import Plan
from reprise.domain.report import events as ev
from reprise.domain.report.fold import fold
from reprise.domain.report.outcome import Outcome
from reprise.domain.report.report import Report
from reprise.domain.report.report_outcome import report_outcome, unreached_storage
from reprise.wording import statements, unreached
from unit.documents.test_certificate import words as certificate_words
from unit.domain.pc.samples import good_report, hiding_report
from unit.domain.report.test_fold import journal

MAY_BE = ("BEHIND_RAID", "NO_DRIVER", "SHOWS_NOTHING", "UNREADABLE")
IS_THERE = (
    *("REMAPPED", "VOLUME", "NO_NAMESPACE", "NVME_NO_DRIVER", "SILENT", "STARTING"),
    *("NO_NODE", "NOT_LISTED", "NOT_TOLD", "APPEARED", "NOT_LOOKED"),
)


def seen(*found: Unreached, stated: tuple[Statement, ...] = ()) -> Report:
    report = good_report()
    assert report_outcome(report) is Outcome.ERASED
    plan = replace(
        report.plan or Plan((), "default/2"), warnings=tuple(one.warning for one in found)
    )
    inventory = replace(report.inventory, unreached=found)
    return replace(report, inventory=inventory, plan=plan, stated=stated)


def at(kind: str, where: str = "0000:03:00.0", detail: str = "class=0107") -> Unreached:
    return Unreached(UnreachedKind[kind], where, detail)


def test_every_kind_is_sorted_into_what_may_be_and_what_is() -> None:
    assert {kind.name for kind in UnreachedKind} == {*MAY_BE, *IS_THERE}


@pytest.mark.parametrize("kind", [*MAY_BE, *IS_THERE])
def test_what_cannot_be_reached_leaves_the_pc_unfinished(kind: str) -> None:
    report = seen(at(kind))
    assert report_outcome(report) is Outcome.INCOMPLETE
    (words,) = unreached(unreached_storage(report))
    assert "0000:03:00.0" in words


@pytest.mark.parametrize("kind", MAY_BE)
def test_a_persons_word_answers_what_may_be(kind: str) -> None:
    report = seen(at(kind), stated=(Statement(at(kind), "C. Martin"),))
    assert report_outcome(report) is Outcome.ERASED
    (words,) = statements(report.stated)
    assert "C. Martin" in words
    assert "C.est une déclaration" in words.replace("’", ".").replace("'", ".")


@pytest.mark.parametrize("kind", IS_THERE)
def test_no_word_takes_back_a_drive_that_was_seen(kind: str) -> None:
    report = seen(at(kind), stated=(Statement(at(kind), "C. Martin"),))
    assert report_outcome(report) is Outcome.INCOMPLETE


@pytest.mark.parametrize(
    "other",
    [
        at("BEHIND_RAID", where="0000:04:00.0"),
        at("BEHIND_RAID", detail="class=0104"),
        at("NO_DRIVER"),
    ],
)
def test_a_word_about_something_else_answers_nothing(other: Unreached) -> None:
    report = seen(at("BEHIND_RAID"), stated=(Statement(other, "C. Martin"),))
    assert report_outcome(report) is Outcome.INCOMPLETE


def test_each_needs_its_own_word() -> None:
    two = at("BEHIND_RAID"), at("NO_DRIVER", where="0000:05:00.0")
    report = seen(*two, stated=(Statement(two[0]),))
    assert unreached_storage(report) == (two[1],)


def test_a_volume_that_appears_later_is_not_covered_by_an_earlier_word() -> None:
    report = seen(at("VOLUME"), stated=(Statement(at("BEHIND_RAID")),))
    assert report_outcome(report) is Outcome.INCOMPLETE


def test_the_inventory_counts_without_a_plan() -> None:
    report = replace(seen(at("SILENT")), plan=None, drives=())
    assert at("SILENT") in unreached_storage(report)
    assert report_outcome(report) is Outcome.INCOMPLETE


def test_an_older_report_has_warnings_only() -> None:
    report = hiding_report()
    assert report_outcome(report) is Outcome.INCOMPLETE
    assert reasons(report.inventory, report.plan) == (
        Unreached(UnreachedKind.BEHIND_RAID, "0000:00:17.0"),
    )
    (words,) = unreached(unreached_storage(report))
    assert "AHCI" in words
    assert unreached_storage(good_report()) == ()


def test_a_warning_that_is_not_known_counts() -> None:
    plan = Plan((), "default/2", warnings=("from-a-later-version: 0000:00:17.0",))
    (one,) = open_reasons(None, plan, ())
    assert not one.statable
    assert "from-a-later-version" in one.where


def test_one_reason_is_told_once() -> None:
    report = seen(at("BEHIND_RAID"))
    assert reasons(report.inventory, report.plan) == (at("BEHIND_RAID"),)


def test_the_journal_and_the_report_keep_the_word() -> None:
    said = StorageStated(at("NO_DRIVER"), "C. Martin")
    report = fold(journal(said))
    (kept,) = report.stated
    assert (kept.about, kept.by) == (said.about, "C. Martin")
    assert kept.at.startswith("2026-01-01T00:00:02")
    assert from_builtins(to_builtins(report), Report) == report
    assert from_builtins(to_builtins(said), StorageStated) == said


def test_an_older_report_reads_as_stating_nothing() -> None:
    plain = to_builtins(good_report())
    del plain["stated"], plain["inventory"]["unreached"]
    report = from_builtins(plain, Report)
    assert (report.stated, report.inventory.unreached) == ((), ())
    assert StorageStated in get_args(ev.Event)


@pytest.mark.parametrize(
    ("lang", "told"), [("en", "not an observation"), ("fr", "une déclaration")]
)
def test_the_certificate_prints_the_word_as_a_persons(lang: str, told: str) -> None:
    stated = seen(at("NO_DRIVER"), stated=(Statement(at("NO_DRIVER"), "C. Martin"),))
    paper = certificate_words(stated, lang)
    assert told in paper
    assert "C. Martin" in paper
    assert "0000:03:00.0" in paper
    assert told not in certificate_words(seen(at("NO_DRIVER")), lang)
