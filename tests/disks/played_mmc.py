"""An eMMC made of loop devices, one for each area, with its folder in a made sysfs; only the eMMC
commands are played."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

from disks.rig import MIB, LoopProbe, Ran, filled_file, job_for, loop_device, run
from reprise.adapters.drives.blockio import BlockFile
from reprise.adapters.drives.firmware.mmc_erase import MmcErase
from reprise.adapters.drives.firmware.witnessed import WitnessedSanitizer
from reprise.adapters.drives.overwrite import OverwriteSanitizer
from reprise.adapters.hardware.sysfs import Roots
from reprise.domain.drives.capabilities import Capabilities, MmcCapabilities, Support
from reprise.domain.pc.hardware import Drive
from reprise.domain.planning.plan import Attempt, DrivePlan
from reprise.domain.planning.policy import Policy
from reprise.domain.planning.techniques import Method, Technique, VerifyDepth
from reprise.domain.report.outcome import DriveResult
from reprise.wire.mmc import MmcCommand
from reprise.workflow.erasure.jobs import EraseOrder
from reprise.workflow.erasure.sanitize import EraseServices
from station_kit.shortcuts import erase_drive
from unit.domain.drives.drives import aes
from workflow.erase_kit import MemoryJournal

SIZE, BOOT, GROUP = 24 * MIB, 2 * MIB, 512 << 10
SECURE_ERASE, TRIM, SANITIZE = 0x01, 0x10, 0x40  # SEC_FEATURE_SUPPORT
READY = 0x0000_0900  # R1: transfer state, ready for data
Trouble = OSError | int  # an error of the kernel, or bits of the Device status


@dataclass
class PlayedMmc:
    """passthrough.mmc_ioctl.MmcAccess over the files behind the areas, by major:minor. `trouble`:
    by what is asked ("erase", "sanitize", "secure", "ext_csd") -> what happens instead, in order.
    `lies`: areas whose erase says that it did and did nothing."""

    features: int = SECURE_ERASE | TRIM | SANITIZE
    boot_areas: int = 2
    erased: int = 0x00
    size: int = SIZE
    files: dict[str, Path] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    trouble: dict[str, list[Trouble]] = field(default_factory=dict)
    lies: tuple[str, ...] = ()
    slow_s: float = 0.0
    asked: list[tuple[str, ...]] = field(default_factory=list)

    def read(self, device: BlockFile, command: MmcCommand) -> bytes:
        self._happens("ext_csd")
        data = bytearray(512)
        data[192], data[231] = 8, self.features
        data[181], data[223], data[232] = self.erased & 1, 1, 1
        data[212:216] = (self.size // 512).to_bytes(4, "little")
        data[226] = BOOT // (128 << 10) if self.boot_areas else 0
        return bytes(data)

    def send(self, device: BlockFile, commands: Sequence[MmcCommand]) -> tuple[int, ...]:
        opcodes = [one.opcode for one in commands]
        time.sleep(self.slow_s)
        if opcodes == [6]:
            assert commands[0].argument == 0x03A50100
            self.asked.append(("sanitize",))
            return (READY | self._happens("sanitize"),)
        assert opcodes == [35, 36, 38, 13]
        name = self.names[device.number]
        first, last, kind = (one.argument for one in commands[:3])  # this eMMC counts in bytes
        self.asked.append(("trim" if kind else "erase", name, str(first), str(last)))
        status = self._happens("erase")
        if not kind:
            assert first % GROUP == 0
        if not status and name not in self.lies:
            self._wipe(device, first, last + 512 - first)
        return (READY, READY, READY | status, READY)

    def secure_erase(self, device: BlockFile, offset: int, length: int) -> None:
        self.asked.append(("secure", self.names[device.number], str(offset), str(length)))
        self._happens("secure")
        self._wipe(device, offset, length)

    def _happens(self, what: str) -> int:
        waiting = self.trouble.get(what, [])
        trouble = waiting.pop(0) if waiting else 0
        if isinstance(trouble, OSError):
            raise trouble
        return trouble

    def _wipe(self, device: BlockFile, offset: int, length: int) -> None:
        with self.files[device.number].open("r+b") as raw:
            raw.seek(offset)
            raw.write(bytes((self.erased,)) * length)

    def what(self) -> list[tuple[str, ...]]:
        return [one[:2] for one in self.asked]


class Told(LoopProbe):
    def __init__(self, told: Capabilities) -> None:
        self._told = told

    def probe_capabilities(self, drive: Drive) -> Capabilities:
        return self._told


@dataclass
class Card:
    """One eMMC made of loop devices, with its folder in a made sysfs."""

    root: Path
    stack: ExitStack
    played: PlayedMmc
    node: str = ""
    files: dict[str, Path] = field(default_factory=dict)

    @property
    def roots(self) -> Roots:
        return Roots(self.root / "sys", self.root / "proc", self.root / "dev")

    @property
    def folder(self) -> Path:
        return self.root / "sys/devices/mmc_host/mmc0/mmc0:0001/block/mmcblk0"

    def make(
        self,
        areas: Mapping[str, bytes | None],
        kind: str = "MMC",
        *,
        read_only: tuple[str, ...] = (),
        size: int = SIZE,
    ) -> None:
        """`areas`: name -> content (None: a stranger's text). `read_only`: areas that nobody can
        write."""
        self.folder.mkdir(parents=True)
        (self.folder / "device").symlink_to("../..")
        card = self.folder.parents[1]
        (card / "type").write_text(f"{kind}\n")
        (card / "erase_size").write_text(f"{GROUP}\n")
        (self.root / "dev").mkdir()
        self.node = self._attach("user", filled_file(self.root / "user", size))
        number = self._number(self.node)
        block = self.root / "sys/dev/block"
        block.mkdir(parents=True)
        (block / number).symlink_to(self.folder)
        for name, content in areas.items():
            file = self.root / name
            if content is None:
                filled_file(file, BOOT)
            else:
                file.write_bytes((content * BOOT)[:BOOT])
            node = self._attach(name, file, *(("--read-only",) if name in read_only else ()))
            folder = self.folder / f"mmcblk0{name}"
            folder.mkdir()
            (folder / "dev").write_text(self._number(node) + "\n")
            (folder / "force_ro").write_text("1\n")
            (self.root / "dev" / f"mmcblk0{name}").symlink_to(node)

    def _attach(self, name: str, file: Path, *options: str) -> str:
        node = self.stack.enter_context(loop_device(file, *options))
        self.files[name] = file
        self.played.files[self._number(node)] = file
        self.played.names[self._number(node)] = name
        return node

    @staticmethod
    def _number(node: str) -> str:
        device = Path(node).stat().st_rdev
        return f"{os.major(device)}:{os.minor(device)}"

    def swap(self, name: str, node: str) -> None:
        """Another block device as this area."""
        (self.folder / f"mmcblk0{name}/dev").write_text(self._number(node) + "\n")
        link = self.root / f"dev/mmcblk0{name}"
        link.unlink()
        link.symlink_to(node)

    def force_ro(self, name: str) -> Path:
        """The kernel's write protection of an area; "1" as it is found."""
        return self.folder / f"mmcblk0{name}/force_ro"

    def overwrite(self, told: MmcCapabilities | None, **more: object) -> Ran:
        """`told`: what the register said when the drive was asked."""
        job = replace(job_for(self.node), capabilities=Capabilities(mmc=told))
        return run(OverwriteSanitizer(LoopProbe(), Policy(), roots=self.roots), job, **more)  # type: ignore[arg-type]

    def whole(self, told: MmcCapabilities) -> DriveResult:
        """Both attempts of its plan through the workflow: what the drive came to."""
        probe = Told(Capabilities(mmc=told))
        drive = probe.probe_drive(self.node)
        attempts = tuple(
            Attempt(one, Method.CLEAR, VerifyDepth.FULL)
            for one in (Technique.MMC_ERASE, Technique.OVERWRITE)
        )
        plan = DrivePlan(drive.identity, drive.node, attempts)
        rules = Policy()
        erase = MmcErase(rules, self.played, self.roots)
        services = EraseServices(
            probe,
            {
                Technique.MMC_ERASE: WitnessedSanitizer(erase, probe, rules),
                Technique.OVERWRITE: OverwriteSanitizer(probe, rules, roots=self.roots),
            },
            MemoryJournal(),
            rules,
            aes,
        )
        order = EraseOrder(drive, plan, named=True)
        return erase_drive(order, services, threading.Event(), lambda _item: None)

    def erase(self, policy: Policy | None = None, **more: object) -> Ran:
        rules = policy or Policy()
        procedure = MmcErase(rules, self.played, self.roots)
        able = MmcCapabilities(Support.YES, Support.YES, Support.YES)
        job = replace(
            job_for(self.node),
            attempt=Attempt(Technique.MMC_ERASE, Method.CLEAR, VerifyDepth.FULL),
            capabilities=Capabilities(mmc=able),
            reattach=bool(more.pop("reattach", False)),
        )
        return run(WitnessedSanitizer(procedure, LoopProbe(), rules), job, **more)  # type: ignore[arg-type]
