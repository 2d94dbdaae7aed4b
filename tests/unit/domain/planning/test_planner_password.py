"""A drive with a firmware password that is open now, and locks itself when its power is cut."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reprise.domain.drives.capabilities import AtaCapabilities, Capabilities, Support
from reprise.domain.planning.options import security_refusals
from reprise.domain.planning.plan import Preparation, Refusal, RefusalCode, WarningCode
from reprise.domain.planning.planner import plan_all, plan_drive
from reprise.domain.planning.policy import Policy
from reprise.domain.planning.techniques import Technique
from unit.domain.planning.planned import SSD

ALL_ATA = AtaCapabilities(
    security=Support.YES, security_enhanced=Support.YES, sanitize=Support.NO, hpa=Support.NO
)


@pytest.mark.parametrize(
    ("locked", "steps", "warned"),
    [
        (Support.NO, [], True),
        (Support.UNKNOWN, [], True),
        (Support.YES, ["thaw-by-suspend", "unlock-our-password"], False),
    ],
)
def test_an_open_drive_with_a_password_is_not_put_to_sleep(
    locked: Support, steps: list[str], warned: bool
) -> None:
    """It would come back locked, by a password that nobody here knows."""
    held = replace(
        ALL_ATA,
        security_frozen=Support.YES,
        security_enabled=Support.YES,
        security_locked=locked,
    )
    plan = plan_drive(SSD, Capabilities(ata=held), Policy())
    assert list(plan.preparations) == steps
    assert (WarningCode.PASSWORD_SET in plan.warnings) == warned
    techniques = {attempt.technique for attempt in plan.attempts}
    assert Technique.OVERWRITE in techniques
    # it stays frozen, so what a frozen drive refuses is not even tried
    assert (Technique.ATA_SECURITY_ERASE in techniques) != warned


@pytest.mark.parametrize(("opened", "asleep"), [(Support.YES, False), (Support.NO, True)])
def test_an_open_drive_that_encrypts_itself_is_not_put_to_sleep(
    opened: Support, asleep: bool
) -> None:
    """Locked, it could not even be overwritten."""
    frozen = replace(ALL_ATA, security_frozen=Support.YES)
    plan = plan_drive(SSD, Capabilities(ata=frozen, opal_open=opened), Policy())
    assert (Preparation.THAW in plan.preparations) == asleep
    assert (WarningCode.OPAL_OPEN in plan.warnings) != asleep
    techniques = {attempt.technique for attempt in plan.attempts}
    assert Technique.OVERWRITE in techniques
    assert (Technique.ATA_SECURITY_ERASE in techniques) == asleep


def test_no_drive_of_that_pc_is_put_to_sleep() -> None:
    frozen = replace(ALL_ATA, security_frozen=Support.YES)
    held = replace(frozen, security_enabled=Support.YES)
    other = replace(SSD, identity=replace(SSD.identity, serial="OTHER"), node="/dev/sdx")
    for beside, sleeps in (
        (Capabilities(ata=frozen), True),
        (Capabilities(ata=held), False),
        (Capabilities(opal_open=Support.NO), True),
        (Capabilities(opal_open=Support.YES), False),
    ):
        told = {SSD.identity.key: Capabilities(ata=frozen), other.identity.key: beside}
        first, _second = plan_all((SSD, other), told, Policy()).drives
        assert (Preparation.THAW in first.preparations) == sleeps


@pytest.mark.parametrize(
    ("locked", "expired", "bridged", "refusals"),
    [
        (Support.NO, Support.YES, True, ()),
        (Support.UNKNOWN, Support.NO, True, ()),
        (Support.YES, Support.NO, False, ()),
        (Support.YES, Support.UNKNOWN, True, (Refusal(RefusalCode.SECURITY_LOCKED, "usb"),)),
        (Support.YES, Support.YES, True, (Refusal(RefusalCode.SECURITY_EXPIRED),)),
    ],
)
def test_a_locked_drive_that_cannot_even_be_asked_is_refused(
    locked: Support, expired: Support, bridged: bool, refusals: tuple[Refusal, ...]
) -> None:
    held = replace(ALL_ATA, security_locked=locked, security_expired=expired)
    assert tuple(security_refusals(Capabilities(ata=held, bridged=bridged))) == refusals
    assert tuple(security_refusals(Capabilities(bridged=bridged))) == ()
