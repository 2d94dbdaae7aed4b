"""An NVMe drive with detached namespaces, each a loop device, with its folder in a made sysfs: what
the drive and the kernel do when one is attached."""

from __future__ import annotations

import os
import shutil
import struct
import threading
from dataclasses import dataclass, field, replace
from pathlib import Path

from disks.played_nvme import NvmeLoops, PlayedNvme, nvme_job
from disks.rig import Ran, run
from reprise.adapters.drives.overwrite import OverwriteSanitizer
from reprise.adapters.drives.passthrough.nvme_admin import Answer
from reprise.adapters.hardware.sysfs import Roots
from reprise.domain.planning.plan import DrivePlan
from reprise.domain.planning.planner import PlanRequest, plan_drive
from reprise.domain.planning.policy import Policy
from reprise.domain.planning.techniques import Technique
from reprise.domain.report.outcome import DriveResult
from reprise.wire.nvme import AdminCommand
from reprise.workflow.erasure.jobs import EraseOrder
from reprise.workflow.erasure.sanitize import EraseServices
from station_kit.shortcuts import erase_drive
from unit.domain.drives.drives import aes
from workflow.erase_kit import MemoryJournal

ATTACHMENT = 0x15
CONTROLLER = 7
PRIVATE = 0x2119  # Namespace Is Private, "do not retry"


@dataclass
class Detaching(PlayedNvme):
    """`nodes`: the block device of each namespace; `refuse`: namespaces that cannot be attached;
    `shows`: whether the kernel then makes a block device."""

    root: Path = Path()
    nodes: dict[int, str] = field(default_factory=dict)
    refuse: tuple[int, ...] = ()
    keep: int = 0  # how many detaches it refuses
    shows: bool = True

    def show(self, nsid: int) -> None:
        device = Path(self.nodes[nsid]).stat().st_rdev
        number = f"{os.major(device)}:{os.minor(device)}"
        folder = self.controller / f"nvme0n{nsid}"
        folder.mkdir(parents=True)
        (folder / "dev").write_text(number + "\n")
        (folder / "nsid").write_text(f"{nsid}\n")
        block = self.root / "sys/dev/block"
        block.mkdir(parents=True, exist_ok=True)
        (block / number).symlink_to(folder)
        (self.root / "dev").mkdir(exist_ok=True)
        (self.root / f"dev/nvme0n{nsid}").symlink_to(self.nodes[nsid])

    @property
    def controller(self) -> Path:
        return self.root / "sys/devices/pci/nvme/nvme0"

    def namespace_id(self, device: object) -> int:
        numbers = {Path(node).stat().st_rdev: nsid for nsid, node in self.nodes.items()}
        major, minor = device.number.split(":")  # type: ignore[attr-defined]
        return numbers[os.makedev(int(major), int(minor))]

    def send(self, device: object, command: AdminCommand, timeout_ms: int = 0) -> Answer:
        if command.opcode != ATTACHMENT:
            return super().send(device, command, timeout_ms)
        self.commands.append(command)
        nsid = command.namespace_id
        assert len(command.payload) == 4096
        assert struct.unpack_from("<HH", command.payload) == (1, CONTROLLER)
        if nsid in self.refuse:
            return Answer(PRIVATE, 0, b"", 0.0)
        if command.cdw10 == 0:
            self.active = tuple(sorted((*self.active, nsid)))
            if self.shows:
                self.show(nsid)
        elif self.keep:
            self.keep -= 1
            return Answer(PRIVATE, 0, b"", 0.0)
        else:
            assert command.cdw10 == 1
            self.active = tuple(one for one in self.active if one != nsid)
            if self.shows:
                shutil.rmtree(self.controller / f"nvme0n{nsid}")
        return Answer(0, 0, b"", 0.01)

    def _identify(self, cns: int) -> bytes:
        data = bytearray(super()._identify(cns))
        if cns == 0x01:
            struct.pack_into("<H", data, 78, CONTROLLER)
        return bytes(data)


@dataclass
class Bench:
    drive: Detaching
    files: dict[int, Path]

    def overwrite(self, policy: Policy | None = None, **more: object) -> Ran:
        attaches = bool(more.pop("attaches", True))
        job = replace(
            nvme_job(
                self.drive.nodes[1],
                Technique.OVERWRITE,
                beside={"namespaces_allocated": len(self.files)},
            ),
            attaches=attaches,
        )
        root = self.drive.root
        sanitizer = OverwriteSanitizer(
            NvmeLoops(),
            policy or Policy(),
            roots=Roots(root / "sys", root / "proc", root / "dev"),
            nvme=self.drive,
        )
        return run(sanitizer, job, **more)  # type: ignore[arg-type]

    def whole(self, policy: Policy) -> tuple[DrivePlan, DriveResult]:
        """Through planner and workflow: the plan, and what the drive came to."""
        told = nvme_job(
            self.drive.nodes[1],
            Technique.OVERWRITE,
            beside={"namespaces_allocated": len(self.files)},
        ).capabilities
        assert told is not None
        probe = NvmeLoops()
        probe.told = told
        root = self.drive.root
        sanitizer = OverwriteSanitizer(
            probe,
            policy,
            roots=Roots(root / "sys", root / "proc", root / "dev"),
            nvme=self.drive,
        )
        one = probe.probe_drive(self.drive.nodes[1])
        plan = plan_drive(one, told, policy, wish=PlanRequest(named=True))
        services = EraseServices(
            probe, {Technique.OVERWRITE: sanitizer}, MemoryJournal(), policy, aes
        )
        order = EraseOrder(one, plan, named=True)
        return plan, erase_drive(order, services, threading.Event(), lambda _item: None)

    def attachments(self) -> list[tuple[int, int]]:
        return [(one.namespace_id, one.cdw10) for one in self.drive.sent(ATTACHMENT)]
