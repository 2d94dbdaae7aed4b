"""The grade never says more than was checked: a failure never helps, and neither does a skip."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprise.domain.checks.catalogue import CheckId, CheckReason
from reprise.domain.checks.grading import Condition, Grade, checks_record, grade
from reprise.domain.checks.merging import complete, merged, not_fitted
from reprise.domain.checks.results import CheckResult, CheckStatus, skipped
from reprise.domain.pc.hardware import Machine
from unit.domain.drives.drives import pc

ORDER = list(Grade)  # best first
RANKS = [CheckStatus.PASSED, CheckStatus.UNKNOWN, CheckStatus.FAILED]  # best first
ESSENTIAL = [one for one in CheckId if one.spec.essential]
OTHER = [one for one in CheckId if not one.spec.essential]


def result(check: CheckId, status: CheckStatus) -> CheckResult:
    reason = {
        CheckStatus.PASSED: None,
        CheckStatus.FAILED: CheckReason.SEEN_BROKEN,
        CheckStatus.SKIPPED: CheckReason.NO_TIME,
        CheckStatus.UNKNOWN: CheckReason.NOT_DONE,
        CheckStatus.NOT_APPLICABLE: CheckReason.NOT_FITTED,
    }[status]
    return CheckResult(check=check, status=status, reason=reason)


def all_passed(**other: CheckStatus) -> list[CheckResult]:
    return [result(one, other.get(one.value, CheckStatus.PASSED)) for one in CheckId]


statuses = st.lists(st.sampled_from(CheckStatus), min_size=len(CheckId), max_size=len(CheckId)).map(
    lambda found: [result(check, one) for check, one in zip(CheckId, found, strict=True)]
)
conditions = st.sampled_from([*Condition, None])


def no_better(worse: Grade, better: Grade) -> bool:
    return ORDER.index(worse) >= ORDER.index(better)


@given(statuses, conditions, st.integers(0, len(CheckId) - 1), st.sampled_from(RANKS))
def test_a_worse_result_never_improves_the_grade(
    results: list[CheckResult], condition: Condition | None, at: int, better: CheckStatus
) -> None:
    for worse in RANKS[RANKS.index(better) :]:
        first, second = list(results), list(results)
        first[at] = result(results[at].check, better)
        second[at] = result(results[at].check, worse)
        assert no_better(grade(second, condition), grade(first, condition))


@given(statuses, conditions, st.integers(0, len(CheckId) - 1))
def test_adding_a_failure_never_improves_the_grade(
    results: list[CheckResult], condition: Condition | None, at: int
) -> None:
    failed = list(results)
    failed[at] = result(results[at].check, CheckStatus.FAILED)
    assert no_better(grade(failed, condition), grade(results, condition))


@given(statuses, conditions, st.integers(0, len(CheckId) - 1))
def test_skipped_and_unknown_and_missing_are_the_same(
    results: list[CheckResult], condition: Condition | None, at: int
) -> None:
    grades = set()
    for status in (CheckStatus.SKIPPED, CheckStatus.UNKNOWN):
        changed = list(results)
        changed[at] = result(results[at].check, status)
        grades.add(grade(changed, condition))
    grades.add(grade([one for n, one in enumerate(results) if n != at], condition))
    assert len(grades) == 1


@given(statuses, st.sampled_from(Condition), st.sampled_from([*Condition, None]))
def test_a_better_case_never_lowers_the_grade(
    results: list[CheckResult], one: Condition, other: Condition | None
) -> None:
    order = [Condition.LIGHT, Condition.WORN, None, Condition.BROKEN]
    better, worse = sorted((one, other), key=order.index)
    assert no_better(grade(results, worse), grade(results, better))


def test_the_rule_case_by_case() -> None:
    light, worn = Condition.LIGHT, Condition.WORN
    failed, unknown = CheckStatus.FAILED, CheckStatus.UNKNOWN
    assert grade(all_passed(), light) is Grade.A
    assert grade(all_passed(), worn) is Grade.B
    assert grade(all_passed(wifi=failed), light) is Grade.B
    assert grade(all_passed(wifi=unknown), worn) is Grade.B
    assert grade(all_passed(wifi=failed, sound=unknown), light) is Grade.C
    assert grade(all_passed(keyboard=unknown), light) is Grade.NONE
    assert grade(all_passed(), None) is Grade.NONE
    assert grade(all_passed(keyboard=failed), light) is Grade.D
    assert grade(all_passed(), Condition.BROKEN) is Grade.D
    assert grade([], light) is Grade.NONE


@pytest.mark.parametrize("check", ESSENTIAL)
def test_no_essential_function_can_be_left_out(check: CheckId) -> None:
    for status in (CheckStatus.SKIPPED, CheckStatus.UNKNOWN):
        assert grade(all_passed(**{check.value: status}), Condition.LIGHT) is Grade.NONE
    assert grade(all_passed(**{check.value: CheckStatus.FAILED}), None) is Grade.D


@pytest.mark.parametrize("check", OTHER)
def test_another_function_that_does_not_pass_costs_the_a(check: CheckId) -> None:
    for status in (CheckStatus.SKIPPED, CheckStatus.UNKNOWN, CheckStatus.FAILED):
        assert grade(all_passed(**{check.value: status}), Condition.LIGHT) is Grade.B
    assert grade(all_passed(**{check.value: CheckStatus.NOT_APPLICABLE}), Condition.LIGHT) is (
        Grade.A
    )


def test_what_nobody_made_is_unknown_in_the_record() -> None:
    laptop = pc(machine=Machine(chassis="Notebook"))
    record = checks_record([result(CheckId.MEMORY, CheckStatus.PASSED)], None, laptop)
    assert record is not None
    by = {one.check: one for one in record.results}
    assert list(by) == list(CheckId)
    assert by[CheckId.KEYBOARD].reason is CheckReason.NOT_DONE
    assert by[CheckId.ETHERNET].status is CheckStatus.NOT_APPLICABLE
    assert (record.grade, record.rule) == (Grade.NONE, "reprise-grade/1")
    assert checks_record([], None, laptop) is None


def test_a_desktop_is_not_judged_by_the_bench() -> None:
    desktop = pc(machine=Machine(chassis="Mini Tower"))
    absent = {
        one.check for one in complete([], desktop) if one.status is CheckStatus.NOT_APPLICABLE
    }
    assert absent == {
        *(CheckId.BATTERY, CheckId.ETHERNET, CheckId.WIFI),
        *(CheckId.KEYBOARD, CheckId.SCREEN, CheckId.POINTER),
    }
    all_in_one = pc(machine=Machine(chassis="All In One"))
    assert not_fitted(CheckId.SCREEN) not in complete([], all_in_one)


def test_a_memory_fault_stays_though_a_later_run_passes() -> None:
    said = result(CheckId.MEMORY, CheckStatus.FAILED)
    bad = replace(said, reason=CheckReason.WRONG_BITS)
    assert merged([bad], result(CheckId.MEMORY, CheckStatus.PASSED)) == (bad,)
    assert merged([bad], skipped(CheckId.MEMORY, CheckReason.FOR_PARTS)) == (bad,)
    dead = result(CheckId.SOUND, CheckStatus.FAILED)
    mended = result(CheckId.SOUND, CheckStatus.PASSED)
    assert merged([bad, dead], mended) == (bad, mended)
    assert CheckId.PROCESSOR.spec.lasting


@pytest.mark.parametrize("status", [s for s in CheckStatus if s is not CheckStatus.PASSED])
def test_only_a_pass_has_no_reason(status: CheckStatus) -> None:
    with pytest.raises(ValueError, match="reason"):
        CheckResult(check=CheckId.USB, status=status)
    with pytest.raises(ValueError, match="reason"):
        replace(result(CheckId.USB, CheckStatus.PASSED), reason=CheckReason.NO_TIME)


def test_a_reason_in_words_has_words_and_no_other_reason_has_any() -> None:
    told = skipped(CheckId.BATTERY, CheckReason.IN_WORDS, "no charger")
    assert (told.status, told.detail) == (CheckStatus.SKIPPED, "no charger")
    for reason, words in ((CheckReason.IN_WORDS, ""), (CheckReason.NO_TIME, "no charger")):
        with pytest.raises(ValueError, match="no reason to skip"):
            skipped(CheckId.BATTERY, reason, words)


@pytest.mark.parametrize("reason", CheckReason)
def test_a_person_leaves_a_check_out_for_a_reason_of_theirs_only(reason: CheckReason) -> None:
    """What a check measured is nothing that one chooses."""
    chosen = ("no-time", "for-parts", "no-equipment", "checked-elsewhere", "in-words")
    words = "no charger" if reason is CheckReason.IN_WORDS else ""
    if reason.value in chosen:
        told = skipped(CheckId.BATTERY, reason, words)
        assert (told.status, told.reason, told.detail) == (CheckStatus.SKIPPED, reason, words)
    else:
        with pytest.raises(ValueError, match="no reason to skip"):
            skipped(CheckId.BATTERY, reason, words)
