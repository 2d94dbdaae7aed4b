"""Whether the clock kept the date."""

from __future__ import annotations

from dataclasses import dataclass

from reprise.domain.checks.catalogue import CheckId, CheckLimit, CheckReason, MeasureName, Unit
from reprise.domain.checks.results import CheckResult, Measure, made, unknown

CLOCK_ERROR_MAX_S = 26 * 3600  # an RTC in local time is up to 14 h off; beyond a day it is wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockFacts:
    """Seconds since 1970, UTC. `floor_s`: no later than the making of this system and the newest
    of its earlier sessions; `true_s`: the time by the network; `flag_ok`: the clock chip's own
    word on its battery (the VRT bit of the MC146818's register D), None where it is not told."""

    rtc_s: int | None
    floor_s: int
    ceiling_s: int
    true_s: int | None
    flag_ok: bool | None


def judge_clock(facts: ClockFacts) -> CheckResult:
    if facts.rtc_s is None:
        return unknown(CheckId.CLOCK, CheckReason.NOT_READABLE)
    error = None if facts.true_s is None else facts.rtc_s - facts.true_s
    measures = () if error is None else (Measure(MeasureName.CLOCK_ERROR, error, Unit.SECONDS),)
    limits: tuple[CheckLimit, ...] = (CheckLimit.CLOCK_ON_MAINS,)
    if facts.flag_ok is None:
        limits = (*limits, CheckLimit.CLOCK_NO_FLAG)
    reason = None
    if facts.flag_ok is False:
        reason = CheckReason.CLOCK_FLAG
    elif not facts.floor_s <= facts.rtc_s < facts.ceiling_s:
        reason = CheckReason.CLOCK_LOST
    elif error is not None and abs(error) > CLOCK_ERROR_MAX_S:
        reason = CheckReason.CLOCK_WRONG
    return made(CheckId.CLOCK, reason, measures, limits)
