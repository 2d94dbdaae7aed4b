"""A detached namespace under an overwrite: attached, overwritten, read back, detached again. Real
block reads and writes on loop devices; the kernel's sysfs and the admin commands are played."""

from __future__ import annotations

import errno
import os
import shutil
import struct
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from disks.played_nvme import SIZE, NvmeLoops, PlayedNvme, nvme_job
from disks.rig import MIB, Ran, filled_file, loop_device, lying_device, run
from reprise.adapters.firmware import nvme_detached
from reprise.adapters.hardware.sysfs import Roots
from reprise.adapters.overwrite import OverwriteSanitizer
from reprise.adapters.passthrough.nvme_admin import Answer
from reprise.domain.events import CommandRan, DriveInterrupted, Observation, ObservationKind
from reprise.domain.lifecycle import DriveState
from reprise.domain.outcome import DriveResult
from reprise.domain.plan import DrivePlan, Preparation, WarningCode
from reprise.domain.planner import Wish, plan_drive
from reprise.domain.policy import Policy
from reprise.domain.techniques import Technique, Verdict
from reprise.domain.verification import ReasonCode
from reprise.wire.nvme import AdminCommand
from reprise.workflow.jobs import EraseOrder
from reprise.workflow.sanitize import EraseServices, erase_drive
from workflow.erase_kit import MemoryJournal

ATTACHMENT = 0x15
CONTROLLER = 7
PRIVATE = 0x2119  # Namespace Is Private, "do not retry"
KEPT, ERASED, UNKNOWN = (
    ObservationKind.AREA_KEPT_DATA,
    ObservationKind.AREA_ERASED,
    ObservationKind.AREA_UNKNOWN,
)


@dataclass
class Detaching(PlayedNvme):
    """`nodes`: the block device of each namespace; `refuse`: namespaces that cannot be attached;
    `shows`: whether the kernel then makes a block device."""

    root: Path = Path()
    nodes: dict[int, str] = field(default_factory=dict)
    refuse: tuple[int, ...] = ()
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
        probe.probe_capabilities = lambda _drive: told  # type: ignore[method-assign]
        root = self.drive.root
        sanitizer = OverwriteSanitizer(
            probe,
            policy,
            roots=Roots(root / "sys", root / "proc", root / "dev"),
            nvme=self.drive,
        )
        one = probe.probe_drive(self.drive.nodes[1])
        plan = plan_drive(one, told, policy, wish=Wish(named=True))
        services = EraseServices(
            probe, {Technique.OVERWRITE: sanitizer}, MemoryJournal(), policy, preparer=None
        )
        order = EraseOrder(one, plan, named=True)
        return plan, erase_drive(order, services, threading.Event(), lambda _item: None)

    def attachments(self) -> list[tuple[int, int]]:
        return [(one.namespace_id, one.cdw10) for one in self.drive.sent(ATTACHMENT)]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """Namespace 1 attached, 2 and 5 not; each full of the donor's text."""
    with ExitStack() as stack:
        files = {
            nsid: filled_file(tmp_path / f"ns{nsid}", size)
            for nsid, size in ((1, SIZE), (2, 9 * MIB), (5, 3 * MIB))
        }
        nodes = {nsid: stack.enter_context(loop_device(file)) for nsid, file in files.items()}
        drive = Detaching(
            files[1], active=(1,), allocated=(1, 2, 5), root=tmp_path / "pc", nodes=nodes
        )
        drive.show(1)
        yield Bench(drive, files)


def areas_of(ran: Ran, kind: ObservationKind) -> list[str]:
    found = [one for one in ran.events if isinstance(one, Observation) and one.kind is kind]
    return sorted(str(one.detail["area"]) for one in found)


def test_detached_namespaces_are_overwritten_with_the_drive(bench: Bench) -> None:
    ran = bench.overwrite()
    for file in bench.files.values():
        assert b"SECRET" not in file.read_bytes()
    assert areas_of(ran, ERASED) == ["namespace-2", "namespace-5"]
    assert ran.finished.verdict is Verdict.VERIFIED
    assert ran.finished.written_bytes == SIZE, "of the drive's own surface"
    # attached one after the other, and the layout is as it was
    assert bench.attachments() == [(2, 0), (2, 1), (5, 0), (5, 1)]
    assert bench.drive.active == (1,)
    shown = [one.argv[1] for one in ran.of(CommandRan) if isinstance(one, CommandRan)]
    assert shown[:2] == ["Namespace Attachment: attach", "Namespace Attachment: detach"]
    # each has a stream of its own
    assert bench.files[2].read_bytes()[:4096] != bench.files[1].read_bytes()[:4096]


