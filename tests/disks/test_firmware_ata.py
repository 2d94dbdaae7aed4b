"""ATA erases under witness: real block reads and writes on a loop device; only the commands are
played, by the lab's model of an ATA drive whose medium is the backing file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from disks.played_ata import (
    BLOCK,
    CRYPTO,
    ENHANCED,
    NORMAL,
    OVERWRITE,
    SIZE,
    AtaLoopProbe,
    rig,
)
from disks.rig import run
from lab.ata.config import Security
from lab.ata.registers import Op
from lab.faults import Fault
from reprise.adapters.drives.firmware.ata_password import PASSWORD
from reprise.adapters.drives.firmware.ata_sanitize import AtaSanitize
from reprise.adapters.drives.firmware.ata_security import AtaSecurityErase
from reprise.adapters.drives.firmware.witnessed import WitnessedSanitizer
from reprise.domain.drives.capabilities import SanitizeState
from reprise.domain.erasure.verification import ReasonCode
from reprise.domain.pc.hardware import Drive, SmartFacts
from reprise.domain.planning.policy import Policy
from reprise.domain.planning.techniques import Method, Technique, Verdict
from reprise.domain.report.events import CommandRan, ObservationKind


@pytest.mark.parametrize(
    ("technique", "kind"),
    [(BLOCK, "ssd"), (CRYPTO, "ssd"), (OVERWRITE, "hdd"), (NORMAL, "hdd"), (ENHANCED, "ssd")],
)
def test_an_honest_erase_is_verified(tmp_path: Path, technique: Technique, kind: str) -> None:
    with rig(tmp_path, kind=kind) as drive:
        ran = drive.erase(technique)
        assert ran.finished.verdict is Verdict.VERIFIED, ran.events
        assert ran.finished.verified_bytes == SIZE
        assert drive.free
        if technique in (BLOCK, CRYPTO, OVERWRITE):
            ran.seen(ObservationKind.COMMAND_RUNNING)


@pytest.mark.parametrize(
    ("technique", "fault", "verdict", "reason"),
    [
        (BLOCK, Fault.SANITIZE_LIES, Verdict.FAILED, ReasonCode.CANARY_SURVIVED),
        (BLOCK, Fault.SANITIZE_MISSES_END, Verdict.FAILED, ReasonCode.CANARY_SURVIVED),
        (BLOCK, Fault.SANITIZE_STUCK, Verdict.UNVERIFIED, ReasonCode.COMMAND_HUNG),
        (BLOCK, Fault.SANITIZE_FAILS_KEEPS_DATA, Verdict.FAILED, ReasonCode.COMMAND_FAILED),
        (NORMAL, Fault.SECURITY_ERASE_LIES, Verdict.FAILED, ReasonCode.CANARY_SURVIVED),
        (NORMAL, Fault.SECURITY_ERASE_ABORTS, Verdict.FAILED, ReasonCode.COMMAND_FAILED),
        (NORMAL, Fault.SECURITY_ERASE_FAILS_HALFWAY, Verdict.FAILED, ReasonCode.COMMAND_FAILED),
        (NORMAL, Fault.CHANGES_SERIAL, Verdict.FAILED, ReasonCode.IDENTITY_CHANGED),
        (BLOCK, Fault.CHANGES_SERIAL, Verdict.FAILED, ReasonCode.IDENTITY_CHANGED),
        (NORMAL, Fault.PASSWORD_IGNORED, Verdict.FAILED, ReasonCode.COMMAND_FAILED),
    ],
)
def test_a_lie_is_never_verified(
    tmp_path: Path, technique: Technique, fault: Fault, verdict: Verdict, reason: ReasonCode
) -> None:
    with rig(tmp_path, faults={fault}) as drive:
        ran = drive.erase(technique)
        assert ran.finished.verdict is verdict, ran.events
        assert ran.finished.achieved is Method.NONE
        assert reason in ran.finished.reasons
        assert drive.free


def test_the_password_is_journalled_before_it_is_set(tmp_path: Path) -> None:
    with rig(tmp_path) as drive:
        sanitizer = WitnessedSanitizer(AtaSecurityErase(drive.access), AtaLoopProbe(), Policy())
        seen: list[bool] = []

        def look(item: object) -> None:
            if isinstance(item, CommandRan) and f"password={PASSWORD}" in item.argv:
                seen.append(drive.device.security.enabled)

        run(sanitizer, drive.job(NORMAL), look)
        assert seen == [False, True]
        assert drive.free


def test_a_command_between_prepare_and_unit_is_survived(tmp_path: Path) -> None:
    with rig(tmp_path) as drive:
        drive.scsi.intruder = Op.SECURITY_ERASE_PREPARE
        assert drive.erase(NORMAL).finished.verdict is Verdict.VERIFIED
        assert drive.sent.count("SECURITY_ERASE_UNIT") == 2


@pytest.mark.parametrize("technique", [NORMAL, BLOCK])
def test_another_drive_gets_no_command(tmp_path: Path, technique: Technique) -> None:
    with rig(tmp_path) as drive:
        drive.device.serial = "OTHER"
        before = drive.file.read_bytes()
        ran = drive.erase(technique)
        assert ran.finished.verdict is Verdict.FAILED
        assert ReasonCode.IDENTITY_CHANGED in ran.finished.reasons
        assert drive.file.read_bytes() == before
        assert not {"SECURITY_SET_PASSWORD", "SECURITY_ERASE_UNIT"} & set(drive.sent)


@pytest.mark.parametrize(
    "security", [Security(frozen=True), Security(user_password=b"theirs")], ids=["frozen", "locked"]
)
def test_a_frozen_or_locked_drive_gets_no_password(tmp_path: Path, security: Security) -> None:
    with rig(tmp_path, security=security) as drive:
        ran = drive.erase(NORMAL)
        assert ran.finished.verdict is Verdict.FAILED
        assert "SECURITY_SET_PASSWORD" not in drive.sent


def test_an_older_success_is_not_ours(tmp_path: Path) -> None:
    """Its own success is forgotten only at power-on: a drive that takes the command and does
    nothing still says that it succeeded."""
    with rig(tmp_path, sanitize_s=0.0) as drive:
        first = drive.erase(BLOCK)
        assert first.finished.verdict is Verdict.VERIFIED
        assert drive.capabilities().ata.sanitize_state is SanitizeState.SUCCEEDED  # type: ignore[union-attr]
        drive.device.sanitize._start = lambda *_: None  # type: ignore[method-assign]
        ran = drive.erase(BLOCK)
        assert ran.finished.verdict is Verdict.UNVERIFIED
        assert ReasonCode.STATUS_NOT_OURS in ran.finished.reasons


def test_a_drive_that_failed_before_is_recovered_by_a_new_sanitize(tmp_path: Path) -> None:
    with rig(tmp_path, faults={Fault.SANITIZE_FAILS_KEEPS_DATA}) as drive:
        assert drive.erase(BLOCK).finished.verdict is Verdict.FAILED
        again = drive.erase(CRYPTO)
        assert again.finished.verdict is Verdict.FAILED
        assert "canaries-planted" not in {getattr(e, "kind", "") for e in again.events}
        drive.device.sanitize._run._faults = frozenset()
        healed = drive.erase(CRYPTO)
        assert healed.finished.verdict is Verdict.VERIFIED, healed.events
        healed.seen(ObservationKind.CANARIES_PLANTED)


def test_a_hidden_area_that_is_left_is_a_doubt(tmp_path: Path) -> None:
    with rig(tmp_path) as drive:
        job = replace(drive.job(BLOCK), hidden_left=True)
        procedure = AtaSanitize(Policy(), drive.access)
        ran = run(WitnessedSanitizer(procedure, AtaLoopProbe(), Policy()), job)
        assert ran.finished.verdict is Verdict.UNVERIFIED
        assert ReasonCode.HIDDEN_AREA_LEFT in ran.finished.reasons


def test_sectors_lost_on_the_way_are_told(tmp_path: Path) -> None:
    class Failing(AtaLoopProbe):
        asked = 0

        def probe_drive(self, node: str) -> Drive:
            self.asked += 1
            return replace(
                super().probe_drive(node), smart=SmartFacts(reallocated_sectors=self.asked)
            )

    with rig(tmp_path) as drive:
        probe = Failing()
        job = replace(drive.job(BLOCK), drive=probe.probe_drive(drive.node))
        procedure = AtaSanitize(Policy(), drive.access)
        ran = run(WitnessedSanitizer(procedure, probe, Policy()), job)
        told = ran.seen(ObservationKind.SMART_COUNTERS).detail
        assert told["reallocated_sectors_before"] == 1
        assert int(told["reallocated_sectors_after"]) > 1


def test_an_erase_that_never_ends_is_hung_and_leaves_no_password(tmp_path: Path) -> None:
    with rig(tmp_path) as drive:
        drive.scsi.hangs = Op.SECURITY_ERASE_UNIT
        ran = drive.erase(NORMAL)
        assert ran.finished.verdict is Verdict.UNVERIFIED, ran.events
        told = ran.seen(ObservationKind.COMMAND_HUNG).detail
        assert told["password"] == "password-removed"
        assert drive.free


def test_an_hour_of_work_in_a_blink_is_doubted(tmp_path: Path) -> None:
    with rig(tmp_path, kind="hdd", security=Security(erase_minutes=60)) as drive:
        ran = drive.erase(NORMAL)
        assert ran.finished.verdict is Verdict.UNVERIFIED
        assert ReasonCode.TOO_QUICK in ran.finished.reasons


@pytest.mark.parametrize("technique", [BLOCK, CRYPTO])
def test_cut_registers_are_followed_to_their_end(tmp_path: Path, technique: Technique) -> None:
    """Fixed format sense has no room for the success bit, but for the progress."""
    with rig(tmp_path, sanitize_s=2.0) as drive:
        drive.scsi.fixed = True
        ran = drive.erase(technique)
        assert ran.finished.verdict is Verdict.VERIFIED, ran.events
        ran.seen(ObservationKind.COMMAND_RUNNING)
        assert any(0 < one.done_bytes < SIZE for one in ran.progress if one.phase == "sanitize")


@pytest.mark.parametrize(
    ("fault", "verdict"),
    [
        (Fault.SANITIZE_LIES, Verdict.FAILED),
        (Fault.SANITIZE_STUCK, Verdict.UNVERIFIED),
        (Fault.SANITIZE_FAILS_KEEPS_DATA, Verdict.FAILED),
    ],
)
def test_cut_registers_verify_no_lie(tmp_path: Path, fault: Fault, verdict: Verdict) -> None:
    with rig(tmp_path, faults={fault}) as drive:
        drive.scsi.fixed = True
        assert drive.erase(BLOCK).finished.verdict is verdict
