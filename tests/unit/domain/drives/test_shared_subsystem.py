"""Two controllers of one NVMe subsystem: what reaches the whole drive reaches what the other one
shows, and that may be in use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from reprise.adapters.drives.capabilities.nvme import read_nvme
from reprise.adapters.drives.firmware import nvme_session, tcg_psid
from reprise.adapters.drives.firmware.nvme_session import check_planned
from reprise.adapters.drives.firmware.tcg_psid import PsidRevert
from reprise.adapters.drives.surface.opening import NotOpenedError
from reprise.adapters.hardware.nvme_nodes import nodes_elsewhere
from reprise.domain.drives.capabilities import Capabilities, NvmeCapabilities, Support
from reprise.domain.pc.hardware import Drive, Transport, Use, UseKind
from reprise.domain.planning.plan import DrivePlan
from reprise.domain.planning.planner import PlanRequest, plan_all, plan_drive
from reprise.domain.planning.policy import Policy
from reprise.domain.planning.techniques import SPECS, Family, Technique
from unit.adapters.drives.nvme_data import controller
from unit.adapters.drives.procedures import Device, job_for
from unit.adapters.drives.test_capabilities_nvme import Played
from unit.adapters.hardware.made_tree import MadeTree
from unit.domain.planning.planned import HDD, NVME

YES, NO = Support.YES, Support.NO
A = NVME
B = replace(
    NVME,
    node="/dev/nvme1n1",
    identity=replace(NVME.identity, wwn="eui.2"),
    uses=(Use(UseKind.MOUNT, "/dev/nvme1n1p1", "/srv"),),
)
ABLE = NvmeCapabilities(
    format=YES,
    sanitize_block=YES,
    namespace_management=YES,
    namespace_id=1,
    namespaces=1,
    namespaces_allocated=2,
    unallocated_bytes=0,
)


def _families(plan: DrivePlan) -> set[Family]:
    return {SPECS[one.technique].family for one in plan.attempts}


def _plan(nvme: NvmeCapabilities, *others: Drive, psid: str = "") -> DrivePlan:
    able = Capabilities(nvme=nvme, opal=YES)
    wish = PlanRequest(psid=psid) if psid else None
    return plan_drive(A, able, Policy(), others=(A, *others), wish=wish)


def test_nothing_that_reaches_the_whole_drive_is_planned_beside_one_in_use() -> None:
    plan, other = plan_all(
        [A, B], {one.identity.key: Capabilities(nvme=ABLE) for one in (A, B)}, Policy()
    ).drives
    assert other.refused
    assert _families(plan) == {Family.HOST_OVERWRITE}
    assert plan.preparations == ()
    assert _families(_plan(ABLE, B, psid="X" * 32)) == {Family.HOST_OVERWRITE}


def test_a_format_that_may_reach_all_is_not_planned_either() -> None:
    one = replace(ABLE, namespace_management=NO, namespaces_allocated=None)
    assert Family.NVME_FORMAT in _families(_plan(one))
    assert Family.NVME_FORMAT not in _families(_plan(one, B))


@pytest.mark.parametrize(
    "other",
    [
        replace(B, identity=replace(B.identity, serial="another")),
        replace(B, transport=Transport.SATA),
        HDD,
    ],
)
def test_another_drive_is_nobodys_sibling(other: Drive) -> None:
    plan = _plan(ABLE, other, psid="X" * 32)
    assert _families(plan) >= {Family.NVME_SANITIZE, Family.TCG, Family.HOST_OVERWRITE}
    assert plan.preparations


@pytest.mark.parametrize(
    "other",
    [
        replace(B, transport=Transport.UNKNOWN),  # the same subsystem, over a network
        replace(B, identity=replace(B.identity, serial=None)),  # may be of it
    ],
)
def test_what_may_be_the_same_subsystem_counts(other: Drive) -> None:
    assert Family.NVME_SANITIZE not in _families(_plan(ABLE, other))


@pytest.fixture
def tree(tmp_path: Path) -> MadeTree:
    """Two controllers, a namespace each."""
    made = MadeTree(tmp_path)
    for number in (0, 1):
        place = f"pci0000:00/0000:00:1d.0/0000:0{number}:00.0/nvme/nvme{number}"
        base = f"sys/devices/{place}/nvme{number}n1"
        made.write(f"{base}/dev", f"259:{number}\n")
        made.write(f"sys/devices/{place}/serial", "S1                  \n")
        made.link(f"sys/block/nvme{number}n1", made.root / base)
        made.link(f"sys/dev/block/259:{number}", made.root / base)
    return made


def test_the_kernel_knows_the_others(tree: MadeTree) -> None:
    assert nodes_elsewhere(tree.roots, "259:0") == ["nvme1n1"]
    found = read_nvme(_device("259:0"), tree.roots, {}, Played())
    assert found.siblings == 1
    other = "sys/devices/pci0000:00/0000:00:1d.0/0000:01:00.0/nvme/nvme1/serial"
    tree.write(other, "S2\n")
    assert nodes_elsewhere(tree.roots, "259:0") == []
    tree.write(other, "\n")
    assert nodes_elsewhere(tree.roots, "259:0") == ["nvme1n1"]


JOB = job_for(Technique.NVME_SANITIZE_BLOCK, capabilities=Capabilities(nvme=ABLE), psid="X" * 32)
JOB = replace(JOB, drive=replace(JOB.drive, identity=A.identity))


def _device(number: str) -> Device:
    found = Device()
    found.number = number
    return found


DRIVE = Played(ctrl=controller(sn=A.identity.serial, fna=0b11))  # its formats reach all of it


def _sanitizes() -> None:
    check_planned(DRIVE, _device("259:0"), JOB, format_=False)


def _formats() -> None:
    check_planned(DRIVE, _device("259:0"), JOB, format_=True)


def _reverts() -> None:
    PsidRevert(Opal()).check(_device("259:0"), JOB)


class Opal:
    def flags(self, _device: object) -> int:
        return 0

    def discovery(self, _device: object) -> bytes:
        raise AssertionError("it is not asked")

    def revert_by_psid(self, _device: object, _psid: str) -> int:
        raise AssertionError("nothing is to be sent")


@pytest.mark.parametrize("check", [_sanitizes, _formats, _reverts])
def test_it_is_asked_again_just_before_the_command(
    tree: MadeTree, monkeypatch: pytest.MonkeyPatch, check: Callable[[], None]
) -> None:
    for module in (nvme_session, tcg_psid):
        monkeypatch.setattr(module, "Roots", lambda: tree.roots)
    with pytest.raises(NotOpenedError) as refused:
        check()
    assert refused.value.detail["fact"] == "namespaces"
    (tree.root / "sys/block/nvme1n1").unlink()
    check()
