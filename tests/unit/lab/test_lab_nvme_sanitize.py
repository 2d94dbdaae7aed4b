"""The emulated NVMe drive's Sanitize, spoken to over its socket without a kernel."""

from __future__ import annotations

import struct
import time

import pytest

from lab.nvme import (
    Action,
    Admin,
    History,
    Io,
    NamespaceConfig,
    NvmeFault,
    Sanicap,
    SanitizeStatus,
    Status,
)
from lab.nvme.codes import SANITIZE_COMPLETED_EVENT
from lab.nvme.host import Host
from lab.nvme.without_kernel import OLD, drive, total, wait
from unit.lab.standing_time import StandingTime


@pytest.mark.parametrize("action", [Action.BLOCK_ERASE, Action.CRYPTO_ERASE, 1 << 4 | 3])
def test_sanitize_reaches_everything_and_refuses_others_meanwhile(
    standing: StandingTime, action: int
) -> None:
    spaces = (NamespaceConfig(1), NamespaceConfig(2, 8, attached=False))
    with drive(namespaces=spaces, unallocated_mib=4, unallocated_content=OLD) as made:
        made.admin.send(Admin.ASYNC_EVENT_REQUEST)
        assert made.admin.run(Admin.SANITIZE, 0, action).status == 0
        assert made.admin.sanitize_log()[1:] == (SanitizeStatus.RUNNING, action)
        assert made.io.run(Io.READ, 1, 8, 0, 0, wants=512).status == Status.SANITIZE_IN_PROGRESS
        assert made.admin.run(Admin.FORMAT_NVM, 1).status == Status.SANITIZE_IN_PROGRESS
        standing.go_on()
        assert made.admin.completion().result == SANITIZE_COMPLETED_EVENT
        assert made.admin.sanitize_log() == (0xFFFF, SanitizeStatus.SUCCEEDED, action)
        assert total(made) == (0, 0)
        assert made.io.run(Io.READ, 1, 8, 0, 0, wants=512).data == bytes(512)


def test_overwrite_with_pass_count_0_makes_16_passes() -> None:
    with drive(sanitize_s=0.02) as made:
        made.admin.run(Admin.SANITIZE, 0, Action.OVERWRITE, 0x11223344)
        wait(lambda: made.status() == SanitizeStatus.SUCCEEDED)
        assert struct.unpack_from("<H", made.admin.log(0x81), 2)[0] >> 3 & 0x1F == 16
        assert made.io.run(Io.READ, 1, 8, 0, 0, wants=512).data[:4] == b"\x44\x33\x22\x11"


def test_no_deallocate_shows_what_the_erase_left() -> None:
    with drive() as made:
        made.admin.run(Admin.SANITIZE, 0, Action.BLOCK_ERASE | 1 << 9)
        wait(lambda: made.status() == SanitizeStatus.SUCCEEDED)
        assert made.io.run(Io.READ, 1, 8, 0, 0, wants=512).data == b"\xff" * 512


@pytest.mark.parametrize(
    ("fault", "left"),
    [
        (NvmeFault.SANITIZE_LIES, (1, 1)),
        (NvmeFault.SANITIZE_LEAVES_SPARE, (0, 1)),
        (NvmeFault.SANITIZE_UNMAPS_ONLY, (0, 2)),
        (NvmeFault.SANITIZE_HALF, (0, 1)),
    ],
)
def test_a_sanitize_that_lies_says_success(fault: NvmeFault, left: tuple[int, int]) -> None:
    with drive(faults={fault}) as made:
        made.admin.run(Admin.SANITIZE, 0, Action.BLOCK_ERASE)
        wait(lambda: made.status() == SanitizeStatus.SUCCEEDED)
        assert total(made) == left


@pytest.mark.parametrize("faults", [set(), {NvmeFault.SANITIZE_CLEARS}])
def test_a_purge_that_is_required_is_told(faults: set[NvmeFault]) -> None:
    can = Sanicap.BLOCK_ERASE | Sanicap.PURGE_REPORTED
    with drive(sanicap=can, faults=faults) as made:
        assert made.admin.run(Admin.SANITIZE, 0, Action.BLOCK_ERASE | 1 << 11).status == 0
        wait(lambda: made.status() == SanitizeStatus.SUCCEEDED)
        (sstat,) = struct.unpack_from("<H", made.admin.log(0x81), 2)
        assert bool(sstat & 1 << 11) is not bool(faults)
    with drive() as made:
        refused = made.admin.run(Admin.SANITIZE, 0, Action.BLOCK_ERASE | 1 << 11).status
        assert refused == Status.INVALID_FIELD


def test_a_stuck_sanitize_stays_at_655() -> None:
    with drive(faults={NvmeFault.SANITIZE_STUCK}) as made:
        made.admin.run(Admin.SANITIZE, 0, Action.BLOCK_ERASE)
        time.sleep(0.4)
        assert made.admin.sanitize_log()[:2] == (655, SanitizeStatus.RUNNING)


@pytest.mark.parametrize("unrestricted", [True, False])
def test_failure_mode_and_its_exit(unrestricted: bool) -> None:
    with drive(faults={NvmeFault.SANITIZE_FAILS_KEEPS_DATA}) as made:
        made.admin.run(Admin.SANITIZE, 0, Action.BLOCK_ERASE | unrestricted << 3)
        wait(lambda: made.status() == SanitizeStatus.FAILED)
        assert made.io.run(Io.READ, 1, 8, 0, 0, wants=512).status == Status.SANITIZE_FAILED
        left = made.admin.run(Admin.SANITIZE, 0, Action.EXIT_FAILURE_MODE).status
        assert left == (0 if unrestricted else Status.SANITIZE_FAILED)
        read = made.io.run(Io.READ, 1, 8, 0, 0, wants=512)
        assert (read.data == OLD) is unrestricted
        assert made.status() == SanitizeStatus.FAILED
        assert total(made) == (1, 1)


def test_an_ignored_sanitize_leaves_an_older_success_in_the_log() -> None:
    history = History(SanitizeStatus.SUCCEEDED, Action.BLOCK_ERASE)
    with drive(faults={NvmeFault.SANITIZE_IGNORED}, history=history) as made:
        assert made.admin.run(Admin.SANITIZE, 0, Action.BLOCK_ERASE).status == 0
        assert made.admin.sanitize_log() == (0xFFFF, 1, Action.BLOCK_ERASE)
        assert total(made) == (1, 1)


@pytest.mark.parametrize("forgets", [False, True])
def test_a_power_cut_in_the_middle_of_a_sanitize(standing: StandingTime, forgets: bool) -> None:
    faults = {NvmeFault.SANITIZE_FORGOTTEN} if forgets else set()
    with drive(faults=faults, sanitize_s=0.6) as made:
        made.admin.run(Admin.SANITIZE, 0, Action.CRYPTO_ERASE)
        made.server.power_off()
        with pytest.raises(OSError, match="refused"):
            Host(made.server.port, made.subsystem.config.subnqn)
        standing.move(0.8)  # longer than the operation: it must stand still
        made.server.power_on()
        made.reconnect()
        assert made.status() == (SanitizeStatus.NEVER if forgets else SanitizeStatus.RUNNING)
        standing.go_on()
        if not forgets:
            wait(lambda: made.status() == SanitizeStatus.SUCCEEDED)
        assert (total(made) == (0, 0)) is not forgets
