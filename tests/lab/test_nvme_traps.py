"""Reprise against emulated NVMe drives, that lie, refuse, hang or hold more than one
namespace."""

from __future__ import annotations

import pytest

from lab import product
from lab.cases import UNSEEN
from lab.kit import NEEDLE, thorough
from lab.nvme import (
    Action,
    Admin,
    NamespaceConfig,
    NvmeFault,
)
from lab.nvme_kit import OUR_BLOCK_ERASE, SMALL, begin, erase, sanitizes, ssd, used_drive
from lab.product import NO_WORD_TAKEN, QUICKLY_STUCK, not_trusted
from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.planning.plan import LimitationCode
from reprise.domain.planning.techniques import Method, Technique
from reprise.domain.report.events import ObservationKind as Seen

BLOCK, CRYPTO = Technique.NVME_SANITIZE_BLOCK, Technique.NVME_SANITIZE_CRYPTO
OVERWRITE = Technique.NVME_SANITIZE_OVERWRITE
FORMAT, FORMAT_CRYPTO = Technique.NVME_FORMAT_USER_DATA, Technique.NVME_FORMAT_CRYPTO


def details(done: product.Outcome, kind: Seen) -> list[dict[str, object]]:
    return [
        dict(seen.detail)
        for attempt in done.drive.attempts
        for seen in attempt.observations
        if seen.kind is kind
    ]


# --- honest drives ------------------------------------------------------------------------------


def test_the_sectors_keep_their_size() -> None:
    namespace = NamespaceConfig(mib=1, sector_bytes=4096)
    with used_drive(ssd("LABN-4K", namespaces=(namespace,))) as drive:
        assert erase(drive, FORMAT).drive.state is DriveState.SANITIZED
        assert drive.subsystem.namespaces[1].sector_bytes == 4096
        assert drive.contains(NEEDLE) == (0, 0)


# --- lies ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "technique"),
    [
        pytest.param(NvmeFault.FORMAT_UNMAPS_ONLY, FORMAT, marks=thorough),
        pytest.param(NvmeFault.SANITIZE_UNMAPS_ONLY, BLOCK, marks=thorough),
        (NvmeFault.SANITIZE_LEAVES_SPARE, BLOCK),
        pytest.param(NvmeFault.FORMAT_LEAVES_SPARE, FORMAT, marks=thorough),
    ],
)
def test_what_cannot_be_seen_from_outside_is_a_limitation(
    fault: NvmeFault, technique: Technique
) -> None:
    """Zeros from the map, and a spare area that was left: no host can tell. The certificate says
    so."""
    with used_drive(ssd(f"LABN-{fault.name[-14:]}"[:20], fault)) as drive:
        done = erase(drive, technique)
        assert drive.contains(NEEDLE)[1] > 0, "the data is still in the cells"
        limits = set(done.drive.attempts[-1].attempt.limitations)
        assert {LimitationCode.ZEROS_UNPROVEN, LimitationCode.DRIVE_WORD} <= limits
        done.row("NVMe", fault.value + UNSEEN)
        not_trusted(erase(drive, technique, policy=NO_WORD_TAKEN), "NVMe", fault.value)


@thorough  # a minute of waiting for the drive; test_ata_engine has one, too
def test_another_serial_number_afterwards_is_another_drive() -> None:
    with used_drive(ssd("LABN-SERIAL", NvmeFault.CHANGES_SERIAL)) as drive:
        done = erase(drive, FORMAT)
        assert done.drive.state is not DriveState.SANITIZED
        done.row("NVMe", "gives another serial number afterwards")


# --- refusals -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "status", [0x4286, *(pytest.param(one, marks=thorough) for one in (0x2001, 0x010A))]
)
@pytest.mark.parametrize(("opcode", "technique"), [(Admin.FORMAT_NVM, FORMAT), (0x84, BLOCK)])
def test_a_refusal_is_explained(opcode: int, technique: Technique, status: int) -> None:
    with used_drive(ssd(f"LABN-REF{status:04X}{opcode:02X}", refuse={opcode: status})) as drive:
        done = erase(drive, technique)
        assert done.drive.state is DriveState.FAILED
        (why,) = details(done, Seen.COMMAND_FAILED)
        assert why["status"] == f"0x{status:04x}"
        assert why["refusal"] == "blocked-by-firmware"
        done.row("NVMe", f"the command is refused: {status:#06x}")


def test_a_locked_drive_is_overwritten_instead() -> None:
    refuse = {Admin.FORMAT_NVM: 0x4286, Admin.SANITIZE: 0x4286}
    with used_drive(ssd("LABN-BLOCKSID", refuse=refuse)) as drive:
        done = erase(drive, None)
        assert done.drive.state is DriveState.SANITIZED
        assert done.drive.achieved is Method.CLEAR
        assert [one.attempt.technique for one in done.drive.attempts][-1] is Technique.OVERWRITE
        assert drive.contains(NEEDLE)[0] == 0
        assert LimitationCode.SPARE_AREA in done.drive.attempts[-1].attempt.limitations
        done.row("NVMe", "Format and Sanitize are refused (Block SID): fallback")


# --- a sanitize that does not end well ----------------------------------------------------------


