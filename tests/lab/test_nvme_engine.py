"""Reprise against emulated NVMe drives, honest and lying, looked at from both sides: what the
report says, and what is still in the drive."""

from __future__ import annotations

import signal

import pytest

from lab import product
from lab.kit import NEEDLE, thorough
from lab.nvme import (
    Admin,
    Fna,
    History,
    NamespaceConfig,
    NvmeDrive,
    NvmeFault,
    SanitizeStatus,
)
from lab.nvme_kit import OUR_BLOCK_ERASE, SMALL, begin, erase, sanitizes, ssd, used_drive
from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.planning.plan import LimitationCode
from reprise.domain.planning.techniques import Method, Technique
from reprise.domain.report.events import ObservationKind as Seen

BLOCK, CRYPTO = Technique.NVME_SANITIZE_BLOCK, Technique.NVME_SANITIZE_CRYPTO
OVERWRITE = Technique.NVME_SANITIZE_OVERWRITE
FORMAT, FORMAT_CRYPTO = Technique.NVME_FORMAT_USER_DATA, Technique.NVME_FORMAT_CRYPTO


# --- honest drives ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("technique", "method"),
    [
        (FORMAT, Method.CLEAR),
        (FORMAT_CRYPTO, Method.CLEAR),
        (BLOCK, Method.PURGE),
        (CRYPTO, Method.PURGE),
        (OVERWRITE, Method.CLEAR),
    ],
)
def test_an_honest_drive_is_verified(technique: Technique, method: Method) -> None:
    with used_drive(ssd(f"LABN-{technique.value[5:19].upper()}")) as drive:
        assert min(drive.contains(NEEDLE)) > 0
        done = erase(drive, technique)
        assert done.code == 0
        assert done.drive.state is DriveState.SANITIZED
        assert done.drive.achieved is method
        assert drive.contains(NEEDLE) == (0, 0)
        if technique in (BLOCK, CRYPTO, OVERWRITE):
            assert Seen.COMMAND_RUNNING in done.observed
        done.row("NVMe", "none")


# --- lies ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "technique"),
    [
        (NvmeFault.FORMAT_LIES, FORMAT),
        pytest.param(NvmeFault.FORMAT_LIES, FORMAT_CRYPTO, marks=thorough),
        (NvmeFault.FORMAT_HALF, FORMAT),
        (NvmeFault.SANITIZE_LIES, BLOCK),
        (NvmeFault.SANITIZE_LIES, CRYPTO),
        pytest.param(NvmeFault.SANITIZE_LIES, OVERWRITE, marks=thorough),
        (NvmeFault.SANITIZE_HALF, BLOCK),
    ],
)
def test_a_drive_that_lies_is_caught(fault: NvmeFault, technique: Technique) -> None:
    with used_drive(
        ssd(f"LABN-LIE{fault.name[-6:]}{technique.value[-8:].upper()}"[:20], fault)
    ) as (drive):
        done = erase(drive, technique)
        assert done.code == 4
        assert done.drive.state is DriveState.FAILED
        assert done.drive.achieved is Method.NONE
        assert Seen.CANARY_SURVIVED in done.observed
        done.row("NVMe", fault.value)


# --- a sanitize that does not end well ----------------------------------------------------------


def test_after_a_sanitize_that_fails_the_next_technique_is_tried() -> None:
    with used_drive(ssd("LABN-FALLBACK", NvmeFault.SANITIZE_FAILS_HALFWAY)) as drive:
        done = erase(drive, None)
        assert done.drive.state is DriveState.SANITIZED
        assert len(done.drive.attempts) > 1
        assert done.drive.attempts[-1].attempt.technique is FORMAT
        assert drive.contains(NEEDLE) == (0, 0)
        done.row(
            "NVMe", f"{NvmeFault.SANITIZE_FAILS_HALFWAY.value}: failure mode is left, fallback"
        )


@pytest.mark.parametrize("cdw10", [pytest.param(0x0A, marks=thorough), 0x02])
def test_a_drive_that_comes_in_failure_mode_is_brought_out_of_it(cdw10: int) -> None:
    """0Ah allowed an unrestricted exit; after 02h only another sanitize helps."""
    config = ssd(f"LABN-INFAIL{cdw10:02X}", history=History(SanitizeStatus.FAILED, cdw10))
    with used_drive(config) as drive:
        done = erase(drive, BLOCK)
        assert done.drive.state is DriveState.SANITIZED
        assert drive.contains(NEEDLE) == (0, 0)
        done.row("NVMe", f"arrives in sanitize failure mode (SCDW10 {cdw10:02x}h)")


