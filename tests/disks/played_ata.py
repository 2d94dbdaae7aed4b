"""An emulated ATA drive behind a loop device: real block reads and writes, only the commands are
played."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from disks.rig import MIB, LoopProbe, Ran, filled_file, job_for, loop_device, run
from lab.ata.config import AtaConfig
from lab.ata.device import AtaDevice
from lab.ata.registers import Op, Outcome, Taskfile
from reprise.adapters.drives.blockio import BlockFile
from reprise.adapters.drives.capabilities.ata import read_ata
from reprise.adapters.drives.firmware.ata_prepare import AtaPreparer
from reprise.adapters.drives.firmware.ata_sanitize import AtaSanitize
from reprise.adapters.drives.firmware.ata_security import AtaSecurityErase
from reprise.adapters.drives.firmware.witnessed import Procedure, WitnessedSanitizer
from reprise.adapters.drives.passthrough.ata_taskfile import SatAta
from reprise.adapters.drives.passthrough.sgio import (
    CHECK_CONDITION,
    DID_TIME_OUT,
    DRIVER_SENSE,
    ScsiAnswer,
)
from reprise.domain.drives.capabilities import Capabilities
from reprise.domain.erasure.preparing import DrivePrepared
from reprise.domain.pc.hardware import Drive, DriveIdentity, MediaKind
from reprise.domain.planning.plan import Attempt, Preparation
from reprise.domain.planning.policy import Policy
from reprise.domain.planning.techniques import Method, Technique, VerifyDepth
from reprise.ports import Job, PrepareJob

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
        self.fixed = False  # the registers come in fixed format sense, which cuts them

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
        if self.fixed:
            return ScsiAnswer(
                CHECK_CONDITION, 0, DRIVER_SENSE, cut(done), done.data[:data_in], 0, 0.0
            )
        n = done.lba.to_bytes(6, "little")
        body = (
            *(0x09, 0x0C, extended, done.error, done.count >> 8 & 0xFF, done.count & 0xFF),
            *(n[3], n[0], n[4], n[1], n[5], n[2], done.device, done.status),
        )
        head = bytes.fromhex("7201001d0000000e" if done.good else "720b00000000000e")
        return ScsiAnswer(
            CHECK_CONDITION, 0, DRIVER_SENSE, head + bytes(body), done.data[:data_in], 0, 0.0
        )


def cut(done: Outcome) -> bytes:
    """SAT-4, 12.2.2.7: what fixed format sense has room for."""
    upper = 0x80 | bool(done.count >> 8) << 6 | bool(done.lba >> 24) << 5
    info = (done.error, done.status, done.device, done.count & 0xFF)
    code = (0x00, 0x1D) if done.good else (0x00, 0x00)
    key = 1 if done.good else 0xB
    low = (done.lba & 0xFF_FFFF).to_bytes(3, "little")
    return bytes((0x70, 0, key, *info, 10, upper, *low, *code, 0, 0, 0, 0))


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
