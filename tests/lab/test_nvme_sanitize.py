"""Sanitize of the emulated NVMe drive, through the kernel and nvme-cli."""

from __future__ import annotations

import json
import subprocess
import time

import pytest

from lab.nvme import (
    Action,
    Admin,
    NamespaceConfig,
    NvmeFault,
    SanitizeStatus,
    Status,
    nvme_drive,
)
from lab.nvme.hands import (
    BLOCK,
    NEEDLE,
    OLD,
    PLACES,
    config,
    direct,
    ended,
    nvme,
    plant,
    sanitize_log,
    seen,
)


@pytest.mark.parametrize(
    "words",
    [
        ["-a", "start-block-erase"],
        ["-a", "start-crypto-erase"],
        ["-a", "start-overwrite", "-n", "1"],
    ],
    ids=["block", "crypto", "overwrite"],
)
def test_sanitize_erases_what_no_host_reaches(serial: str, words: list[str]) -> None:
    spaces = (NamespaceConfig(1, 8), NamespaceConfig(2, 8, attached=False, content=OLD))
    made = config(serial, namespaces=spaces, unallocated_mib=1, unallocated_content=OLD)
    with nvme_drive(made) as drive:
        plant(drive.node)
        assert drive.contains(NEEDLE) == (3, 5)
        nvme("sanitize", drive.controller, *words)
        sprog, status = sanitize_log(drive)
        assert status == SanitizeStatus.RUNNING
        assert sprog < 0xFFFF
        with pytest.raises(OSError):
            direct(drive.node, 0)
        nvme("format", drive.node, "-s", "1", "--force", ok=False)
        assert ended(drive) == SanitizeStatus.SUCCEEDED
        assert drive.contains(NEEDLE) == (0, 0)
        assert all(direct(drive.node, place) != OLD for place in PLACES)
        text = json.dumps(seen("sanitize-log", drive.controller))
        assert '"sprog": 65535' in text


@pytest.mark.parametrize(
    ("fault", "left"),
    [
        (NvmeFault.SANITIZE_LIES, (3, 3)),
        (NvmeFault.SANITIZE_HALF, (2, 3)),
        (NvmeFault.SANITIZE_UNMAPS_ONLY, (0, 6)),
        (NvmeFault.SANITIZE_LEAVES_SPARE, (0, 3)),
    ],
)
def test_a_sanitize_that_lies(serial: str, fault: NvmeFault, left: tuple[int, int]) -> None:
    with nvme_drive(config(serial, faults={fault})) as drive:
        plant(drive.node)
        nvme("sanitize", drive.controller, "-a", "start-block-erase")
        assert ended(drive) == SanitizeStatus.SUCCEEDED
        assert drive.media().contains(NEEDLE) == left
        assert (direct(drive.node, 2047) == OLD) is (left[0] > 0)


@pytest.mark.parametrize("status", [0x2, 0x10A, 0x286, 0x1])
def test_a_refused_sanitize(serial: str, status: int) -> None:
    with nvme_drive(config(serial, refuse={Admin.SANITIZE: status})) as drive:
        plant(drive.node, (0,))
        nvme("sanitize", drive.controller, "-a", "start-block-erase", ok=False)
        assert sanitize_log(drive) == (0xFFFF, SanitizeStatus.NEVER)
        assert direct(drive.node, 0) == OLD


def test_after_exit_failure_mode_io_works_and_the_status_stays_failed(serial: str) -> None:
    made = config(serial, faults={NvmeFault.SANITIZE_FAILS_HALFWAY}, sanitize_s=1.0)
    with nvme_drive(made) as drive:
        plant(drive.node)
        nvme("sanitize", drive.controller, "-a", "start-block-erase", "-u")
        assert ended(drive) == SanitizeStatus.FAILED
        with pytest.raises(OSError):
            direct(drive.node, 2047)
        nvme("sanitize", drive.controller, "-a", "exit-failure")
        assert direct(drive.node, 2047) == OLD
        assert direct(drive.node, 0) == bytes(BLOCK)
        assert sanitize_log(drive) == (0xFFFF, SanitizeStatus.FAILED)


def test_a_stuck_sanitize(serial: str) -> None:
    with nvme_drive(config(serial, faults={NvmeFault.SANITIZE_STUCK}, sanitize_s=0.1)) as drive:
        nvme("sanitize", drive.controller, "-a", "start-block-erase")
        time.sleep(1)
        assert sanitize_log(drive) == (655, SanitizeStatus.RUNNING)


@pytest.mark.parametrize("forgets", [False, True], ids=["goes-on", "forgotten"])
def test_a_power_cut_in_the_middle_of_a_sanitize(serial: str, forgets: bool) -> None:
    faults = {NvmeFault.SANITIZE_FORGOTTEN} if forgets else set()
    with nvme_drive(config(serial, faults=faults, sanitize_s=8.0)) as drive:
        plant(drive.node)
        node = drive.node
        nvme("sanitize", drive.controller, "-a", "start-block-erase")
        drive.power_cut(3)
        assert drive.node == node
        assert ended(drive) == (SanitizeStatus.NEVER if forgets else SanitizeStatus.SUCCEEDED)
        assert (drive.media().contains(NEEDLE) == (0, 0)) is not forgets
        assert (direct(node, 0) == OLD) is forgets


def test_a_page_cache_that_somebody_holds_tells_of_the_past(serial: str) -> None:
    """Why every look after an erase has to be O_DIRECT, or after a flush of the cache."""
    with nvme_drive(config(serial)) as drive:
        plant(drive.node, (0,))
        with drive.node.open("rb", buffering=0) as held:
            assert held.read(BLOCK) == OLD
            nvme("sanitize", drive.controller, "-a", "start-block-erase")
            assert ended(drive) == SanitizeStatus.SUCCEEDED
            assert direct(drive.node, 0) == bytes(BLOCK)
            held.seek(0)
            assert held.read(BLOCK) == OLD
            subprocess.run(["blockdev", "--flushbufs", str(drive.node)], check=True)
            held.seek(0)
            assert held.read(BLOCK) == bytes(BLOCK)


def test_a_command_that_hangs_and_then_is_carried_out(serial: str) -> None:
    with nvme_drive(config(serial, hang={Admin.SANITIZE: 3.0})) as drive:
        began = time.monotonic()
        nvme("sanitize", drive.controller, "-a", "start-block-erase")
        assert time.monotonic() - began > 2.9
        sent = [one for one in drive.commands if one.opcode == Admin.SANITIZE]
        assert [(one.cdw10, one.status) for one in sent] == [(Action.BLOCK_ERASE, Status.SUCCESS)]
