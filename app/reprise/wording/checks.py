"""Function checks and the grade, in the words of screen, page and certificate."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from reprise.domain.checks.catalogue import (
    CheckAsk,
    CheckId,
    CheckLimit,
    CheckReason,
    MeasureName,
    Unit,
)
from reprise.domain.checks.grading import GRADE_RULE, Condition, Grade
from reprise.domain.checks.results import CheckResult, CheckStatus, Measure
from reprise.i18n import _, language
from reprise.system_words import system_words
from reprise.wording import check_tables as tables
from reprise.wording.formats import NBSP, decimal, duration, join, number, percent, size_binary
from reprise.wording.keys import key_name


def N_(msgid: str) -> str:  # noqa: N802 - gettext's own name for "mark, translate later"
    return msgid


# The rule reprise-grade/1, word by word; domain.checks.grading decides by it.
_RULE: Mapping[Grade, str] = {
    Grade.A: N_("A: every function passed its check, and the case has no marks, or light ones."),
    Grade.B: N_(
        "B: every essential function passed; at most one other function failed or was not"
        " checked; the case is not broken."
    ),
    Grade.C: N_("C: every essential function passed; the case is not broken."),
    Grade.D: N_("D: an essential function failed, or the case is broken."),
    Grade.NONE: N_(
        "Not graded: an essential function was not checked, or nobody judged the case, and"
        " nothing says D."
    ),
}


def check(value: CheckId) -> str:
    return _(tables.CHECKS[value])


def criterion(value: CheckId) -> str:
    """What the check does and what passes: one or two sentences."""
    return _(tables.CRITERIA[value])


def check_status(value: CheckStatus) -> str:
    return _(tables.STATUSES[value])


def check_reason(value: CheckReason) -> str:
    return _(tables.CHECK_REASONS[value])


def check_limit(value: CheckLimit) -> str:
    return _(tables.CHECK_LIMITS[value])


def check_ask(value: CheckAsk) -> str:
    return _(tables.CHECK_ASKS[value])


def condition(value: Condition | None) -> str:
    return _("nobody said") if value is None else _(tables.CONDITIONS[value])


def grade(value: Grade) -> str:
    return _(tables.GRADES[value])


def _unit(text: str) -> Callable[[float], str]:
    return lambda value: f"{_plain(value)}{NBSP}{text}"


def _plain(value: float) -> str:
    if isinstance(value, int) or float(value).is_integer():
        return number(int(value))
    return decimal(value, 1 if abs(value) >= 1 else 3)


_UNITS: Mapping[Unit, Callable[[float], str]] = {
    Unit.COUNT: _plain,
    Unit.LEVEL: _plain,
    Unit.BYTES: lambda value: size_binary(int(value)),
    Unit.SECONDS: lambda value: ("-" if value <= -1 else "") + duration(abs(value)),
    Unit.CELSIUS: _unit("°C"),
    Unit.PERCENT: lambda value: percent(value, 100),
    Unit.WATT_HOURS: _unit("Wh"),
    Unit.WATTS: _unit("W"),
    Unit.MEGABITS_S: _unit("Mbit/s"),
    Unit.DECIBELS: _unit("dB"),
}


def measure(value: Measure) -> str:
    """ "peak: 71 °C"; no error is said in words."""
    if value.name is MeasureName.ERRORS and value.value == 0:
        return _("no error")
    return _(tables.MEASURES[value.name]).format(value=_said(value))


def measured(found: Sequence[Measure]) -> tuple[str, ...]:
    """One text a measure, a part beside its whole: "3.8 GiB tested of 7.6"."""
    named = {item.name: item for item in found}
    wholes = {whole for part, (whole, _text) in tables.PARTS.items() if part in named}
    texts = []
    for item in found:
        whole, text = tables.PARTS.get(item.name, (None, ""))
        if whole in named:
            texts.append(_of(item, named[whole], _(text)))
        elif item.name not in wholes:
            texts.append(measure(item))
    return tuple(texts)


def _said(value: Measure) -> str:
    return _UNITS[value.unit](value.value)


def _of(part: Measure, whole: Measure, text: str) -> str:
    """The unit once where both have the same."""
    some, all_ = _said(part), _said(whole)
    number_of, _space, unit = all_.rpartition(NBSP)
    same = bool(unit) and some.endswith(NBSP + unit)
    return text.format(part=some, whole=number_of if same else all_)


def measures(result: CheckResult) -> str:
    """Apart from one another by more than the comma that French writes in a number."""
    return " · ".join(measured(result.measures))


def check_facts(result: CheckResult) -> str:
    """Why it did not pass and what was measured, on one line; empty where there is nothing."""
    why = "" if result.reason is None else check_reason(result.reason)
    if result.detail:
        seen = key_names(system_words(result.detail))
        if CheckLimit.KEYS_SAID_ABSENT in result.limits and not why:
            seen = _("not there: {keys}").format(keys=seen)
        why = f"{why} ({seen})" if why else seen
    return " · ".join(filter(None, (why, measures(result))))


def key_names(detail: str) -> str:
    """Kernel names of keys as people say them; anything else as it is. Which keyboard it was is
    not recorded: a French text is taken to be about a French one."""
    return ", ".join(key_name(word, language() == "fr") for word in detail.split(", "))


def limits(result: CheckResult) -> str:
    return join(check_limit(limit) for limit in result.limits)


def grade_rule() -> tuple[str, ...]:
    """The whole rule, one paragraph an entry, as it is printed beside every grade."""
    vital = join(check(check_id) for check_id in CheckId if check_id.spec.essential)
    others = join(check(check_id) for check_id in CheckId if not check_id.spec.essential)
    return (
        _("Rule {name}. Only functions that this PC should have count.").format(name=GRADE_RULE),
        _("Essential functions: {names}.").format(names=vital),
        _("Other functions: {names}.").format(names=others),
        *(_(text) for text in _RULE.values()),
        _(
            "A function that was skipped, or whose result is unknown, is not checked: it never"
            " counts as a pass."
        ),
    )


def in_status(results: Iterable[CheckResult], *wanted: CheckStatus) -> tuple[CheckResult, ...]:
    return tuple(result for result in results if result.status in wanted)
