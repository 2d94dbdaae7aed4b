"""A drive inside the PC does not leave the count because of a name that anybody may give it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reprise import wording
from reprise.adapters.hardware.boot import judge_boot
from reprise.domain.boot_medium import BootMedium, BootSign
from reprise.domain.capabilities import Capabilities
from reprise.domain.hardware import Drive, Partition, Transport
from reprise.domain.lifecycle import DriveState
from reprise.domain.plan import DrivePlan
from reprise.domain.planner import plan_all
from reprise.domain.policy import Policy
from reprise.domain.report import DriveRecord, Report
from reprise.domain.techniques import Method
from reprise.domain.unusual import UnusualCode, unusual
from reprise.sentences.drives import is_stick
from reprise.sentences.outcome import in_scope
from reprise.server.outcome import Outcome as Served
from reprise.server.outcome import outcome as served_outcome
from reprise.wording.outcome import Outcome, report_outcome
from reprise.workflow.session_state import DriveView
from unit.drives import hdd, pc, stick
from unit.samples import good_report


def labelled(drive: Drive, **label: str) -> Drive:
    part = Partition(f"{drive.node}1", 8 << 30, "vfat", **label)
    return replace(drive, partitions=(part,), boot=judge_boot([], (part,), ()))


def iso_on(drive: Drive) -> Drive:
    boot = judge_boot(["REPRISE_LIVE"], (), ())
    return replace(drive, label="REPRISE_LIVE", partitions=(), boot=boot)


INSIDE = [labelled(hdd(3), label="REPRISE"), labelled(hdd(3), part_label="REPRISE"), iso_on(hdd(3))]
RUNNING = BootMedium(is_boot=True, how=BootSign.LIVE_MEDIUM)
OUTSIDE = [
    stick(),
    labelled(replace(stick(), boot=BootMedium(is_boot=False)), label="REPRISE"),
    replace(hdd(3), transport=Transport.USB),
    replace(hdd(3), transport=Transport.MMC, boot=RUNNING),
]


def plan_of(drive: Drive) -> DrivePlan:
    return plan_all([drive], {drive.identity.key: Capabilities()}, Policy()).drives[0]


def seen(drive: Drive) -> DriveView:
    refusals = plan_of(drive).refusals
    return DriveView(drive.identity, drive, state=DriveState.REFUSED, refusals=refusals)


def with_neighbour(drive: Drive) -> Report:
    good, refusals = good_report(), plan_of(drive).refusals
    record = DriveRecord(
        drive.identity, drive.node, DriveState.REFUSED, Method.NONE, refusals=refusals
    )
    inventory = replace(good.inventory, drives=(*good.inventory.drives, drive))
    return replace(good, inventory=inventory, drives=(*good.drives, record))


@pytest.mark.parametrize("drive", INSIDE)
def test_a_label_makes_no_stick_of_a_drive_inside(drive: Drive) -> None:
    refusals = plan_of(drive).refusals
    assert refusals, "left alone it is, all the same"
    assert report_outcome(with_neighbour(drive)) is Outcome.INCOMPLETE
    assert served_outcome(with_neighbour(drive)) is Served.UNTOUCHED
    assert in_scope(seen(drive))
    assert not is_stick(seen(drive))
    assert "technicien" in wording.advice_for_refusals(refusals)
    both = plan_all([hdd(), drive], {hdd().identity.key: Capabilities()}, Policy())
    codes = [one.code for one in unusual(pc(hdd(), drive), both)]
    assert codes == [UnusualCode.NEIGHBOUR_REFUSED]


@pytest.mark.parametrize("drive", OUTSIDE)
def test_what_runs_this_system_and_what_is_on_usb_is_no_part_of_the_pc(drive: Drive) -> None:
    refusals = plan_of(drive).refusals
    assert report_outcome(with_neighbour(drive)) is Outcome.ERASED
    assert served_outcome(with_neighbour(drive)) is Served.SANITIZED
    assert not in_scope(seen(drive))
    assert wording.advice_for_refusals(refusals) == ""
    both = plan_all([hdd(), drive], {hdd().identity.key: Capabilities()}, Policy())
    assert unusual(pc(hdd(), drive), both) == ()
