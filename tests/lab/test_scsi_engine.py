"""Reprise against emulated SAS drives, honest and lying, looked at from both sides: what the report
says, and what is still in the medium."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from lab import product
from lab.cases import UNSEEN
from lab.erasure import Run
from lab.faults import Fault
from lab.kit import NEEDLE, fill, run, thorough
from lab.product import NO_WORD_TAKEN, QUICKLY_STUCK, not_trusted
from lab.scsi import ScsiConfig, scsi_drive
from lab.scsi.attached import Attached
from lab.scsi.config import OVERWRITE as OVERWRITE_ONLY
from lab.scsi.drive import ScsiDevice
from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.erasure.verification import ReasonCode
from reprise.domain.planning.plan import LimitationCode
from reprise.domain.planning.techniques import Method, Technique
from reprise.domain.report.events import ObservationKind as Seen

SECTORS = 1024  # 512 KiB: every block bears a mark; each takes a round trip in the guest
MANY = 32_768  # more blocks than marks
BLOCK, CRYPTO = Technique.SCSI_SANITIZE_BLOCK, Technique.SCSI_SANITIZE_CRYPTO
OVERWRITE = Technique.SCSI_SANITIZE_OVERWRITE
SANITIZE, EXIT_FAILURE_MODE = 0x48, 0x1F

SasDrive = Attached[ScsiDevice]


def ssd(serial: str, **facts: object) -> ScsiConfig:
    facts.setdefault("sectors", SECTORS)
    return ScsiConfig(serial=serial, kind="ssd", **facts)  # type: ignore[arg-type]


def hdd(serial: str, **facts: object) -> ScsiConfig:
    facts.setdefault("sectors", SECTORS)
    return ScsiConfig(serial=serial, kind="hdd", **facts)  # type: ignore[arg-type]


@contextmanager
def used_drive(config: ScsiConfig) -> Iterator[SasDrive]:
    """A donor's drive: the needle in every sector and in the spare area."""
    with scsi_drive(config) as drive:
        fill(drive.media)
        if config.kind == "hdd":
            drive.media.retire(100)  # a reallocated sector
        assert drive.media.contains(NEEDLE)[1] > 0
        yield drive


def erase(drive: SasDrive, technique: Technique | None, *, policy: str = "") -> product.Outcome:
    done = product.erase(drive.node, drive.model.config.serial, technique, policy=policy)
    print(done.code, done.stdout[-1500:], done.stderr[-1500:])
    return done


def sanitizes(drive: SasDrive) -> list[int]:
    """Service actions of the SANITIZE commands that arrived."""
    return [one.action for one in drive.cdbs if one.opcode == SANITIZE]


# --- honest drives ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("config", "technique", "achieved", "action"),
    [
        (ssd("LABS-BLOCK"), BLOCK, Method.PURGE, 0x02),
        (ssd("LABS-CRYPTO"), CRYPTO, Method.PURGE, 0x03),
        (hdd("LABS-OVERW"), OVERWRITE, Method.PURGE, 0x01),
        (ssd("LABS-OVERWSSD"), OVERWRITE, Method.CLEAR, 0x01),
    ],
    ids=lambda value: value.serial if isinstance(value, ScsiConfig) else "",
)
def test_an_honest_drive_is_verified(
    config: ScsiConfig, technique: Technique, achieved: Method, action: int
) -> None:
    with used_drive(config) as drive:
        done = erase(drive, technique)
        assert done.code == 0
        assert done.drive.state is DriveState.SANITIZED
        assert done.drive.achieved is achieved
        assert Seen.COMMAND_RUNNING in done.observed
        assert drive.media.contains(NEEDLE) == (0, 0)
        assert sanitizes(drive) == [action]
        done.row(f"SAS {config.kind.upper()}", "none")


def test_the_policy_takes_the_strongest_that_the_drive_has() -> None:
    with used_drive(ssd("LABS-POLICY", unmaps=True, sectors=MANY)) as drive:
        done = erase(drive, None)
        assert done.code == 0
        assert done.drive.attempts[0].attempt.technique is BLOCK
        assert done.drive.achieved is Method.PURGE
        assert drive.media.contains(NEEDLE) == (0, 0)