@pytest.mark.parametrize("remove", [True, False])
def test_what_the_drive_came_to(bench: Bench, remove: bool) -> None:
    """Hole 8 of the audit, from the plan to the drive's state."""
    plan, came = bench.whole(Policy(remove_hidden_areas=remove))
    assert [one.technique for one in plan.attempts] == [Technique.OVERWRITE]
    assert plan.preparations == (Preparation.ATTACH_NAMESPACES,) * remove
    assert (WarningCode.OUT_OF_REACH in plan.warnings) is not remove
    assert came.state is (DriveState.SANITIZED if remove else DriveState.UNVERIFIED)
    left = [nsid for nsid, file in bench.files.items() if b"SECRET" in file.read_bytes()]
    assert left == ([] if remove else [2, 5])


def test_without_a_word_in_the_plan_none_is_touched(bench: Bench) -> None:
    before = bench.files[2].read_bytes()
    ran = bench.overwrite(attaches=False)
    assert bench.attachments() == []
    assert bench.files[2].read_bytes() == before
    assert ran.finished.reasons == (ReasonCode.HIDDEN_AREA_LEFT,)
    assert ran.finished.verdict is Verdict.UNVERIFIED


def test_one_that_cannot_be_attached_is_said(bench: Bench) -> None:
    bench.drive.refuse = (2,)
    ran = bench.overwrite()
    assert (areas_of(ran, UNKNOWN), areas_of(ran, ERASED)) == (["namespace-2"], ["namespace-5"])
    assert ran.seen(UNKNOWN).detail["status"] == "0x2119"
    assert ran.finished.verdict is Verdict.UNVERIFIED
    assert b"SECRET" in bench.files[2].read_bytes()


def test_one_that_the_kernel_does_not_show_is_said(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nvme_detached, "_SHOWN_S", 0.3)
    bench.drive.shows = False
    ran = bench.overwrite()
    assert areas_of(ran, UNKNOWN) == ["namespace-2", "namespace-5"]
    assert ran.finished.verdict is Verdict.UNVERIFIED
    assert bench.drive.active == (1,)


def test_one_that_is_in_use_is_left(bench: Bench) -> None:
    held = os.open(bench.drive.nodes[2], os.O_RDONLY | os.O_EXCL)
    try:
        ran = bench.overwrite()
    finally:
        os.close(held)
    assert ran.seen(UNKNOWN).detail["errno"] == errno.errorcode[errno.EBUSY]
    assert ran.finished.verdict is Verdict.UNVERIFIED
    assert b"SECRET" in bench.files[2].read_bytes()


def test_another_drive_under_its_name_is_not_touched(bench: Bench, tmp_path: Path) -> None:
    stranger = filled_file(tmp_path / "stranger", SIZE)
    before = stranger.read_bytes()
    with loop_device(stranger) as node:
        own = bench.drive.nodes[2]
        bench.drive.nodes[2] = node
        bench.drive.namespace_id = lambda _device: 1  # type: ignore[method-assign]
        ran = bench.overwrite()
        bench.drive.nodes[2] = own
    assert "namespace-2" in areas_of(ran, UNKNOWN)
    assert stranger.read_bytes() == before


@pytest.mark.parametrize(
    ("lie", "kind", "reason"),
    [
        ({"drop": [[0, 1 << 20]]}, KEPT, ReasonCode.AREA_KEPT_DATA),
        ({"read_error": [[8192, 12288]]}, UNKNOWN, ReasonCode.AREA_UNKNOWN),
    ],
)
def test_one_that_lies_or_fails(
    bench: Bench,
    tmp_path: Path,
    lie: dict[str, object],
    kind: ObservationKind,
    reason: ReasonCode,
) -> None:
    with lying_device(tmp_path, 4 * MIB, **lie) as liar:
        bench.drive.nodes[2] = liar.node
        ran = bench.overwrite()
    assert areas_of(ran, kind) == ["namespace-2"]
    assert areas_of(ran, ERASED) == ["namespace-5"]
    # what happened there is not taken for the drive's own surface
    assert ran.finished.reasons == (reason,)
    assert ran.finished.verdict is Verdict.UNVERIFIED


def test_another_controller_ends_it(bench: Bench) -> None:
    bench.drive.serial = "ANOTHER"
    ran = bench.overwrite()
    assert ran.seen(ObservationKind.IDENTITY_CHANGED)
    assert bench.attachments() == []
    assert ran.finished.verdict is Verdict.FAILED


def test_lists_that_are_none_are_said(bench: Bench) -> None:
    bench.drive.allocated = (5, 2)
    ran = bench.overwrite()
    assert areas_of(ran, UNKNOWN) == ["namespaces"]
    assert ran.finished.verdict is Verdict.UNVERIFIED


def test_a_stop_in_the_middle_leaves_it_attached(bench: Bench) -> None:
    """So that the next start shows it as a drive of its own."""
    stop = threading.Event()

    def on_event(item: object) -> None:
        if isinstance(item, CommandRan):
            stop.set()

    ran = bench.overwrite(on_event=on_event, stop=stop)
    assert isinstance(ran.end, DriveInterrupted)
    assert bench.drive.active == (1, 2)
