"""What a drive told when it was planned counts although one question gets no answer when the job is
made: the real probe, planner and loop, over a played NVMe drive."""

from __future__ import annotations

import errno
import struct
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from disks.played_nvme import (
    IDENTIFY,
    SANITIZE,
    SIZE,
    NvmeLoops,
    PlayedNvme,
)
from disks.rig import filled_file, loop_device
from reprise.adapters.drives.blockio import BlockFile
from reprise.adapters.drives.capabilities.nvme import read_nvme
from reprise.adapters.drives.capabilities.reidentify import OwnWords
from reprise.adapters.drives.firmware.nvme_sanitize import NvmeSanitize
from reprise.adapters.drives.firmware.witnessed import WitnessedSanitizer
from reprise.adapters.drives.overwrite import OverwriteSanitizer
from reprise.adapters.drives.passthrough.nvme_admin import Answer
from reprise.adapters.hardware.sysfs import Roots
from reprise.domain.drives.capabilities import Capabilities
from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.erasure.verification import ReasonCode
from reprise.domain.pc.hardware import Drive, MediaKind
from reprise.domain.planning.plan import WarningCode
from reprise.domain.planning.planner import plan_drive
from reprise.domain.planning.policy import Policy
from reprise.domain.planning.techniques import Method, Technique
from reprise.domain.report.events import Event
from reprise.domain.report.outcome import DriveResult
from reprise.ports import Sanitizer
from reprise.wire.nvme import AdminCommand
from reprise.wire.nvme_erase import SANITIZE_ACTIONS
from reprise.workflow.erasure.jobs import EraseOrder
from reprise.workflow.erasure.sanitize import EraseServices
from station_kit.shortcuts import erase_drive
from unit.domain.drives.drives import aes

POLICY = Policy()
CONTROLLER, NAMESPACE = 1, 0  # CNS
SPRRS, OVERWRITES, MANAGES = 1 << 5, 1 << 2, 1 << 3


@dataclass
class Forgetful(PlayedNvme):
    """`deaf_to`: the next Identify of this CNS gets no answer."""

    sanicap: int = 0
    oacs: int = 0  # neither formats nor namespace management
    namespace_bytes: int = SIZE
    estimate_s: int = 0xFFFFFFFF
    deaf_to: int | None = None
    deaf: int = 0  # how often it was

    def send(self, device: object, command: AdminCommand, timeout_ms: int = 0) -> Answer:
        if command.opcode == IDENTIFY and command.cdw10 & 0xFF == self.deaf_to:
            self.deaf_to, self.deaf = None, self.deaf + 1
            raise OSError(errno.EINTR, "the controller was reset")
        return super().send(device, command, timeout_ms)

    def _identify(self, cns: int) -> bytes:
        data = bytearray(super()._identify(cns))
        if cns == CONTROLLER:
            struct.pack_into("<H", data, 256, self.oacs)
            struct.pack_into("<I", data, 328, self.sanicap)
            struct.pack_into("<I", data, 516, 1)
        elif cns == NAMESPACE:
            struct.pack_into("<Q", data, 0, self.namespace_bytes // 512)
        return bytes(data)

    def _log(self) -> bytes:
        data = bytearray(super()._log())
        struct.pack_into("<I", data, 8, self.estimate_s)
        return bytes(data)


class Probe(NvmeLoops):
    def __init__(self, played: Forgetful, media: MediaKind) -> None:
        super().__init__(media)
        self.played = played

    def probe_capabilities(self, drive: Drive) -> Capabilities:
        with BlockFile(drive.node, writable=False, exclusive=False) as device:
            nvme = read_nvme(device, Roots(), {}, self.played)
            own = OwnWords(admin=self.played)(device, drive)
        return Capabilities(nvme=nvme, own=own)


class Unheard:
    def append(self, _event: Event) -> None:
        pass


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return filled_file(tmp_path / "disk", SIZE)


@pytest.fixture(params=[False, True], ids=["answers", "one-answer-lost"])
def lost(request: pytest.FixtureRequest) -> Iterator[bool]:
    yield request.param


def erased(
    drive: Forgetful, deaf_to: int | None, *, media: MediaKind = MediaKind.SSD, warned: str = ""
) -> DriveResult:
    """Planned with all its answers, then one of them is lost where `deaf_to` is given."""
    with loop_device(drive.file) as node:
        probe = Probe(drive, media)
        found = probe.probe_drive(node)
        plan = plan_drive(found, probe.probe_capabilities(found), POLICY)
        assert not warned or warned in plan.warnings
        asks = OwnWords(admin=drive)
        sanitize = WitnessedSanitizer(NvmeSanitize(POLICY, drive), probe, POLICY, asks=asks)
        sanitizers: dict[Technique, Sanitizer] = dict.fromkeys(SANITIZE_ACTIONS, sanitize)
        sanitizers[Technique.OVERWRITE] = OverwriteSanitizer(probe, POLICY, asks=asks, nvme=drive)
        drive.deaf_to = deaf_to
        services = EraseServices(probe, sanitizers, Unheard(), POLICY, aes)  # type: ignore[arg-type]
        order = EraseOrder(found, plan, named=True)
        return erase_drive(order, services, threading.Event(), lambda _item: None)


def test_a_drive_larger_than_the_kernel_reaches_is_never_erased(file: Path, lost: bool) -> None:
    drive = Forgetful(file, namespace_bytes=2 * SIZE)
    warned = WarningCode.TAIL_OUT_OF_REACH
    result = erased(drive, NAMESPACE if lost else None, warned=warned)
    assert (result.state, result.achieved) == (DriveState.UNVERIFIED, Method.NONE)
    assert ReasonCode.HIDDEN_AREA_LEFT in result.reasons
    assert drive.deaf == lost


def test_a_drive_that_tells_a_purge_is_asked_for_one(file: Path, lost: bool) -> None:
    """This one only ever clears (its log never has PRGD)."""
    drive = Forgetful(file, sanicap=SPRRS | 1 << 1)
    result = erased(drive, CONTROLLER if lost else None)
    assert next(hex(one.cdw10) for one in drive.sent(SANITIZE)) == "0x80a"
    assert (result.state, result.achieved) == (DriveState.SANITIZED, Method.CLEAR)
    assert drive.deaf == lost


def test_a_disk_that_is_done_at_once_is_not_believed(file: Path, lost: bool) -> None:
    drive = Forgetful(file, sanicap=OVERWRITES, estimate_s=7200)
    result = erased(drive, CONTROLLER if lost else None, media=MediaKind.HDD)
    assert result.achieved is not Method.PURGE
    assert drive.sent(SANITIZE)
    assert drive.deaf == lost


@pytest.mark.parametrize("manages", [False, True])
def test_where_nobody_tells_now_what_stands_beside_it_is_not_known(
    file: Path, lost: bool, manages: bool
) -> None:
    """A namespace may have been made since it was planned, where the drive can make any."""
    drive = Forgetful(file, oacs=MANAGES if manages else 0)
    result = erased(drive, CONTROLLER if lost else None)
    doubted = lost and manages
    assert result.state is (DriveState.UNVERIFIED if doubted else DriveState.SANITIZED)
    assert (ReasonCode.HIDDEN_AREA_LEFT in result.reasons) == doubted
    assert drive.deaf == lost
