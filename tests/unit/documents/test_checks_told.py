"""What was checked reaches the report, the certificate and its rule, word by word."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from reprise import codec, i18n
from reprise.documents.checks import checks_flowables
from reprise.documents.text import register_fonts
from reprise.domain.checks.catalogue import CheckId, CheckReason
from reprise.domain.checks.events import CheckDone, ConditionNoted
from reprise.domain.checks.grading import ChecksRecord, Condition, Grade
from reprise.domain.checks.results import CheckResult, CheckStatus, skipped
from reprise.domain.pc.hardware import Machine
from reprise.domain.report.events import Event, InventoryTaken, SessionStarted, Stamped
from reprise.domain.report.fold import fold
from reprise.domain.report.report import Report
from reprise.errors import InputError
from reprise.wording import checks as words
from unit.documents.test_certificate import _texts
from unit.domain.checks.check_samples import check_results
from unit.domain.drives.drives import pc
from unit.domain.pc import samples

START = SessionStarted("s", "r", "bench", "kid", "0.1", "image", False, "rtc")
LAPTOP = pc(machine=Machine(chassis="Notebook"))
MEMORY = CheckResult(check=CheckId.MEMORY, status=CheckStatus.PASSED)


def folded(*events: Event) -> Report:
    whole: list[Event] = [START, InventoryTaken(LAPTOP), *events]
    return fold(
        Stamped(seq, f"2026-01-01T00:00:{seq:02}Z", float(seq), event)
        for seq, event in enumerate(whole, 1)
    )


def record(report: Report) -> ChecksRecord:
    assert report.checks is not None
    return report.checks


def section(report: Report, lang: str) -> str:
    register_fonts()
    with i18n.using(lang):
        return " ".join(_texts(checks_flowables(report)))


def test_the_last_word_on_each_check_is_reported() -> None:
    skip = skipped(CheckId.MEMORY, CheckReason.NO_TIME)
    report = folded(CheckDone(skip), CheckDone(MEMORY), ConditionNoted(Condition.WORN))
    assert MEMORY in record(report).results
    assert record(report).condition is Condition.WORN
    assert record(report).grade is Grade.NONE
    assert folded().checks is None


def test_how_the_pc_looks_is_reported_alone_too() -> None:
    report = folded(ConditionNoted(Condition.LIGHT), ConditionNoted(Condition.BROKEN))
    assert (record(report).condition, record(report).grade) == (Condition.BROKEN, Grade.D)
    assert {one.reason for one in record(report).results} == {
        CheckReason.NOT_DONE,
        CheckReason.NOT_FITTED,
    }


def test_events_come_back_from_a_journal() -> None:
    for result in check_results():
        event = CheckDone(result)
        assert codec.from_json(codec.to_json(event), CheckDone) == event


def test_a_report_from_before_the_checks_is_still_read() -> None:
    old = samples.good_report()
    plain = json.loads(codec.to_json(old))
    assert "checks" not in plain
    assert codec.from_builtins(plain, Report) == old
    assert section(old, "fr") == ""


@pytest.mark.parametrize("wrong", [1e999, -1e999])
def test_a_measure_that_is_no_number_is_refused(wrong: float) -> None:
    plain: Any = codec.to_builtins(samples.checked_report())
    plain["checks"]["results"][0]["measures"][0]["value"] = wrong
    with pytest.raises(InputError):
        codec.from_builtins(plain, Report)


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_the_certificate_prints_every_check_and_the_whole_rule(lang: str) -> None:
    told = section(samples.checked_report(), lang).replace("&amp;", "&")
    told = " ".join(told.split())
    with i18n.using(lang):
        for line in words.grade_rule():
            assert " ".join(line.split()) in told
        for check in CheckId:
            assert words.check(check) in told
        for status in CheckStatus:
            assert words.check_status(status) in told
        assert words.check_limit(record(samples.checked_report()).results[0].limits[0]) in told
    assert "reprise-grade/1" in told


def test_another_rule_is_named_and_not_told_in_the_words_of_ours() -> None:
    report = samples.checked_report()
    other = replace(report, checks=replace(record(report), rule="reprise-grade/9"))
    told = section(other, "en")
    assert "reprise-grade/9" in told
    with i18n.using("en"):
        assert words.grade_rule()[-1] not in told


def test_the_numbers_of_the_criteria_are_those_that_judge() -> None:
    from reprise.domain.checks.battery import BATTERY_HEALTH_MIN_PERCENT

    with i18n.using("en"):
        assert f"{BATTERY_HEALTH_MIN_PERCENT} per cent" in words.criterion(CheckId.BATTERY)


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_measures_read_as_people_write(lang: str) -> None:
    with i18n.using(lang):
        told = [words.check_facts(one) for one in check_results()]
    assert any("88\u00a0°C" in text for text in told)
    assert any(("46,5\u00a0%" if lang == "fr" else "46.5%") in text for text in told)
    assert any("Pause" in text for text in told)
    assert not any("KEY_" in text for text in told)
