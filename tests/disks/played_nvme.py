"""An NVMe drive behind a loop device: real block reads and writes; only the admin commands are
played, and the effect of an erase is done to the backing file, as a good or a lying drive would."""

from __future__ import annotations

import os
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from disks.rig import MIB, LoopProbe, Ran, job_for, loop_device, run
from reprise.adapters.drives.firmware.nvme_format import NvmeFormat
from reprise.adapters.drives.firmware.nvme_sanitize import NvmeSanitize
from reprise.adapters.drives.firmware.witnessed import WitnessedSanitizer
from reprise.adapters.drives.overwrite import OverwriteSanitizer
from reprise.adapters.drives.passthrough.nvme_admin import Answer
from reprise.domain.drives.capabilities import Capabilities, NvmeCapabilities, Support
from reprise.domain.erasure.canaries import CANARY_BYTES
from reprise.domain.pc.hardware import Drive, MediaKind, Transport
from reprise.domain.planning.plan import Attempt
from reprise.domain.planning.policy import Policy
from reprise.domain.planning.techniques import Method, Technique, VerifyDepth
from reprise.ports import Job, Sanitizer
from reprise.wire.nvme import AdminCommand
from reprise.wire.nvme_erase import SANITIZE_ACTIONS
from station_kit.facts import with_facts

SIZE = 24 * MIB  # 6,144 blocks: more than there are marks
SERIAL = "PLAYED 01"
IDENTIFY, GET_LOG, FORMAT, SANITIZE = 0x06, 0x02, 0x80, 0x84
NEVER, DONE, RUNNING, FAILED = 0, 0x101, 2, 3  # SSTAT

Effect = Callable[[Path], None]
Trouble = int | OSError | Callable[[], None]


