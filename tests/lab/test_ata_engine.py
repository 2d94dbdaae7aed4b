"""Reprise against emulated ATA drives, honest or not: what the report says, what the medium has."""

from __future__ import annotations

import threading
import time

import pytest

from lab import product
from lab.ata import AtaAttached, AtaConfig, Fault, Op, Security
from lab.ata.sanitize import State
from lab.ata_kit import erase, hdd, ssd, used_drive
from lab.cases import UNSEEN
from lab.kit import DANGER, NEEDLE, run, thorough
from lab.product import NO_WORD_TAKEN, QUICKLY_STUCK, not_trusted
from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.planning.plan import LimitationCode, Preparation, RefusalCode
from reprise.domain.planning.techniques import Method, Technique
from reprise.domain.report.events import ObservationKind as Seen

BLOCK, CRYPTO = Technique.ATA_SANITIZE_BLOCK, Technique.ATA_SANITIZE_CRYPTO
OVERWRITE = Technique.ATA_SANITIZE_OVERWRITE
NORMAL, ENHANCED = Technique.ATA_SECURITY_ERASE, Technique.ATA_SECURITY_ERASE_ENHANCED
OURS = b"Reprise"


def is_free(drive: AtaAttached) -> bool:
    security = drive.state.security
    return not security.enabled and not security.locked


# --- honest drives ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("config", "technique", "achieved", "spare_clean"),
    [
        (ssd("LABA-BLOCK"), BLOCK, Method.PURGE, True),
        (ssd("LABA-CRYPTO"), CRYPTO, Method.PURGE, True),
        (hdd("LABA-OVERW"), OVERWRITE, Method.PURGE, True),
        (hdd("LABA-NORMAL"), NORMAL, Method.CLEAR, False),
        (hdd("LABA-ENH"), ENHANCED, Method.PURGE, True),
        pytest.param(ssd("LABA-SSDENH"), ENHANCED, Method.CLEAR, True, marks=thorough),
    ],
    ids=lambda value: value.serial if isinstance(value, AtaConfig) else "",
)
def test_an_honest_drive_is_verified(
    config: AtaConfig, technique: Technique, achieved: Method, spare_clean: bool
) -> None:
    with used_drive(config) as drive:
        assert drive.media.contains(NEEDLE)[1] > 0
        done = erase(drive, technique)
        assert done.code == 0
        assert done.drive.state is DriveState.SANITIZED
        assert done.drive.achieved is achieved
        inside, spare = drive.media.contains(NEEDLE)
        assert inside == 0
        assert (spare == 0) == spare_clean
        assert is_free(drive)
        if technique in (BLOCK, CRYPTO, OVERWRITE):
            assert Seen.COMMAND_RUNNING in done.observed
        done.row(f"ATA {config.kind.upper()}", "none")


