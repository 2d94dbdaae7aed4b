"""What comes before the first attempt, and what is said of hidden areas."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reprise.domain.drives.capabilities import (
    Capabilities,
    SanitizeState,
    ScsiCapabilities,
    Support,
)
from reprise.domain.pc.hardware import Transport
from reprise.domain.planning.claims import limitations
from reprise.domain.planning.options import may_hide
from reprise.domain.planning.plan import LimitationCode, WarningCode
from reprise.domain.planning.planner import plan_drive
from reprise.domain.planning.policy import Policy
from reprise.domain.planning.techniques import Method, Technique, VerifyDepth
from station_kit.facts import with_facts
from unit.domain.planning.planned import ALL_ATA, SSD


@pytest.mark.parametrize(
    ("change", "steps"),
    [
        ({}, []),
        ({"native_sectors": 2000, "dco_sectors": 2000}, ["remove-hpa"]),
        ({"native_sectors": 2000, "dco_sectors": 2000, "amac": Support.YES}, ["remove-amac"]),
        ({"native_sectors": 2000, "dco_sectors": 3000}, ["remove-hpa", "restore-dco"]),
        ({"dco_sectors": 3000}, ["restore-dco"]),
        ({"security_frozen": Support.YES}, ["thaw-by-suspend"]),
        ({"security_frozen": Support.NO, "security_locked": Support.YES}, ["unlock-our-password"]),
        (
            {"security_frozen": Support.YES, "security_locked": Support.YES},
            ["thaw-by-suspend", "unlock-our-password"],
        ),
        ({"visible_sectors": None, "native_sectors": 2000}, []),
    ],
)
def test_what_comes_before_the_first_attempt(change: dict[str, object], steps: list[str]) -> None:
    able = Capabilities(ata=with_facts(ALL_ATA, **change))
    plan = plan_drive(SSD, able, Policy())
    assert list(plan.preparations) == steps
    assert bool(plan.warnings) == bool(steps)
    never = plan_drive(SSD, able, Policy(thaw_by_suspend=False, remove_hidden_areas=False))
    assert set(never.preparations) <= {"unlock-our-password"}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({}, True),
        ({"native_sectors": None}, False),
        ({"native_sectors": None, "hpa": Support.NO, "amac": Support.NO}, True),
        ({"dco_sectors": None}, False),
        ({"dco_sectors": None, "dco": Support.NO}, True),
        ({"dco_sectors": None, "dco": Support.UNKNOWN}, False),
    ],
)
def test_hidden_areas_are_unchecked_unless_the_drive_told(
    change: dict[str, object], told: bool
) -> None:
    able = Capabilities(ata=with_facts(ALL_ATA, **change))
    for attempt in plan_drive(SSD, able, Policy()).attempts:
        assert (LimitationCode.HIDDEN_AREAS not in attempt.limitations) == told


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, False),
        ({"native_sectors": 2000, "dco_sectors": 2000}, True),
        ({"native_sectors": 2000, "dco_sectors": 2000, "amac": Support.YES}, True),
        ({"dco_sectors": 3000}, True),
        ({"security_frozen": Support.YES}, False),
    ],
)
def test_the_operator_is_told_of_each_kind_of_hidden_area(
    change: dict[str, object], found: bool
) -> None:
    able = Capabilities(ata=with_facts(ALL_ATA, **change))
    assert (WarningCode.HIDDEN_AREA in plan_drive(SSD, able, Policy()).warnings) is found


@pytest.mark.parametrize(
    ("change", "bridged", "told"),
    [
        ({}, False, False),
        ({"native_sectors": None}, False, True),
        ({"native_sectors": None, "hpa": Support.UNKNOWN}, False, False),
        ({"native_sectors": None, "hpa": Support.NO, "amac": Support.YES}, False, True),
        ({"native_sectors": None}, True, True),
        ({"native_sectors": None, "hpa": Support.UNKNOWN, "known": True}, False, True),
        ({"native_sectors": None, "hpa": Support.NO, "amac": Support.NO, "known": True}, 0, False),
        ({"native_sectors": None, "sanitize_state": SanitizeState.RUNNING}, False, False),
        ({"native_sectors": None, "sanitize_state": SanitizeState.FAILED}, False, False),
    ],
)
def test_a_drive_that_will_not_tell_its_size_may_hide_some(
    change: dict[str, object], bridged: bool, told: bool
) -> None:
    able = Capabilities(ata=with_facts(ALL_ATA, **change), bridged=bridged)
    assert may_hide(able) == told


@pytest.mark.parametrize("transport", Transport)
def test_which_drives_may_hide_a_part_though_nobody_asked(transport: Transport) -> None:
    """HPA, DCO and AMAC are ATA's: what is behind a bridge, or unknown, may be ATA."""
    without = {Transport.LOOP, Transport.NVME, Transport.MMC, Transport.VIRTIO}
    drive = replace(SSD, transport=transport)

    def hides(able: Capabilities) -> bool:
        how = (drive, able, VerifyDepth.FULL, Method.CLEAR)
        return LimitationCode.HIDDEN_AREAS in limitations(Technique.OVERWRITE, *how)

    assert hides(Capabilities()) is (transport not in without)
    assert not hides(Capabilities(scsi=ScsiCapabilities()))