def test_a_drive_with_overwrite_only() -> None:
    with used_drive(hdd("LABS-ONLYOW", sanitizes=frozenset({OVERWRITE_ONLY}))) as drive:
        assert erase(drive, BLOCK).code == 3  # refused before anything was sent
        assert drive.media.contains(NEEDLE)[0] > 0
        done = erase(drive, None)
        assert done.code == 0
        assert done.drive.attempts[0].attempt.technique is OVERWRITE
        assert sanitizes(drive) == [OVERWRITE_ONLY]


def test_a_drive_that_does_not_list_its_commands_is_overwritten() -> None:
    """What is not known to be supported is not tried."""
    with used_drive(hdd("LABS-SILENT", reports_opcodes=False)) as drive:
        assert erase(drive, BLOCK).code == 3
        done = erase(drive, None)
        assert done.code == 0
        assert done.drive.attempts[0].attempt.technique is Technique.OVERWRITE
        assert done.drive.achieved is Method.CLEAR
        inside, spare = drive.media.contains(NEEDLE)
        assert inside == 0
        assert spare > 0  # what Clear means: out of reach of any overwrite
        done.row("SAS HDD", "does not list its commands")


# --- drives that lie or fail --------------------------------------------------------------------


@pytest.mark.parametrize("technique", [BLOCK, pytest.param(CRYPTO, marks=thorough), OVERWRITE])
@pytest.mark.parametrize(
    "fault", [pytest.param(Fault.SANITIZE_LIES, marks=thorough), Fault.SANITIZE_MISSES_END]
)
def test_a_drive_that_says_it_erased_is_found_out(technique: Technique, fault: Fault) -> None:
    serial = f"LABS-{fault.name[9:14]}-{technique[14:17]}"
    with used_drive(ssd(serial, faults={fault})) as drive:
        done = erase(drive, technique)
        assert done.code == 4
        assert done.drive.state is DriveState.FAILED
        assert done.drive.achieved is Method.NONE
        assert Seen.CANARY_SURVIVED in done.observed
        done.row("SAS SSD", fault.value)


@pytest.mark.parametrize(
    ("fault", "limitation"),
    [
        (Fault.SANITIZE_LEAVES_SPARE, LimitationCode.DRIVE_WORD),
        pytest.param(Fault.SANITIZE_UNMAPS_ONLY, LimitationCode.ZEROS_UNPROVEN, marks=thorough),
    ],
)
def test_what_cannot_be_seen_from_outside_is_written_down(
    fault: Fault, limitation: LimitationCode
) -> None:
    """The drive's word for its spare cells is all that anybody outside has: the certificate says
    so."""
    with used_drive(ssd(f"LABS-{fault.name[9:15]}", faults={fault})) as drive:
        done = erase(drive, BLOCK)
        assert done.code == 0
        assert limitation in done.drive.attempts[-1].attempt.limitations
        assert drive.media.contains(NEEDLE)[1] > 0
        done.row("SAS SSD", fault.value + UNSEEN)
        not_trusted(erase(drive, BLOCK, policy=NO_WORD_TAKEN), "SAS SSD", fault.value)


def test_a_sanitize_that_hangs() -> None:
    with used_drive(ssd("LABS-STUCK", faults={Fault.SANITIZE_STUCK})) as drive:
        done = erase(drive, BLOCK, policy=QUICKLY_STUCK)
        assert done.code == 4
        assert done.drive.state is DriveState.UNVERIFIED
        assert Seen.COMMAND_HUNG in done.observed
        assert ReasonCode.COMMAND_HUNG in done.drive.attempts[-1].reasons
        done.row("SAS SSD", Fault.SANITIZE_STUCK.value)


@pytest.mark.parametrize(
    "fault",
    [Fault.SANITIZE_FAILS_HALFWAY, pytest.param(Fault.SANITIZE_FAILS_KEEPS_DATA, marks=thorough)],
)
def test_a_sanitize_that_fails_leaves_room_for_the_next_technique(fault: Fault) -> None:
    """AUSE: the failure mode can be left, so that the overwrite at the plan's end can write."""
    config = hdd(f"LABS-{fault.name[15:20]}", faults={fault}, sanitize_s=0.5)
    with used_drive(config) as drive:
        done = erase(drive, None)
        tried = [one.attempt.technique for one in done.drive.attempts]
        # on a hard disk a block erase claims Clear, so what claims Purge comes before it
        assert tried == [CRYPTO, OVERWRITE, BLOCK, Technique.OVERWRITE]
        assert done.drive.state is DriveState.SANITIZED
        assert done.drive.achieved is Method.CLEAR
        assert sanitizes(drive).count(EXIT_FAILURE_MODE) == 3
        assert drive.media.contains(NEEDLE)[0] == 0
        done.row("SAS HDD", fault.value)


