"""Which checks a PC of each kind must pass: by hand, beside the catalogue."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reprise.domain.checks.catalogue import SAID_REASONS, CheckId, CheckLimit, CheckReason
from reprise.domain.checks.merging import complete, kept, may_be_set_aside, merged, settled
from reprise.domain.checks.own_parts import is_portable
from reprise.domain.checks.results import CheckResult, CheckStatus, skipped
from reprise.domain.pc.hardware import Inventory, Machine
from reprise.domain.pc.parts import Battery, Display, NetworkCard
from unit.domain.drives.drives import pc

PORTABLE = ["Portable", "Laptop", "Notebook", "Sub Notebook", "Convertible", "Detachable", "Tablet"]
FIXED = [
    *("Desktop", "Low Profile Desktop", "Pizza Box", "Mini Tower", "Tower", "Space-saving"),
    *("Lunch Box", "Mini PC", "Stick PC", "Main Server Chassis", "Rack Mount Chassis"),
    *("Blade", "Sealed-case PC", "Multi-system", "All In One"),
]
C = CheckId
EVERYWHERE = {C.MEMORY, C.PROCESSOR, C.CLOCK, C.USB}
CARRIED = {C.BATTERY, C.WIFI, C.KEYBOARD, C.SCREEN, C.POINTER, C.SOUND}
LOOKED_FOR = {C.SOUND, C.MICROPHONE, C.CAMERA}


def of(chassis: str | None, **facts: object) -> Inventory:
    return pc(machine=Machine(chassis=chassis), **facts)


def expected(inventory: Inventory) -> set[CheckId]:
    return {one for one in CheckId if one.spec.expected(inventory)}


@pytest.mark.parametrize("chassis", PORTABLE)
def test_a_portable_pc_carries_its_parts(chassis: str) -> None:
    assert is_portable(of(chassis))
    assert expected(of(chassis)) == EVERYWHERE | CARRIED


@pytest.mark.parametrize("chassis", FIXED)
def test_what_stands_beside_a_desktop_pc_is_the_benchs(chassis: str) -> None:
    battery = of(chassis, batteries=(Battery("UPS"),), displays=(Display("eDP-1", connected=True),))
    assert not is_portable(battery), "whatever hangs on it"
    own = {C.SCREEN} if chassis == "All In One" else set()
    assert expected(of(chassis)) == EVERYWHERE | own


@pytest.mark.parametrize("chassis", [None, "Other", "Unknown"])
def test_of_an_unknown_case_a_battery_or_a_panel_tells(chassis: str | None) -> None:
    assert not is_portable(of(chassis))
    assert is_portable(of(chassis, batteries=(Battery("BAT0"),)))
    for connector in ("eDP-1", "LVDS-1", "DSI-1"):
        assert is_portable(of(chassis, displays=(Display(connector, connected=True),)))
    assert not is_portable(of(chassis, displays=(Display("HDMI-A-1", connected=True),)))


def test_a_desktop_pc_with_a_panel_has_a_screen_and_no_keyboard() -> None:
    kiosk = of("Desktop", displays=(Display("LVDS-1", connected=True),))
    assert expected(kiosk) == EVERYWHERE | {C.SCREEN}


def test_what_was_found_is_checked_and_what_only_its_check_can_tell() -> None:
    bare = of("Desktop")
    assert {one for one in CheckId if one.spec.applies(bare)} == EVERYWHERE | LOOKED_FOR
    cards = (NetworkCard("eth0", "ethernet"), NetworkCard("wlan0", "wifi"))
    rich = of("Desktop", batteries=(Battery("BAT0"),), network=cards)
    also = {C.BATTERY, C.ETHERNET, C.WIFI}
    assert {one for one in CheckId if one.spec.applies(rich)} == EVERYWHERE | LOOKED_FOR | also
    wired = of("Desktop", network=cards[:1])
    assert not C.WIFI.spec.applies(wired) and C.ETHERNET.spec.applies(wired)


def test_what_weighs_what_lasts_and_what_disturbs() -> None:
    essential = {C.MEMORY, C.PROCESSOR, C.KEYBOARD, C.SCREEN, C.POINTER}
    assert {one for one in CheckId if one.spec.essential} == essential
    assert {one for one in CheckId if one.spec.lasting} == {C.MEMORY, C.PROCESSOR}
    assert {one for one in CheckId if one.spec.disturbs} == {C.MEMORY, C.PROCESSOR}
    by_ear = {one for one in CheckId if one.spec.by_word is CheckLimit.BY_EAR}
    assert by_ear == {C.SOUND}


ABSENT = CheckResult(check=C.CAMERA, status=CheckStatus.UNKNOWN, reason=CheckReason.NONE_FOUND)


def test_a_part_that_was_not_found_is_no_fault_of_a_pc_that_need_not_have_it() -> None:
    laptop = of("Laptop")
    assert settled(ABSENT, laptop).status is CheckStatus.NOT_APPLICABLE
    assert settled(ABSENT, laptop).reason is CheckReason.NONE_FOUND
    silent = replace(ABSENT, check=C.SOUND)
    assert settled(silent, laptop) == silent, "a laptop has a sound card"
    assert settled(silent, of("Desktop")).status is CheckStatus.NOT_APPLICABLE
    failed = replace(ABSENT, reason=CheckReason.TOOL_FAILED)
    assert settled(failed, laptop) == failed
    broken = replace(ABSENT, status=CheckStatus.FAILED)
    assert settled(broken, laptop) == broken


def test_a_failure_of_memory_stays_and_any_other_is_mended_by_a_pass() -> None:
    def result(check: CheckId, status: CheckStatus) -> CheckResult:
        reason = CheckReason.WRONG_BITS if status is CheckStatus.FAILED else None
        return CheckResult(check=check, status=status, reason=reason)

    for check, stays in ((C.MEMORY, True), (C.PROCESSOR, True), (C.KEYBOARD, False)):
        bad, good = result(check, CheckStatus.FAILED), result(check, CheckStatus.PASSED)
        assert merged((bad,), good) == ((bad,) if stays else (good,))
        assert merged((good,), bad) == (bad,)
    usb, ram = result(C.USB, CheckStatus.PASSED), result(C.MEMORY, CheckStatus.PASSED)
    assert merged((usb,), ram) == (ram, usb), "in the catalogue's order"


# What may be known of a check, and whether it may be recorded as skipped.
_KNOWN = (
    *(
        (CheckStatus.UNKNOWN, reason, True)
        for reason in (CheckReason.NO_CABLE, CheckReason.NO_WORD)
    ),
    *((CheckStatus.FAILED, reason, True) for reason in SAID_REASONS),
    (CheckStatus.FAILED, CheckReason.WRONG_BITS, False),
    (CheckStatus.PASSED, None, False),
    (CheckStatus.SKIPPED, CheckReason.NO_TIME, False),
    (CheckStatus.NOT_APPLICABLE, CheckReason.NONE_FOUND, False),
)


@pytest.mark.parametrize("check", [C.MEMORY, C.SOUND])
@pytest.mark.parametrize(("status", "reason", "may_be"), _KNOWN)
def test_what_a_person_said_is_taken_back_by_a_person_and_nothing_that_was_measured(
    check: CheckId, status: CheckStatus, reason: CheckReason | None, may_be: bool
) -> None:
    known = CheckResult(check=check, status=status, reason=reason)
    aside = skipped(check, CheckReason.ELSEWHERE)
    assert may_be_set_aside(known) is may_be
    assert not may_be or kept(known, aside) == aside
    assert may_be_set_aside(None) and kept(None, aside) == aside


def test_what_nobody_made_is_unknown_or_not_for_such_a_pc() -> None:
    whole = complete((ABSENT,), of("Desktop"))
    assert [one.check for one in whole] == list(CheckId)
    by = {one.check: one for one in whole}
    assert by[C.CAMERA] == ABSENT
    assert (by[C.MEMORY].status, by[C.MEMORY].reason) == (
        CheckStatus.UNKNOWN,
        CheckReason.NOT_DONE,
    )
    assert (by[C.SCREEN].status, by[C.SCREEN].reason) == (
        CheckStatus.NOT_APPLICABLE,
        CheckReason.NOT_FITTED,
    )