def test_a_sanitize_that_is_stuck_is_given_up() -> None:
    with used_drive(ssd("LABN-STUCK", NvmeFault.SANITIZE_STUCK)) as drive:
        done = erase(drive, BLOCK, policy=QUICKLY_STUCK)
        assert done.drive.state is DriveState.UNVERIFIED
        assert Seen.COMMAND_HUNG in done.observed
        done.row("NVMe", NvmeFault.SANITIZE_STUCK.value)


@pytest.mark.parametrize(
    "fault",
    [
        NvmeFault.SANITIZE_FAILS_HALFWAY,
        pytest.param(NvmeFault.SANITIZE_FAILS_KEEPS_DATA, marks=thorough),
    ],
)
def test_a_sanitize_that_fails_is_failed(fault: NvmeFault) -> None:
    with used_drive(ssd(f"LABN-{fault.name[9:]}"[:20], fault)) as drive:
        done = erase(drive, BLOCK)
        assert done.drive.state is DriveState.FAILED
        assert details(done, Seen.COMMAND_FAILED)[0]["state"] == "failed"
        assert sanitizes(drive) == [0x0A, Action.EXIT_FAILURE_MODE]
        done.row("NVMe", fault.value)


def test_an_honest_drive_with_an_older_success_is_verified() -> None:
    with used_drive(ssd("LABN-OLDER", history=OUR_BLOCK_ERASE)) as drive:
        assert erase(drive, BLOCK).drive.state is DriveState.SANITIZED
        assert drive.contains(NEEDLE) == (0, 0)


def test_without_a_log_no_sanitize_is_begun() -> None:
    with used_drive(ssd("LABN-NOLOG", NvmeFault.NO_SANITIZE_LOG)) as drive:
        done = erase(drive, BLOCK)
        assert done.drive.state is DriveState.FAILED
        assert sanitizes(drive) == []
        done.row("NVMe", NvmeFault.NO_SANITIZE_LOG.value)


# --- power --------------------------------------------------------------------------------------


def test_the_drive_alone_loses_power_and_goes_on() -> None:
    with used_drive(ssd("LABN-BLINK", sanitize_s=12.0)) as drive:
        process, bench = begin(drive, BLOCK)
        with bench as stick:
            drive.power_cut(2)
            assert process.wait(300) == 0, stick.folder
        assert drive.contains(NEEDLE) == (0, 0)


# --- namespaces ---------------------------------------------------------------------------------


def test_a_detached_namespace_is_reached_by_a_sanitize_and_never_formatted() -> None:
    namespaces = (SMALL, NamespaceConfig(2, mib=1, attached=False))
    config = ssd(
        "LABN-DETACHED", namespaces=namespaces, unallocated_mib=1, unallocated_content=NEEDLE
    )
    with used_drive(config) as drive:
        assert erase(drive, FORMAT).code != 0
        assert [one for one in drive.commands if one.opcode == Admin.FORMAT_NVM] == []
        done = erase(drive, BLOCK)
        assert done.drive.state is DriveState.SANITIZED
        assert drive.contains(NEEDLE) == (0, 0)
        done.row("NVMe", "a detached namespace and unallocated capacity")


DETACHED = (SMALL, NamespaceConfig(2, mib=1, attached=False))


def test_an_overwrite_attaches_a_detached_namespace_and_erases_it_too() -> None:
    with used_drive(ssd("LABN-DETOVER", namespaces=DETACHED)) as drive:
        done = erase(drive, Technique.OVERWRITE)
        assert done.drive.state is DriveState.SANITIZED
        assert [one["area"] for one in details(done, Seen.AREA_ERASED)] == ["namespace-2"]
        assert drive.media(2).contains(NEEDLE)[0] == 0
        assert not drive.subsystem.namespaces[2].attached, "the layout is as it was"
        done.row("NVMe", "a detached namespace, attached meanwhile")


def test_a_detached_namespace_that_cannot_be_attached_is_no_success() -> None:
    refuse = {Admin.NAMESPACE_ATTACHMENT: 0x2119}  # private to another controller
    with used_drive(ssd("LABN-PRIVATE", namespaces=DETACHED, refuse=refuse)) as drive:
        done = erase(drive, Technique.OVERWRITE)
        assert done.drive.state is DriveState.UNVERIFIED
        assert [one["area"] for one in details(done, Seen.AREA_UNKNOWN)] == ["namespace-2"]
        assert drive.media(2).contains(NEEDLE)[0] > 0
        done.row("NVMe", "a detached namespace that cannot be attached")


def test_capacity_of_a_deleted_namespace_is_no_success_without_a_sanitize() -> None:
    config = ssd("LABN-UNALLOC", unallocated_mib=1, unallocated_content=NEEDLE)
    with used_drive(config) as drive:
        for technique in (FORMAT, Technique.OVERWRITE):
            done = erase(drive, technique)
            assert done.drive.state is DriveState.UNVERIFIED
            (left,) = details(done, Seen.HIDDEN_AREA_LEFT)
            assert (left["area"], left["amount"]) == ("unallocated-capacity", 1 << 20)
            done.row("NVMe", "capacity of a deleted namespace")
        assert erase(drive, BLOCK).drive.state is DriveState.SANITIZED
        assert drive.contains(NEEDLE) == (0, 0)