def test_a_drive_in_failure_mode_is_brought_back_and_erased() -> None:
    """Somebody's sanitize without AUSE failed: only one that succeeds ends that."""
    config = ssd("LABS-RESTRICT", faults={Fault.SANITIZE_FAILS_KEEPS_DATA}, sanitize_s=0.2)
    with used_drive(config) as drive:
        run("sg_sanitize", "--block", "--quick", "--early", drive.generic)
        until(lambda: drive.model.run.state is Run.FAILED or drive.media is None)
        drive.model.run._faults = frozenset()  # whatever it was, it is over
        done = erase(drive, BLOCK)
        assert done.code == 0
        assert done.drive.achieved is Method.PURGE
        assert sanitizes(drive) == [0x02, EXIT_FAILURE_MODE, 0x02, 0x02]
        assert drive.media.contains(NEEDLE) == (0, 0)
        done.row("SAS SSD", "failure mode of an earlier sanitize, no exit allowed")


def test_a_sanitize_of_somebody_else_is_not_disturbed() -> None:
    with used_drive(ssd("LABS-OTHERS", sanitize_s=600.0)) as drive:
        run("sg_sanitize", "--crypto", "--quick", "--early", drive.generic)
        done = erase(drive, BLOCK)
        assert done.code == 3
        assert "erasing itself" in done.stderr
        assert sanitizes(drive) == [0x03]
        drive.model.run.hurry()
        until(lambda: drive.media is not None and drive.model.run.state is Run.SUCCEEDED)
        assert erase(drive, BLOCK).code == 0
        assert sanitizes(drive) == [0x03, 0x02]


def test_bad_sectors_after_the_erase_are_not_hidden() -> None:
    """SBC-4 lets a drive answer reads of sanitized blocks with errors: then nothing was seen."""
    config = ssd("LABS-BADREAD", bad_reads=(range(601, 609),))
    with used_drive(config) as drive:
        done = erase(drive, BLOCK)
        assert done.code == 4
        assert done.drive.state is not DriveState.SANITIZED
        done.row("SAS SSD", "bad sectors")


# --- power cuts ---------------------------------------------------------------------------------


def until(true: Callable[[], bool], timeout_s: float = 240.0) -> None:
    end = time.monotonic() + timeout_s
    while not true():
        assert time.monotonic() < end
        time.sleep(0.2)


def erase_and_cut(drive: SasDrive, stick: product.Bench) -> product.Outcome:
    """Power off while the drive sanitizes itself; the first session's outcome."""
    cutter = threading.Thread(target=_cut_while_sanitizing, args=(drive,))
    cutter.start()
    cut = stick.erase(drive.node, drive.model.config.serial, BLOCK)
    cutter.join()
    print(cut.code, cut.stdout, cut.stderr)
    return cut


def _cut_while_sanitizing(drive: SasDrive) -> None:
    until(lambda: drive.model.run.state is Run.RUNNING)
    time.sleep(3)
    drive.power_off()


@pytest.mark.parametrize("on_before_its_end", [True, pytest.param(False, marks=thorough)])
def test_a_sanitize_that_ended_without_us_proves_nothing(*, on_before_its_end: bool) -> None:
    """SCSI keeps no word on it, and the kernel lets nobody in before its end: it is done again."""
    serial = f"LABS-CUT{on_before_its_end:d}"
    with used_drive(ssd(serial, sanitize_s=600.0)) as drive, product.bench() as stick:
        cut = erase_and_cut(drive, stick)
        assert cut.code == 4
        assert cut.drive.state is DriveState.INTERRUPTED
        if on_before_its_end:
            drive.power_on(settle_s=1)
            assert stick.erase(drive.node, serial, BLOCK).code == 3  # refused: it is at work
        drive.model.run.hurry()
        assert drive.media.contains(NEEDLE) == (0, 0)
        if not on_before_its_end:
            drive.power_on()
        again = stick.erase(drive.node, serial, BLOCK)
        assert again.code == 0, again.stderr
        assert Seen.STATUS_NOT_OURS in again.observed
        assert sanitizes(drive) == [0x02, 0x02]
        when = "on again before" if on_before_its_end else "off until"
        again.row("SAS SSD", f"power cut in a sanitize; {when} its end")
