"""Keep, parts or recycle: what weighs, what does not, and that ignorance never condemns a PC."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprise.domain.drives.boot_medium import BootMedium
from reprise.domain.drives.usb_port import UsbPort
from reprise.domain.pc.hardware import (
    Drive,
    Firmware,
    Health,
    Inventory,
    Machine,
    Memory,
    Processor,
    SmartFacts,
    Transport,
)
from reprise.domain.pc.parts import Battery
from reprise.domain.pc.triage import (
    Advice,
    Today,
    Triage,
    TriageCode,
    TriageRules,
    age_of,
    memory_gib,
    triage,
)
from unit.domain.drives.drives import hdd, pc, stick

RULES, GIB = TriageRules(), 1024**3
DAY = date(2026, 11, 24)
NOW = Today(DAY, True, date(2026, 1, 1))


def dated(iso: str | None) -> Machine:
    return Machine(firmware=Firmware(date=iso))


def plain(**facts: object) -> Inventory:
    known: dict[str, object] = {
        "machine": dated("2020-05-09"),
        "processor": Processor(cores=4),
        "memory": Memory(total_bytes=8 * GIB, installed_bytes=8 * GIB),
    }
    drives = facts.pop("drives", (hdd(),))
    return pc(*drives, **(known | facts))  # type: ignore[misc]


def codes(found: Triage) -> list[TriageCode]:
    return [reason.code for reason in found.reasons]


def test_a_good_pc_is_kept_without_a_remark() -> None:
    found = triage(plain(), RULES, NOW)
    assert (found.advice, found.reasons, found.rules) == (Advice.KEEP, (), "default/1")


@pytest.mark.parametrize(
    ("bios", "advice", "code"),
    [
        ("2014-10-01", Advice.RECYCLE, TriageCode.TOO_OLD),  # over 12 years, so over 10
        ("2014-12-20", Advice.KEEP, TriageCode.PERHAPS_TOO_OLD),
        ("2016-11-01", Advice.KEEP, TriageCode.PERHAPS_TOO_OLD),
        ("2009-03-05", Advice.RECYCLE, TriageCode.TOO_OLD),
        (None, Advice.KEEP, TriageCode.AGE_UNKNOWN),
        ("soon", Advice.KEEP, TriageCode.AGE_UNKNOWN),
    ],
)
def test_only_a_pc_that_is_old_for_sure_is_recycled(
    bios: str | None, advice: Advice, code: TriageCode
) -> None:
    found = triage(plain(machine=dated(bios)), RULES, NOW)
    assert (found.advice, codes(found)) == (advice, [code])


def test_a_clock_that_lies_condemns_nothing() -> None:
    """A clock of 2060 makes every PC old; counted from a day that is past for sure, it is not."""
    lying = Today(date(2060, 1, 1), False, date(2026, 1, 1))
    found = triage(plain(), RULES, lying)
    assert found.advice is Advice.KEEP
    believed = triage(plain(), RULES, replace(lying, trusted=True))
    assert believed.advice is Advice.RECYCLE
    old = triage(plain(machine=dated("2010-01-01")), RULES, lying)
    assert old.advice is Advice.RECYCLE


def test_the_age_is_a_range_around_the_bios_date() -> None:
    age = age_of(plain(machine=dated("2016-11-24")), RULES, NOW)
    assert age is not None
    assert (age.low_years, age.central_years, age.high_years) == (8.0, 10.0, 15.0)
    unborn = age_of(plain(machine=dated("2030-01-01")), RULES, NOW)
    assert unborn is not None and unborn.low_years == unborn.central_years == 0.0


@pytest.mark.parametrize(
    ("memory", "advice", "found"),
    [
        (Memory(installed_bytes=GIB), Advice.PARTS, [TriageCode.MEMORY_TOO_SMALL]),
        (Memory(installed_bytes=2 * GIB), Advice.KEEP, [TriageCode.MEMORY_SMALL]),
        (Memory(installed_bytes=4 * GIB), Advice.KEEP, []),
        (Memory(total_bytes=int(3.7 * GIB)), Advice.KEEP, []),
        (Memory(total_bytes=int(1.8 * GIB)), Advice.KEEP, [TriageCode.MEMORY_SMALL]),
        (Memory(), Advice.KEEP, [TriageCode.MEMORY_UNKNOWN]),
    ],
)
def test_memory(memory: Memory, advice: Advice, found: list[TriageCode]) -> None:
    told = triage(plain(memory=memory), RULES, NOW)
    assert (told.advice, codes(told)) == (advice, found)


def test_memory_of_the_modules_goes_before_what_is_left_for_the_system() -> None:
    assert memory_gib(Memory(total_bytes=3 * GIB, installed_bytes=4 * GIB)) == 4


def test_a_single_core_is_for_parts_and_age_outweighs_it() -> None:
    weak = plain(processor=Processor(cores=1))
    assert triage(weak, RULES, NOW).advice is Advice.PARTS
    both = replace(weak, machine=dated("2008-01-01"))
    found = triage(both, RULES, NOW)
    assert found.advice is Advice.RECYCLE
    assert codes(found) == [TriageCode.TOO_OLD, TriageCode.TOO_FEW_CORES]


def smart(**facts: object) -> Drive:
    return hdd(smart=SmartFacts(**facts))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("drives", "found"),
    [
        ((smart(health=Health.FAILING),), [TriageCode.DRIVE_FAILING]),
        ((smart(health=Health.PASSED, percentage_used=95),), [TriageCode.DRIVE_WORN]),
        ((smart(health=Health.PASSED, percentage_used=89),), []),
        ((smart(),), [TriageCode.HEALTH_UNKNOWN]),
        ((), [TriageCode.NO_DRIVE]),
        ((stick(),), [TriageCode.NO_DRIVE]),
        ((replace(stick(), transport=Transport.MMC),), [TriageCode.NO_DRIVE]),  # our card
        # Inside, whatever it bears and though the system runs from it.
        ((hdd(boot=BootMedium(is_boot=True, how="label-REPRISE_LIVE")),), []),
        ((hdd(boot=BootMedium(is_boot=True, how="mounted-live-medium")),), []),
        ((hdd(transport=Transport.USB, port=UsbPort.FIXED),), []),
        ((hdd(transport=Transport.USB),), [TriageCode.NO_DRIVE]),
        ((hdd(), hdd(2, transport=Transport.USB, smart=SmartFacts(Health.FAILING))), []),
        ((hdd(), replace(stick(), smart=SmartFacts(Health.FAILING))), []),
    ],
)
def test_a_bad_drive_is_a_remark_only(drives: tuple[Drive, ...], found: list[TriageCode]) -> None:
    told = triage(plain(drives=drives), RULES, NOW)
    assert (told.advice, codes(told)) == (Advice.KEEP, found)


@pytest.mark.parametrize(
    ("battery", "found"),
    [
        (Battery("BAT0", design_wh=60.0, full_wh=29.0), [TriageCode.BATTERY_WORN]),
        (Battery("BAT0", design_wh=60.0, full_wh=31.0), []),
        (Battery("BAT0", design_wh=60.0), [TriageCode.BATTERY_UNKNOWN]),
        (Battery("BAT0", design_wh=0.0, full_wh=1.0), [TriageCode.BATTERY_UNKNOWN]),
    ],
)
def test_a_battery_is_a_remark_only(battery: Battery, found: list[TriageCode]) -> None:
    told = triage(plain(batteries=(battery,)), RULES, NOW)
    assert (told.advice, codes(told)) == (Advice.KEEP, found)


def test_a_battery_is_named_only_where_there_is_another() -> None:
    """The maker's name where there is one, as the PC's facts and the battery's check have it."""
    for worn in (29.0, None):
        battery = Battery("BAT0", model="Primary", design_wh=60.0, full_wh=worn)
        other = Battery("BAT1", design_wh=60.0, full_wh=60.0)
        (reason,) = triage(plain(batteries=(battery, other)), RULES, NOW).reasons
        assert reason.what == "Primary"
        (reason,) = triage(plain(batteries=(battery,)), RULES, NOW).reasons
        assert reason.what == ""