def fill(unit: bytes) -> Effect:
    def effect(file: Path) -> None:
        with file.open("r+b") as raw:
            raw.write(unit * (SIZE // len(unit)))

    return effect


zeros = fill(b"\0")


def noise(file: Path) -> None:
    with file.open("r+b") as raw:
        raw.write(os.urandom(SIZE))


def nothing(_file: Path) -> None:
    """A drive that says yes and erases nothing."""


def half(file: Path) -> None:
    with file.open("r+b") as raw:
        raw.write(bytes(SIZE // 2))


def all_but_the_end(file: Path) -> None:
    with file.open("r+b") as raw:
        raw.write(bytes(SIZE - CANARY_BYTES))


def zeros_but_old_text(file: Path) -> None:
    fill(b"\0")(file)
    with file.open("r+b") as raw:
        raw.seek(9 * MIB)
        raw.write(b"Dear Sir, your account number is 1234. " * 30)


def zeros_and_ones(file: Path) -> None:
    fill(b"\0")(file)
    with file.open("r+b") as raw:
        raw.write(b"\xff" * (SIZE // 2))


class NvmeLoops(LoopProbe):
    """Loop devices that carry the played drive's serial number."""

    def __init__(self, media: MediaKind = MediaKind.SSD) -> None:
        self.media = media
        self.told = Capabilities()

    def probe_capabilities(self, drive: Drive) -> Capabilities:
        return self.told

    def probe_drive(self, node: str) -> Drive:
        drive = super().probe_drive(node)
        return replace(
            drive,
            identity=replace(drive.identity, serial=SERIAL),
            media=self.media,
            transport=Transport.NVME,
        )


@dataclass(frozen=True)
class Said:
    """One state of the Sanitize Status log; `cdw10` None: that of the last command."""

    sprog: int
    sstat: int
    cdw10: int | None = None


@dataclass
class PlayedNvme:
    """passthrough.nvme_admin.NvmeAdmin. `script`: what the log says after a sanitize command, look
    by look; the last one stays. `trouble`: by opcode, what happens instead, in order (0: nothing
    does)."""

    file: Path
    effect: Effect = zeros
    serial: str = SERIAL
    namespace: int | OSError = 1
    active: tuple[int, ...] = (1,)
    allocated: tuple[int, ...] = (1,)
    fna: int = 0b100
    flbas: int = 0
    log: Said = Said(0xFFFF, NEVER, 0)
    script: tuple[Said, ...] = (Said(0x4000, RUNNING), Said(0xFFFF, DONE))
    trouble: dict[int, list[Trouble]] = field(default_factory=dict)
    commands: list[AdminCommand] = field(default_factory=list)
    cdw10: int = 0  # of the last sanitize command

    def __post_init__(self) -> None:
        self.trouble = {opcode: list(waiting) for opcode, waiting in self.trouble.items()}

    def namespace_id(self, device: object) -> int:
        if isinstance(self.namespace, OSError):
            raise self.namespace
        return self.namespace

    def sent(self, opcode: int) -> list[AdminCommand]:
        return [command for command in self.commands if command.opcode == opcode]

    def send(self, device: object, command: AdminCommand, timeout_ms: int = 0) -> Answer:
        self.commands.append(command)
        waiting = self.trouble.get(command.opcode, [])
        trouble = waiting.pop(0) if waiting else 0
        if isinstance(trouble, OSError):
            raise trouble
        if callable(trouble):
            trouble()
        elif trouble:
            return Answer(trouble, 0, bytes(command.data_bytes), 0.0)
        return Answer(0, 0, self._do(command), 0.01)

    def _do(self, command: AdminCommand) -> bytes:
        if command.opcode == IDENTIFY:
            return self._identify(command.cdw10)
        if command.opcode == GET_LOG:
            return self._log()
        if command.opcode == FORMAT:
            self.effect(self.file)
        elif command.cdw10 & 0b111 in SANITIZE_ACTIONS.values():
            self.effect(self.file)
            self.cdw10 = command.cdw10
            self.log = self.script[0] if self.script else self.log
        return b""

    def _log(self) -> bytes:
        now = self.log
        if self.script and self.script[0] is now and len(self.script) > 1:
            self.script = self.script[1:]
            self.log = self.script[0]
        words = struct.pack(
            "<HHI", now.sprog, now.sstat, self.cdw10 if now.cdw10 is None else now.cdw10
        )
        return (words + b"\xff" * 24).ljust(512, b"\0")

    def _identify(self, cns: int) -> bytes:
        data = bytearray(4096)
        if cns == 0x01:
            data[4:24] = self.serial.ljust(20).encode()
            data[24:64] = b"Played drive".ljust(40)
            struct.pack_into("<H", data, 256, 0b1010)  # namespace management, format
            struct.pack_into("<I", data, 328, 0b111)
            struct.pack_into("<I", data, 516, 32)
            data[524] = self.fna
        elif cns == 0x00:
            struct.pack_into("<Q", data, 0, SIZE // 512)
            data[25], data[26] = 3, self.flbas
            data[130] = data[134] = data[138] = data[142] = 9
        else:
            listed = self.active if cns == 0x02 else self.allocated
            struct.pack_into(f"<{len(listed)}I", data, 0, *listed)
        return bytes(data)


def nvme_job(
    node: str,
    technique: Technique,
    *,
    media: MediaKind = MediaKind.SSD,
    estimate_s: int | None = None,
    reattach: bool = False,
    namespaces: int = 1,
    beside: Mapping[str, int | None] | None = None,
) -> Job:
    """`beside`: what the drive told of more than this namespace (fields of NvmeCapabilities)."""
    nvme = NvmeCapabilities(
        format=Support.YES,
        namespace_management=Support.YES,
        namespace_id=1,
        namespaces=namespaces,
        namespaces_shown=namespaces,
        namespaces_allocated=namespaces,
        unallocated_bytes=0,
        sanitize_estimate_s={} if estimate_s is None else {technique: estimate_s},
    )
    if beside:
        nvme = with_facts(nvme, **beside)
    return replace(
        job_for(node),
        drive=NvmeLoops(media).probe_drive(node),
        attempt=Attempt(technique, Method.PURGE, VerifyDepth.FULL),
        capabilities=Capabilities(nvme=nvme),
        reattach=reattach,
    )


def _sanitizer(
    drive: PlayedNvme, technique: Technique, probe: NvmeLoops, rules: Policy
) -> Sanitizer:
    if technique is Technique.OVERWRITE:
        return OverwriteSanitizer(probe, rules)
    procedure = NvmeSanitize if technique in SANITIZE_ACTIONS else NvmeFormat
    return WitnessedSanitizer(procedure(rules, drive), probe, rules)


def erase(
    drive: PlayedNvme,
    technique: Technique,
    policy: Policy | None = None,
    media: MediaKind = MediaKind.SSD,
    **more: object,
) -> Ran:
    """Run `technique` on the played drive. `more`: see nvme_job, and rig.run."""
    rules = policy or Policy()
    watching = {name: more.pop(name) for name in ("on_event", "stop") if name in more}
    with loop_device(drive.file) as node:
        sanitizer = _sanitizer(drive, technique, NvmeLoops(media), rules)
        job = nvme_job(node, technique, media=media, **more)  # type: ignore[arg-type]
        return run(sanitizer, job, **watching)  # type: ignore[arg-type]
