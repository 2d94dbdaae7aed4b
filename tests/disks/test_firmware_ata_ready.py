"""What comes before an ATA erase, and what is taken up after a power cut."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from disks.played_ata import (
    BLOCK,
    CRYPTO,
    SECTORS,
    SIZE,
    AtaLoopProbe,
    Rig,
    rig,
)
from disks.rig import Ran, run
from lab.ata.config import Feature, Security
from lab.ata.registers import Op
from reprise.adapters.drives.blockio import BlockFile
from reprise.adapters.drives.firmware.ata_password import PASSWORD
from reprise.adapters.drives.firmware.ata_prepare import AtaPreparer
from reprise.adapters.drives.firmware.ata_sanitize import AtaSanitize
from reprise.adapters.drives.firmware.witnessed import WitnessedSanitizer
from reprise.domain.drives.capabilities import AtaCapabilities, SanitizeState, Support
from reprise.domain.erasure.preparing import STOPPED, DrivePrepared
from reprise.domain.erasure.verification import ReasonCode
from reprise.domain.pc.hardware import Drive
from reprise.domain.planning.plan import Preparation, RefusalCode
from reprise.domain.planning.policy import Policy
from reprise.domain.planning.techniques import Technique, Verdict
from reprise.domain.report.events import ObservationKind
from reprise.ports import PrepareJob
from reprise.wire.ata import sanitize_device


def test_capabilities_of_an_honest_drive(tmp_path: Path) -> None:
    with rig(tmp_path, kind="hdd", hpa_sectors=4096, dco_sectors=8192) as drive:
        found = drive.capabilities().ata
        assert found is not None
        assert found.visible_sectors == SECTORS - 12_288
        assert found.native_sectors == SECTORS - 8192
        assert found.dco_sectors == SECTORS
        assert (found.sanitize, found.sanitize_overwrite) == (Support.YES, Support.YES)
        assert (found.sanitize_block, found.amac) == (Support.NO, Support.NO)
        assert found.sanitize_state is SanitizeState.IDLE
        assert found.erase_minutes == 2
        assert {"SANITIZE", "IDENTIFY_DEVICE"} <= set(drive.sent)
        assert not {"SET_MAX", "SET_MAX_EXT"} & set(drive.sent)


def test_no_sanitize_command_for_a_drive_without_the_feature(tmp_path: Path) -> None:
    with rig(tmp_path, features=Feature.SMART | Feature.SECURITY) as drive:
        found = drive.capabilities().ata
        assert found is not None
        assert found.sanitize is Support.NO
        assert drive.sent == ["IDENTIFY_DEVICE"]


def test_a_wrong_checksum_is_unknown(tmp_path: Path) -> None:
    with rig(tmp_path) as drive:
        good = drive.device.identity()
        drive.device.identity = lambda: good[:100] + b"!" + good[101:]  # type: ignore[method-assign]
        assert drive.capabilities().ata == AtaCapabilities()


def test_our_password_is_taken_off(tmp_path: Path) -> None:
    with rig(tmp_path, security=Security(user_password=PASSWORD.encode())) as drive:
        assert drive.device.security.locked
        end = drive.prepare(Preparation.UNLOCK)
        assert end.done == (Preparation.UNLOCK,), end
        assert drive.free


def test_a_foreign_password_is_tried_once(tmp_path: Path) -> None:
    with rig(tmp_path, security=Security(user_password=b"theirs")) as drive:
        end = drive.prepare(Preparation.UNLOCK)
        assert end.left == (Preparation.UNLOCK,)
        assert "password-not-ours" in end.detail
        assert end.why == RefusalCode.SECURITY_LOCKED
        assert drive.sent.count("SECURITY_UNLOCK") == 1
        assert drive.device.security.locked


def test_an_expired_count_is_left_alone(tmp_path: Path) -> None:
    with rig(tmp_path, security=Security(user_password=PASSWORD.encode())) as drive:
        drive.device.security.attempts = 0
        end = drive.prepare(Preparation.UNLOCK)
        assert "password-attempts-expired" in end.detail
        assert end.why == RefusalCode.SECURITY_EXPIRED
        assert "SECURITY_UNLOCK" not in drive.sent


def test_a_drive_that_was_not_tried_is_not_called_locked(tmp_path: Path) -> None:
    with rig(tmp_path, security=Security(user_password=PASSWORD.encode())) as drive:
        with BlockFile(drive.node, writable=True):  # held by somebody, exclusively
            assert drive.prepare(Preparation.UNLOCK).why == RefusalCode.HELD
        preparer = AtaPreparer(AtaLoopProbe(), Policy(), drive.access)
        planned = AtaLoopProbe().probe_drive(drive.node)
        job = PrepareJob(planned, (Preparation.UNLOCK,), drive.capabilities())
        stop = threading.Event()
        stop.set()
        assert ended(run(preparer, job, stop=stop)).why == STOPPED  # type: ignore[arg-type]
        gone = replace(job, drive=replace(planned, node=str(tmp_path / "nowhere")))
        assert ended(run(preparer, gone)).why == RefusalCode.UNPLUGGED  # type: ignore[arg-type]
        other = replace(planned, identity=replace(planned.identity, size_bytes=SIZE // 2))
        changed = ended(run(preparer, replace(job, drive=other)))  # type: ignore[arg-type]
        assert changed.why == RefusalCode.IDENTITY_CHANGED
        assert "SECURITY_UNLOCK" not in drive.sent


def ended(ran: Ran) -> DrivePrepared:
    assert isinstance(ran.end, DrivePrepared)
    return ran.end


class FakeResizer:
    """The kernel's view of a loop device is its file's: made larger here."""

    def __init__(self, drive: Rig) -> None:
        self.drive = drive

    def run(self, drive: Drive, size_bytes: int, meter: object):  # type: ignore[no-untyped-def]
        self.wanted = size_bytes
        yield from ()
        return drive.node


@pytest.mark.parametrize(
    ("facts", "step"),
    [
        ({"kind": "hdd", "hpa_sectors": 4096}, Preparation.REMOVE_HPA),
        ({"kind": "ssd", "amac_sectors": 4096}, Preparation.REMOVE_AMAC),
        ({"kind": "hdd", "dco_sectors": 4096}, Preparation.RESTORE_DCO),
    ],
)
def test_a_hidden_area_is_given_back(
    tmp_path: Path, facts: dict[str, object], step: Preparation
) -> None:
    with rig(tmp_path, **facts) as drive:
        drive.scsi.intruder = Op.READ_NATIVE_MAX_EXT
        preparer = AtaPreparer(
            AtaLoopProbe(),
            Policy(),
            drive.access,
            FakeResizer(drive),  # type: ignore[arg-type]
        )
        job = PrepareJob(AtaLoopProbe().probe_drive(drive.node), (step,), drive.capabilities())
        end = run(preparer, job).end  # type: ignore[arg-type]
        assert isinstance(end, DrivePrepared)
        assert (end.done, end.left) == ((step,), ()), end
        assert end.size_bytes == SIZE
        assert drive.device.visible_sectors == SECTORS


BOTH = {"kind": "hdd", "hpa_sectors": 4096, "dco_sectors": 8192}
BOTH_STEPS = (Preparation.REMOVE_HPA, Preparation.RESTORE_DCO)


def _prepare_both(drive: Rig) -> DrivePrepared:
    resizer = FakeResizer(drive)
    preparer = AtaPreparer(AtaLoopProbe(), Policy(), drive.access, resizer)  # type: ignore[arg-type]
    job = PrepareJob(AtaLoopProbe().probe_drive(drive.node), BOTH_STEPS, drive.capabilities())
    end = run(preparer, job).end  # type: ignore[arg-type]
    assert isinstance(end, DrivePrepared)
    return end


@pytest.mark.parametrize("keeps", [True, False])
def test_an_hpa_and_a_dco_are_given_back_by_one_set_max_that_is_kept(
    tmp_path: Path, keeps: bool
) -> None:
    """A drive refuses a second one until its next power-on."""
    with rig(tmp_path, restore_keeps_max=keeps, **BOTH) as drive:
        end = _prepare_both(drive)
        assert (end.done, end.left) == (BOTH_STEPS, ()), end
        assert drive.device.visible_sectors == SECTORS
        drive.device.power_on()
        assert drive.device.visible_sectors == SECTORS


def test_an_hpa_that_must_be_gone_for_good_first(tmp_path: Path) -> None:
    with rig(tmp_path, restore_asks_kept=True, **BOTH) as drive:
        end = _prepare_both(drive)
        assert drive.device.visible_sectors == SECTORS
        assert end.left == (), end
        drive.device.power_on()
        assert drive.device.visible_sectors == SECTORS


def test_what_takes_two_that_are_kept_needs_a_power_cycle(tmp_path: Path) -> None:
    with rig(tmp_path, restore_asks_kept=True, restore_keeps_max=True, **BOTH) as drive:
        end = _prepare_both(drive)
        assert end.left == (Preparation.RESTORE_DCO,), end
        assert "needs-power-cycle" in end.detail
        drive.device.power_on()
        ata = drive.capabilities().ata
        assert ata is not None
        assert (ata.visible_sectors, ata.native_sectors) == (SECTORS - 8192, SECTORS)


def _begin(drive: Rig, technique: Technique) -> None:
    """What an earlier session did before its power went."""
    with BlockFile(drive.node, writable=False, exclusive=False) as device:
        assert drive.access.send(device, sanitize_device(technique)).ok


def test_an_operation_that_went_on_alone_is_taken_up(tmp_path: Path) -> None:
    with rig(tmp_path, sanitize_s=1.5) as drive:
        job = drive.job(BLOCK)
        _begin(drive, BLOCK)
        drive.device.power_on()
        procedure = AtaSanitize(Policy(), drive.access)
        again = replace(job, reattach=True)
        ran = run(WitnessedSanitizer(procedure, AtaLoopProbe(), Policy()), again)
        assert ran.finished.verdict is Verdict.VERIFIED, ran.events
        assert drive.sent.count("SANITIZE") > 1
        given = [c for c in drive.device.commands if c.op == Op.SANITIZE and c.feature]
        assert len(given) == 1


def test_a_drive_that_forgot_is_not_taken_for_done(tmp_path: Path) -> None:
    """The success of a sanitize is forgotten at the next power-on."""
    with rig(tmp_path, sanitize_s=0.0) as drive:
        _begin(drive, BLOCK)
        assert drive.device.media is not None
        drive.device.power_on()
        ran = drive.erase(BLOCK, reattach=True)
        assert ran.finished.verdict is Verdict.UNVERIFIED
        assert ReasonCode.STATUS_NOT_OURS in ran.finished.reasons


def test_a_success_that_outlived_the_power_is_not_taken_for_ours(tmp_path: Path) -> None:
    """The drive ended alone, was used again and trimmed: its word is as old as the journal."""
    with rig(tmp_path, sanitize_s=0.0) as drive:
        _begin(drive, BLOCK)
        ran = drive.erase(BLOCK, reattach=True)
        assert ran.finished.verdict is Verdict.UNVERIFIED
        assert ReasonCode.STATUS_NOT_OURS in ran.finished.reasons


def test_a_sanitize_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    with rig(tmp_path, sanitize_s=60.0) as drive:
        _begin(drive, BLOCK)
        ran = drive.erase(CRYPTO)
        assert ran.finished.verdict is Verdict.FAILED
        assert ran.seen(ObservationKind.COMMAND_FAILED).detail["refusal"] == "running"