# --- drives that lie or fail ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("config", "technique", "state"),
    [
        (ssd("LABA-LIES", faults={Fault.SANITIZE_LIES}), BLOCK, DriveState.FAILED),
        pytest.param(
            ssd("LABA-CLIES", faults={Fault.SANITIZE_LIES}),
            CRYPTO,
            DriveState.FAILED,
            marks=thorough,
        ),
        (ssd("LABA-END", faults={Fault.SANITIZE_MISSES_END}), BLOCK, DriveState.FAILED),
        (ssd("LABA-SPOTS", faults={Fault.SANITIZE_LEAVES_SECTORS}), CRYPTO, DriveState.FAILED),
        (ssd("LABA-STUCK", faults={Fault.SANITIZE_STUCK}), BLOCK, DriveState.UNVERIFIED),
        (ssd("LABA-HALF", faults={Fault.SANITIZE_FAILS_HALFWAY}), BLOCK, DriveState.FAILED),
        pytest.param(
            ssd("LABA-KEEPS", faults={Fault.SANITIZE_FAILS_KEEPS_DATA}),
            BLOCK,
            DriveState.FAILED,
            marks=thorough,
        ),
        (hdd("LABA-SLIES", faults={Fault.SECURITY_ERASE_LIES}), NORMAL, DriveState.FAILED),
        (hdd("LABA-SABORT", faults={Fault.SECURITY_ERASE_ABORTS}), NORMAL, DriveState.FAILED),
        pytest.param(
            hdd("LABA-SHALF", faults={Fault.SECURITY_ERASE_FAILS_HALFWAY}),
            NORMAL,
            DriveState.FAILED,
            marks=thorough,
        ),
        pytest.param(
            hdd("LABA-NOPASS", faults={Fault.PASSWORD_IGNORED}),
            NORMAL,
            DriveState.FAILED,
            marks=thorough,
        ),
        (hdd("LABA-OTHER", faults={Fault.CHANGES_SERIAL}), NORMAL, DriveState.FAILED),
    ],
    ids=lambda value: value.serial if isinstance(value, AtaConfig) else "",
)
def test_a_lie_or_failure_is_never_verified(
    config: AtaConfig, technique: Technique, state: DriveState
) -> None:
    (fault,) = config.faults
    with used_drive(config) as drive:
        done = erase(drive, technique, policy=QUICKLY_STUCK)
        assert done.code != 0
        assert done.drive.state is state
        assert done.drive.achieved is Method.NONE
        assert is_free(drive)
        done.row(f"ATA {config.kind.upper()}", fault.value)


@pytest.mark.parametrize(
    "fault", [Fault.SANITIZE_LEAVES_SPARE, pytest.param(Fault.SANITIZE_UNMAPS_ONLY, marks=thorough)]
)
def test_what_cannot_be_seen_from_outside_is_a_stated_limitation(fault: Fault) -> None:
    """No read can reach the spare area: the report says that it is the drive's own word."""
    with used_drive(ssd(f"LABA-{fault.name[9:14]}", faults={fault})) as drive:
        done = erase(drive, BLOCK)
        inside, spare = drive.media.contains(NEEDLE)
        assert inside == 0
        assert spare > 0
        limits = set(done.drive.attempts[-1].attempt.limitations)
        assert {LimitationCode.DRIVE_WORD, LimitationCode.ZEROS_UNPROVEN} <= limits
        done.row("ATA SSD", fault.value + UNSEEN)
        not_trusted(erase(drive, BLOCK, policy=NO_WORD_TAKEN), "ATA SSD", fault.value)


def test_bad_sectors_take_the_proof_away() -> None:
    with used_drive(ssd("LABA-EIO", bad_reads=(range(601, 609),))) as drive:
        done = erase(drive, BLOCK)
        assert done.drive.state in (DriveState.UNVERIFIED, DriveState.FAILED)
        done.row("ATA SSD", "sectors that cannot be read")


def test_a_failed_sanitize_of_somebody_else_is_recovered_by_a_new_one() -> None:
    with used_drive(ssd("LABA-SD3", faults={Fault.SANITIZE_FAILS_KEEPS_DATA})) as drive:
        run("hdparm", DANGER, "--sanitize-block-erase", drive.node)
        time.sleep(3)
        drive.media  # noqa: B018 - carries out what ran in the meantime
        drive.state.sanitize._run._faults = frozenset()
        done = erase(drive, BLOCK)
        assert done.drive.state is DriveState.SANITIZED
        assert drive.media.contains(NEEDLE) == (0, 0)
        done.row("ATA SSD", "an earlier sanitize failed: no reads, no writes")


# --- security: frozen, locked, cut off ------------------------------------------------------------


def test_a_frozen_drive_is_thawed_by_suspend() -> None:
    with used_drive(hdd("LABA-FROZEN", security=Security(frozen=True))) as drive:
        done = erase(drive, NORMAL)
        assert done.drive.state is DriveState.SANITIZED
        assert drive.media.contains(NEEDLE)[0] == 0
        done.row("ATA HDD", "frozen by the firmware; thawed by suspend")