def test_an_older_success_in_the_log_proves_nothing() -> None:
    config = ssd("LABN-IGNORED", NvmeFault.SANITIZE_IGNORED, history=OUR_BLOCK_ERASE)
    with used_drive(config) as drive:
        done = erase(drive, BLOCK)
        assert done.drive.state is DriveState.UNVERIFIED
        assert Seen.STATUS_NOT_OURS in done.observed
        assert drive.contains(NEEDLE)[1] > 0, "the marks hide it from the host only"
        done.row("NVMe", "Sanitize is accepted and ignored; the log shows an older success")


# --- power --------------------------------------------------------------------------------------


@pytest.mark.parametrize("forgets", [pytest.param(False, marks=thorough), True])
def test_after_a_power_cut_the_sanitize_is_taken_up_again(*, forgets: bool) -> None:
    faults = [NvmeFault.SANITIZE_FORGOTTEN] if forgets else []
    with used_drive(ssd(f"LABN-CUT{forgets:d}", *faults, sanitize_s=30.0)) as drive:
        process, bench = begin(drive, BLOCK)
        with bench as stick:
            process.send_signal(signal.SIGKILL)
            process.wait()
            drive.power_cut(2)
            done = stick.erase(drive.node, drive.config.serial, BLOCK)
            print(done.code, done.stdout[-1500:], done.stderr[-1500:])
            first = done.drive.attempts[0]
            kinds = {seen.kind for seen in first.observations}
            assert Seen.REATTACHED in kinds
            if forgets:
                assert Seen.STATUS_NOT_OURS in kinds
                assert len(done.drive.attempts) == 2, "begun anew"
                assert sanitizes(drive) == [0x0A, 0x0A]
            else:
                assert sanitizes(drive) == [0x0A]
            assert done.drive.state is DriveState.SANITIZED
            done.row("NVMe", "power cut in the middle" + ", and it forgets" * forgets)
        assert drive.contains(NEEDLE) == (0, 0)


# --- namespaces ---------------------------------------------------------------------------------


TWO = (SMALL, NamespaceConfig(2, mib=1))


def formats(drive: NvmeDrive) -> list[int]:
    """The namespace of every Format NVM command that arrived."""
    return [one.nsid for one in drive.commands if one.opcode == Admin.FORMAT_NVM]


@pytest.mark.parametrize("fna", [Fna.CRYPTO, Fna.CRYPTO | Fna.ERASE_ALL])
def test_of_two_namespaces_only_the_confirmed_one_is_touched(fna: Fna) -> None:
    """The serial number is the same for both: the identity must tell them apart."""
    apart = Fna.ERASE_ALL not in fna
    with used_drive(ssd(f"LABN-TWO{fna.value}", namespaces=TWO, fna=fna)) as drive:
        done = product.erase(drive.node_of(1), drive.config.serial)
        print(done.code, done.stdout[-1500:], done.stderr[-1500:])
        assert done.drive.state is DriveState.SANITIZED
        assert sanitizes(drive) == []
        assert formats(drive) == [1] * apart
        assert drive.media(2).contains(NEEDLE)[0] == drive.media(2).sectors, "not touched"
        techniques = [one.attempt.technique for one in done.drive.attempts]
        assert techniques == [FORMAT if apart else Technique.OVERWRITE]
        assert LimitationCode.OTHER_NAMESPACES in done.drive.attempts[-1].attempt.limitations
        done.row("NVMe", "two namespaces" + ", formatted one by one" * apart)


def test_one_namespace_after_the_other_is_formatted() -> None:
    with used_drive(ssd("LABN-BOTH", namespaces=TWO, fna=Fna.CRYPTO)) as drive:
        for nsid in (1, 2):
            done = product.erase(drive.node_of(nsid), drive.config.serial)
            print(done.code, done.stdout[-1500:], done.stderr[-1500:])
            assert done.drive.state is DriveState.SANITIZED
        assert formats(drive) == [1, 2]
        assert drive.contains(NEEDLE) == (0, 0)
