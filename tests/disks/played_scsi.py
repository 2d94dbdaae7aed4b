"""A SAS drive behind a loop device: real block reads and writes; only the SCSI commands are
played, and the effect of an erase is done to the backing file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from disks.rig import LoopProbe, Ran, job_for, loop_device, run
from reprise.adapters.drives.firmware.scsi_sanitize import ScsiSanitize
from reprise.adapters.drives.firmware.witnessed import WitnessedSanitizer
from reprise.adapters.drives.passthrough.sgio import ScsiAnswer
from reprise.domain.drives.capabilities import Capabilities, ScsiCapabilities, Support
from reprise.domain.planning.plan import Attempt
from reprise.domain.planning.policy import Policy
from reprise.domain.planning.techniques import Method, Technique, VerifyDepth
from reprise.ports import Job

Effect = Callable[[Path], None]
TUR, SENSE, INQUIRY, SANITIZE, SUPPORTED = 0x00, 0x03, 0x12, 0x48, 0xA3
EXIT_FAILURE_MODE = 0x1F


def sense(key: int, code: int, progress: int | None = None) -> bytes:
    """Fixed format, 18 bytes. `code`: ASC and ASCQ."""
    told = (0, 0, 0) if progress is None else (0x80, progress >> 8, progress & 0xFF)
    return bytes((0x70, 0, key, 0, 0, 0, 0, 10, 0, 0, 0, 0, code >> 8, code & 0xFF, 0, *told))


CALM = sense(0, 0)
FAILED = sense(3, 0x3103)
ATTENTION = sense(6, 0x2900)
BAD_FIELD = sense(5, 0x2400)
BAD_OPCODE = sense(5, 0x2000)
WRITE_PROTECTED = sense(7, 0x2700)


def running(progress: int | None = None) -> bytes:
    return sense(2, 0x041B, progress)


def good(data: bytes = b"") -> ScsiAnswer:
    return ScsiAnswer(0, 0, 0, b"", data, 0, 0.01)


def refused(why: bytes) -> ScsiAnswer:
    return ScsiAnswer(2, 0, 8, why, b"", 0, 0.01)


def lost(host_status: int = 3) -> ScsiAnswer:
    """The host adapter gave up: 3 is DID_TIME_OUT."""
    return ScsiAnswer(0, host_status, 0, b"", b"", 0, 0.01)


Trouble = ScsiAnswer | OSError | None


@dataclass
class PlayedScsi:
    """passthrough.sgio.ScsiAccess. `script`: what REQUEST SENSE says after SANITIZE, look by look;
    the last one stays. `trouble`: by operation code, what happens instead, in order (None: nothing
    does)."""

    file: Path
    effect: Effect
    now: bytes = CALM
    script: tuple[bytes, ...] = (running(0x4000), CALM)
    attached: bool = False  # the script goes on from what an earlier session began
    trouble: Mapping[int, Sequence[Trouble]] = field(default_factory=dict)
    restricted: bool = False  # in the failure mode of a sanitize with AUSE=0
    sent: list[tuple[bytes, bytes]] = field(default_factory=list)
    _left: tuple[bytes, ...] = ()  # of the script, while a sanitize runs

    def __post_init__(self) -> None:
        self.waiting = {opcode: list(waiting) for opcode, waiting in self.trouble.items()}
        if self.attached:
            self.now, self._left = self.script[0], self.script[1:]

    def cdbs(self, opcode: int = SANITIZE) -> list[str]:
        return [cdb.hex() for cdb, _data in self.sent if cdb[0] == opcode]

    def send(
        self,
        device: object,
        cdb: bytes,
        *,
        data_in: int = 0,
        data_out: bytes = b"",
        timeout_ms: int = 0,
    ) -> ScsiAnswer:
        self.sent.append((cdb, data_out))
        waiting = self.waiting.get(cdb[0], [])
        trouble = waiting.pop(0) if waiting else None
        if isinstance(trouble, OSError):
            raise trouble
        if trouble is not None:
            return trouble
        return self._do(cdb)

    def _do(self, cdb: bytes) -> ScsiAnswer:
        if cdb[0] == SENSE:
            told = self.now
            if self._left:
                self.now, self._left = self._left[0], self._left[1:]
            self.restricted = self.restricted and told != CALM
            return good(told)
        if cdb[0] == TUR:
            return good() if self.now == CALM else refused(self.now)
        if cdb[0] == SANITIZE and cdb[1] & 0x1F == EXIT_FAILURE_MODE:
            if self.restricted:
                return refused(BAD_FIELD)
            self.now = CALM
            return good()
        if cdb[0] == SANITIZE:
            if self.restricted and cdb[1] & 0x20:
                return refused(BAD_FIELD)
            self.restricted = not cdb[1] & 0x20
            self.effect(self.file)
            self.now, self._left = self.script[0], self.script[1:]
            return good()
        return refused(BAD_OPCODE)


def scsi_job(node: str, technique: Technique, *, reattach: bool = False) -> Job:
    able = ScsiCapabilities(Support.YES, Support.YES, Support.YES)
    return replace(
        job_for(node),
        attempt=Attempt(technique, Method.PURGE, VerifyDepth.FULL),
        capabilities=Capabilities(scsi=able),
        reattach=reattach,
    )


def erase(
    drive: PlayedScsi,
    technique: Technique,
    policy: Policy | None = None,
    *,
    reattach: bool = False,
    **watching: object,
) -> Ran:
    """Run `technique` on the played drive. `watching`: see rig.run."""
    rules = policy or Policy()
    with loop_device(drive.file) as node:
        procedure = ScsiSanitize(rules, drive, every_s=0.05)
        job = scsi_job(node, technique, reattach=reattach)
        return run(
            WitnessedSanitizer(procedure, LoopProbe(), rules),
            job,
            **watching,  # type: ignore[arg-type]
        )