def test_a_drive_that_stays_frozen_gets_the_next_technique() -> None:
    security = Security(frozen=True, thaws_on_resume=False)
    with used_drive(hdd("LABA-COLD", security=security)) as drive:
        done = erase(drive, NORMAL)
        assert done.drive.state is DriveState.FAILED
        assert is_free(drive)
        done.row("ATA HDD", "frozen, and suspend does not thaw it")


def test_a_foreign_password_refuses_the_drive() -> None:
    security = Security(user_password=b"theirs")
    with used_drive(hdd("LABA-THEIRS", security=security)) as drive:
        done = erase(drive, NORMAL)
        assert done.code == 3
        assert RefusalCode.SECURITY_LOCKED in {one.code for one in done.drive.refusals}
        assert drive.names.count("SECURITY_UNLOCK") == 1
        assert "SECURITY_ERASE_UNIT" not in drive.names
        done.row("ATA HDD", "locked by somebody else's password")


def test_an_expired_count_refuses_the_drive() -> None:
    security = Security(user_password=OURS)
    with used_drive(hdd("LABA-EXPIRED", security=security)) as drive:
        for _ in range(5):
            run("hdparm", "--user-master", "u", "--security-unlock", "x", drive.node, ok=None)
        before = drive.names.count("SECURITY_UNLOCK")
        done = erase(drive, NORMAL)
        assert done.code == 3
        assert drive.names.count("SECURITY_UNLOCK") == before
        if done.report is not None:
            done.row("ATA HDD", "password attempts used up")


def test_an_erase_cut_by_a_power_loss_is_taken_up_again() -> None:
    with used_drive(hdd("LABA-CUT", erase_s=20.0)) as drive, product.bench() as stick:
        cutter = threading.Thread(target=_cut_in_the_middle, args=(drive,))
        cutter.start()
        first = stick.erase(drive.node, "LABA-CUT", NORMAL)
        cutter.join()
        print(first.code, first.stdout, first.stderr)
        assert first.drive.state is not DriveState.SANITIZED
        assert drive.state.security.locked
        second = stick.erase(drive.node, "LABA-CUT", ENHANCED)
        print(second.code, second.stdout, second.stderr)
        assert second.drive.state is DriveState.SANITIZED
        assert second.drive.preparation is not None
        assert Preparation.UNLOCK in second.drive.preparation.done
        assert is_free(drive)
        assert drive.media.contains(NEEDLE) == (0, 0)
        second.row("ATA HDD", "power cut in the middle of a security erase: locked")


def _cut_in_the_middle(drive: AtaAttached) -> None:
    until = time.monotonic() + 300
    while not drive.state.security.prepared and time.monotonic() < until:
        time.sleep(0.001)
    time.sleep(3)
    drive.power_cycle()


def test_a_sanitize_cut_by_a_power_loss_goes_on_and_is_taken_up_again() -> None:
    with used_drive(ssd("LABA-RESUME", sanitize_s=60.0)) as drive, product.bench() as stick:
        cutter = threading.Thread(target=_cut_while_sanitizing, args=(drive,))
        cutter.start()
        first = stick.erase(drive.node, "LABA-RESUME", BLOCK)
        cutter.join()
        print(first.code, first.stdout, first.stderr)
        assert first.drive.state is DriveState.INTERRUPTED
        given = drive.names.count("SANITIZE")
        second = stick.erase(drive.node, "LABA-RESUME", BLOCK)
        print(second.code, second.stdout, second.stderr)
        assert second.drive.state is DriveState.SANITIZED
        assert Seen.REATTACHED in second.observed
        assert drive.names.count("SANITIZE") > given  # asked, but not told to begin again
        assert sum(1 for one in drive.commands if one.op == Op.SANITIZE and one.feature) == 1
        assert drive.media.contains(NEEDLE) == (0, 0)
        second.row("ATA SSD", "power cut in the middle of a sanitize: it goes on by itself")


def _cut_while_sanitizing(drive: AtaAttached) -> None:
    until = time.monotonic() + 300
    while drive.state.sanitize.state is not State.IN_PROGRESS and time.monotonic() < until:
        time.sleep(0.1)
    time.sleep(4)
    drive.power_cycle()
