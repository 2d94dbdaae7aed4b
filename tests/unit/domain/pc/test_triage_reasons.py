"""What the recommendation says of each reason, and where exactly each rule begins to bite."""

from __future__ import annotations

from dataclasses import replace

from reprise.domain.pc.hardware import Health, Memory, Processor, SmartFacts
from reprise.domain.pc.parts import Battery
from reprise.domain.pc.triage import (
    Advice,
    Age,
    TriageCode,
    TriageReason,
    TriageRules,
    age_of,
    memory_gib,
    triage,
)
from unit.domain.drives.drives import hdd
from unit.domain.pc.test_triage import GIB, NOW, RULES, codes, dated, plain, smart


def test_a_reason_says_what_was_found_and_what_the_rule_asks_for() -> None:
    poor = plain(
        machine=dated("2008-01-01"),
        processor=Processor(cores=1),
        memory=Memory(installed_bytes=GIB),
        drives=(smart(health=Health.PASSED, percentage_used=95), hdd(2, smart=SmartFacts())),
        batteries=(Battery("BAT1", design_wh=60.0, full_wh=29.9), Battery("BAT2")),
    )
    reason, code = TriageReason, TriageCode
    assert triage(poor, RULES, NOW).reasons == (
        reason(code.TOO_OLD, Advice.RECYCLE, 16, 10),
        reason(code.MEMORY_TOO_SMALL, Advice.PARTS, 1, 2),
        reason(code.TOO_FEW_CORES, Advice.PARTS, 1, 2),
        reason(code.DRIVE_WORN, value=95, what="sda"),
        reason(code.HEALTH_UNKNOWN, what="sdb"),
        reason(code.BATTERY_WORN, value=49, limit=50, what="BAT1"),
        reason(code.BATTERY_UNKNOWN, what="BAT2"),
    )
    middling = plain(
        machine=dated("2016-11-01"),
        memory=Memory(installed_bytes=3 * GIB),
        drives=(smart(health=Health.FAILING),),
    )
    assert triage(middling, RULES, NOW).reasons == (
        reason(code.PERHAPS_TOO_OLD, value=10.1, limit=10),
        reason(code.MEMORY_SMALL, value=3, limit=4),
        reason(code.DRIVE_FAILING, what="sda"),
    )


def test_a_limit_itself_is_still_good_enough() -> None:
    rules = TriageRules(
        parts_below_memory_gib=4, good_memory_gib=8, parts_below_cores=4, battery_worn_percent=50
    )
    at_the_limit = plain(
        processor=Processor(cores=4),
        memory=Memory(installed_bytes=8 * GIB),
        drives=(smart(health=Health.PASSED, percentage_used=89),),
        batteries=(Battery("BAT0", design_wh=60.0, full_wh=30.0),),
    )
    assert triage(at_the_limit, rules, NOW).reasons == ()
    worn = replace(at_the_limit, drives=(smart(health=Health.PASSED, percentage_used=90),))
    assert codes(triage(worn, rules, NOW)) == [TriageCode.DRIVE_WORN]
    least = replace(at_the_limit, memory=Memory(installed_bytes=4 * GIB))
    assert codes(triage(least, rules, NOW)) == [TriageCode.MEMORY_SMALL]
    assert triage(plain(machine=dated("2014-11-24")), RULES, NOW).age == Age(10.0, 12.0, 17.0)
    assert codes(triage(plain(machine=dated("2014-11-24")), RULES, NOW)) == [
        TriageCode.PERHAPS_TOO_OLD
    ]


def test_an_age_is_told_to_a_tenth_of_a_year() -> None:
    assert age_of(plain(machine=dated("2016-10-10")), RULES, NOW) == Age(8.1, 10.1, 15.1)
    assert memory_gib(Memory(installed_bytes=int(3.14 * GIB))) == 3.1
