"""ATA erases under witness: real block reads and writes on a loop device; only the commands are
played, by the lab's model of an ATA drive whose medium is the backing file."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from disks.rig import MIB, LoopProbe, Ran, filled_file, job_for, loop_device, run
from lab.ata.config import AtaConfig, Feature, Security
from lab.ata.device import AtaDevice
from lab.ata.registers import Op, Taskfile
from lab.faults import Fault
from reprise.adapters.blockio import BlockFile
from reprise.adapters.capabilities.ata import read_ata
from reprise.adapters.firmware.ata_password import PASSWORD
from reprise.adapters.firmware.ata_prepare import AtaPreparer
from reprise.adapters.firmware.ata_sanitize import AtaSanitize
from reprise.adapters.firmware.ata_security import AtaSecurityErase
from reprise.adapters.firmware.witnessed import Procedure, WitnessedSanitizer
from reprise.adapters.passthrough.ata_taskfile import SatAta
from reprise.adapters.passthrough.sgio import (
    CHECK_CONDITION,
    DID_TIME_OUT,
    DRIVER_SENSE,
    ScsiAnswer,
)
from reprise.domain.capabilities import AtaCapabilities, Capabilities, SanitizeState, Support
from reprise.domain.events import CommandRan, DrivePrepared, ObservationKind
from reprise.domain.hardware import Drive, DriveIdentity, MediaKind, SmartFacts
from reprise.domain.plan import Attempt, Preparation
from reprise.domain.policy import Policy
from reprise.domain.techniques import Method, Technique, Verdict, VerifyDepth
from reprise.domain.verification import ReasonCode
from reprise.ports import Job, PrepareJob
from reprise.wire.ata import sanitize_device

SIZE = 24 * MIB  # 6,144 blocks: more than there are marks
SECTORS = SIZE // 512
SERIAL = "LAB0001"
BLOCK, CRYPTO = Technique.ATA_SANITIZE_BLOCK, Technique.ATA_SANITIZE_CRYPTO
OVERWRITE = Technique.ATA_SANITIZE_OVERWRITE
NORMAL, ENHANCED = Technique.ATA_SECURITY_ERASE, Technique.ATA_SECURITY_ERASE_ENHANCED


class FileMedia:
    """What lab.media.Media is to the drive, on the file behind the loop device."""

    sector_bytes = 512

    def __init__(self, file: Path, sectors: int) -> None:
        self._file, self.sectors = file, sectors

    def _put(self, lba: int, data: bytes) -> None:
        with self._file.open("r+b") as raw:
            raw.seek(lba * 512)
            raw.write(data)

    def erase_logical(
        self, pattern: bytes = b"\0", first: int = 0, count: int | None = None
    ) -> None:
        size = (self.sectors - first if count is None else count) * 512
        self._put(first, (pattern * (size // len(pattern)))[:size])

    def erase_all(self, pattern: bytes = b"\0") -> None:
        self.erase_logical(pattern)

    def erase_spare(self) -> None:
        """A file has none."""

    def deallocate(self, lba: int, count: int, pattern: bytes = b"\0") -> None:
        self.erase_logical(pattern, lba, count)

    def crypto_scramble(self) -> None:
        self._put(0, os.urandom(self.sectors * 512))


class PlayedScsi:
    """ScsiAccess: the CDB goes to the model, its registers come back as the kernel gives them."""

    def __init__(self, device: AtaDevice) -> None:
        self.device = device
        self.intruder: int | None = None  # a command of somebody else, after this one
        self.hangs: int | None = None  # the kernel gives this command up

    def send(
        self,
        device: BlockFile,
        cdb: bytes,
        *,
        data_in: int = 0,
        data_out: bytes = b"",
        timeout_ms: int = 0,
    ) -> ScsiAnswer:
        assert cdb[0] == 0x85
        extended = cdb[1] & 1
        lba = (cdb[11], cdb[9], cdb[7], cdb[12], cdb[10], cdb[8])
        task = Taskfile(
            cdb[14],
            feature=cdb[3] << 8 | cdb[4],
            count=cdb[5] << 8 | cdb[6],
            lba=int.from_bytes(bytes(lba), "big"),
            device=cdb[13],
            data=data_out,
        )
        if self.hangs == cdb[14]:
            return ScsiAnswer(0, DID_TIME_OUT, 0, b"", b"", 0, 0.0)
        done = self.device.execute(task)
        if self.intruder == cdb[14]:
            self.intruder = None
            self.device.execute(Taskfile(Op.CHECK_POWER_MODE))
        n = done.lba.to_bytes(6, "little")
        body = (
            *(0x09, 0x0C, extended, done.error, done.count >> 8 & 0xFF, done.count & 0xFF),
            *(n[3], n[0], n[4], n[1], n[5], n[2], done.device, done.status),
        )
        head = bytes.fromhex("7201001d0000000e" if done.good else "720b00000000000e")
        return ScsiAnswer(
            CHECK_CONDITION, 0, DRIVER_SENSE, head + bytes(body), done.data[:data_in], 0, 0.0
        )


class AtaLoopProbe(LoopProbe):
    """The loop device as a hard disk with a serial number."""

    def probe_drive(self, node: str) -> Drive:
        seen = super().probe_drive(node)
        who = DriveIdentity(serial=SERIAL, size_bytes=seen.identity.size_bytes)
        return replace(seen, identity=who, media=MediaKind.HDD)


@dataclass
class Rig:
    node: str
    file: Path
    device: AtaDevice
    scsi: PlayedScsi

    @property
    def access(self) -> SatAta:
        return SatAta(self.scsi)

    def capabilities(self) -> Capabilities:
        with BlockFile(self.node, writable=False, exclusive=False) as device:
            return Capabilities(ata=read_ata(device, {}, self.access))

    def job(self, technique: Technique) -> Job:
        attempt = Attempt(technique, Method.PURGE, VerifyDepth.FULL)
        made = job_for(self.node)
        drive = AtaLoopProbe().probe_drive(self.node)
        return replace(made, drive=drive, attempt=attempt, capabilities=self.capabilities())

    def erase(self, technique: Technique, *, reattach: bool = False) -> Ran:
        security = technique in (NORMAL, ENHANCED)
        policy = Policy(sanitize_stuck_after_s=2)
        procedure: Procedure = (
            AtaSecurityErase(self.access) if security else AtaSanitize(policy, self.access)
        )
        job = replace(self.job(technique), reattach=reattach)
        return run(WitnessedSanitizer(procedure, AtaLoopProbe(), policy), job)

    def prepare(self, *steps: Preparation) -> DrivePrepared:
        preparer = AtaPreparer(AtaLoopProbe(), Policy(), self.access)
        job = PrepareJob(AtaLoopProbe().probe_drive(self.node), steps, self.capabilities())
        end = run(preparer, job).end  # type: ignore[arg-type]
        assert isinstance(end, DrivePrepared)
        return end

    @property
    def sent(self) -> list[str]:
        return [command.name for command in self.device.commands]

    @property
    def free(self) -> bool:
        return not (self.device.security.enabled or self.device.security.locked)


@contextmanager
def rig(tmp_path: Path, **facts: object) -> Iterator[Rig]:
    facts = {"kind": "ssd", "sanitize_s": 0.8, "erase_s": 0.3} | facts
    config = AtaConfig(serial=SERIAL, sectors=SECTORS, **facts)  # type: ignore[arg-type]
    device = AtaDevice(config)
    file = filled_file(tmp_path / "disk", device.visible_sectors * 512)
    media = FileMedia(file, device.visible_sectors)
    device.medium = media  # type: ignore[assignment]
    device.sanitize._run._media = media  # type: ignore[assignment]
    with loop_device(file) as node:
        yield Rig(node, file, device, PlayedScsi(device))


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
        drive.device.sanitize._start = lambda *_: None  # type: ignore[method-assign,assignment]
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
        assert drive.sent.count("SECURITY_UNLOCK") == 1
        assert drive.device.security.locked


def test_an_expired_count_is_left_alone(tmp_path: Path) -> None:
    with rig(tmp_path, security=Security(user_password=PASSWORD.encode())) as drive:
        drive.device.security.attempts = 0
        end = drive.prepare(Preparation.UNLOCK)
        assert "password-attempts-expired" in end.detail
        assert "SECURITY_UNLOCK" not in drive.sent


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


def test_a_sanitize_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    with rig(tmp_path, sanitize_s=60.0) as drive:
        _begin(drive, BLOCK)
        ran = drive.erase(CRYPTO)
        assert ran.finished.verdict is Verdict.FAILED
        assert ran.seen(ObservationKind.COMMAND_FAILED).detail["refusal"] == "running"


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