# ignorance

_SMARTS = st.builds(
    SmartFacts,
    health=st.sampled_from(Health),
    percentage_used=st.none() | st.integers(0, 200),
)
_INVENTORIES = st.builds(
    plain,
    machine=st.builds(
        lambda days: dated((DAY - timedelta(days=days)).isoformat()), st.integers(-900, 9_000)
    ),
    processor=st.builds(Processor, cores=st.none() | st.integers(1, 64)),
    memory=st.builds(
        Memory,
        total_bytes=st.none() | st.integers(GIB // 2, 64 * GIB),
        installed_bytes=st.none() | st.integers(GIB // 2, 64 * GIB),
    ),
    drives=st.lists(
        st.builds(lambda n, s: hdd(n, smart=s), st.integers(1, 9), _SMARTS), max_size=3
    ).map(tuple),
    batteries=st.lists(
        st.builds(
            Battery,
            name=st.just("BAT0"),
            design_wh=st.none() | st.floats(0, 99),
            full_wh=st.none() | st.floats(0, 99),
        ),
        max_size=2,
    ).map(tuple),
)


def _less(inventory: Inventory) -> list[Inventory]:
    """The same PC with one fact fewer, in every way."""
    less = [
        replace(inventory, machine=Machine()),
        replace(inventory, processor=Processor()),
        replace(inventory, memory=Memory()),
        replace(inventory, memory=replace(inventory.memory, installed_bytes=None)),
        replace(inventory, batteries=()),
        replace(inventory, drives=()),
    ]
    for at, drive in enumerate(inventory.drives):
        blind = replace(drive, smart=SmartFacts())
        less.append(
            replace(inventory, drives=(*inventory.drives[:at], blind, *inventory.drives[at + 1 :]))
        )
    return less


@given(_INVENTORIES, st.booleans())
def test_forgetting_a_fact_never_turns_keep_into_recycle(
    inventory: Inventory, trusted: bool
) -> None:
    today = replace(NOW, trusted=trusted)
    order = list(Advice)
    before = triage(inventory, RULES, today).advice
    for less in _less(inventory):
        after = triage(less, RULES, today).advice
        assert after is not Advice.RECYCLE or before is Advice.RECYCLE
        if less.memory == inventory.memory or less.memory == Memory():
            assert order.index(after) <= order.index(before)


def test_an_unknown_pc_is_kept_and_what_is_unknown_is_said() -> None:
    found = triage(pc(hdd(smart=SmartFacts())), RULES, NOW)
    assert found.advice is Advice.KEEP
    assert codes(found) == [
        TriageCode.AGE_UNKNOWN,
        TriageCode.MEMORY_UNKNOWN,
        TriageCode.CORES_UNKNOWN,
        TriageCode.HEALTH_UNKNOWN,
    ]


def test_the_rules_are_obeyed() -> None:
    strict = TriageRules(name="x", version=3, recycle_over_years=3)
    found = triage(plain(machine=dated("2020-11-24")), strict, NOW)
    assert (found.advice, found.rules) == (Advice.RECYCLE, "x/3")
