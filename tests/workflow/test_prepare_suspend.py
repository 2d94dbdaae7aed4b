"""One suspend for all frozen drives of a PC, and none where one of them would lock itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reprise.domain.drives.capabilities import AtaCapabilities, Capabilities, Support
from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.erasure.preparing import SystemSuspended
from reprise.domain.pc.hardware import Drive
from unit.domain.drives.drives import pc
from workflow.erase_kit import (
    CAN_FORMAT,
    Probe,
    drive,
    kinds,
)
from workflow.prepare_kit import THAW, Sleeper, run


def test_one_suspend_for_all_frozen_drives_and_none_without() -> None:
    sleeper = Sleeper()
    _out, journal, _ready, hands = run(
        (drive(1), (THAW,)), (drive(2), (THAW,)), (drive(3), ()), sleeper=sleeper
    )
    assert sleeper.slept == 1
    assert kinds(journal)[0] == "SystemSuspended"  # before any drive is busy
    assert hands.jobs == []
    sleeper = Sleeper()
    run((drive(1), ()), sleeper=sleeper)
    assert sleeper.slept == 0


@pytest.mark.parametrize("sleeper", [None, Sleeper("no-deep-sleep")])
def test_a_pc_that_cannot_sleep_says_so_and_goes_on(sleeper: Sleeper | None) -> None:
    (outcome,), journal, _ready, _hands = run((drive(), (THAW,)), sleeper=sleeper)
    (event,) = [e for e in journal.said() if isinstance(e, SystemSuspended)]
    assert not event.ok
    assert event.detail
    assert outcome.state is DriveState.SANITIZED  # by whatever needs no thawed drive


HAS_PASSWORD = AtaCapabilities(security_enabled=Support.YES)


@pytest.mark.parametrize("chosen", [True, False])
@pytest.mark.parametrize(
    ("held", "slept"),
    [
        (Capabilities(ata=replace(HAS_PASSWORD, security_locked=Support.NO)), 0),
        (Capabilities(ata=replace(HAS_PASSWORD, security_locked=Support.YES)), 1),
        (Capabilities(opal_open=Support.YES), 0),
        (Capabilities(opal_open=Support.NO), 1),
    ],
)
def test_no_suspend_where_a_drive_of_the_pc_would_come_back_locked(
    monkeypatch: pytest.MonkeyPatch, chosen: bool, held: Capabilities, slept: int
) -> None:
    """Whether that drive is to be erased or not. One that is locked already has nothing to lose."""

    def tells(_self: Probe, one: Drive) -> Capabilities:
        return held if one.node == "/dev/test2" else CAN_FORMAT

    monkeypatch.setattr(Probe, "probe_capabilities", tells)
    there = pc(drive(1), drive(2))
    monkeypatch.setattr(Probe, "probe_inventory", lambda _self, *_known: there)
    sleeper = Sleeper()
    orders = [(drive(1), (THAW,)), (drive(2), ())]
    _out, journal, _ready, _hands = run(*orders[: 1 + chosen], sleeper=sleeper)
    assert sleeper.slept == slept
    (told,) = [one for one in journal.said() if isinstance(one, SystemSuspended)]
    assert told.detail == ("" if slept else "drive-would-lock")


@pytest.mark.parametrize(
    ("held", "slept"),
    [
        (AtaCapabilities(known=True), 0),
        (AtaCapabilities(known=True, security_enabled=Support.NO), 1),
        (AtaCapabilities(known=True, security_locked=Support.YES), 1),
        (AtaCapabilities(), 1),  # nothing says that it is an ATA drive
        (None, 1),
    ],
)
def test_no_suspend_where_a_drive_of_the_pc_may_come_back_locked(
    monkeypatch: pytest.MonkeyPatch, held: AtaCapabilities | None, slept: int
) -> None:
    """It could not be asked, as when it cannot be opened."""
    able = Capabilities(ata=held)
    monkeypatch.setattr(
        Probe, "probe_capabilities", lambda _self, one: able if "2" in one.node else CAN_FORMAT
    )
    there = pc(drive(1), drive(2))
    monkeypatch.setattr(Probe, "probe_inventory", lambda _self, *_known: there)
    sleeper = Sleeper()
    run((drive(1), (THAW,)), sleeper=sleeper)
    assert sleeper.slept == slept
