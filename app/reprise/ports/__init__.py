"""What the workflow asks of the world; in `sheets`, what a sheet of the screen asks of its PC.
Adapters answer; bootstrap binds them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from reprise.domain.drives.capabilities import Capabilities, OwnWord
from reprise.domain.drives.late import Storage
from reprise.domain.drives.volumes import Volume
from reprise.domain.erasure.pattern import Stream
from reprise.domain.erasure.preparing import SystemSuspended
from reprise.domain.install.handover import Handover
from reprise.domain.install.images import OsImage
from reprise.domain.install.options import InstallOptions
from reprise.domain.pc.hardware import Drive, Inventory
from reprise.domain.planning.plan import Attempt, Preparation
from reprise.domain.report.events import Event, Stamped, Update
from reprise.domain.report.report import AttemptRecord
from reprise.domain.station.connectivity import Reach
from reprise.errors import RepriseError


@dataclass(frozen=True, slots=True)
class CommandResult:
    """What one external command did. `exit_code` is negative for a signal."""

    argv: tuple[str, ...]
    exit_code: int
    stdout: bytes
    stderr: bytes
    duration_s: float
    timed_out: bool = False

    @property
    def text(self) -> str:
        return self.stdout.decode("utf-8", "replace")


class CommandRunner(Protocol):
    """The one funnel for external commands: argument lists, LC_ALL=C, stdin closed, a time-out."""

    def run(
        self, argv: Sequence[str], timeout_s: float = 30.0, stdin: bytes | None = None
    ) -> CommandResult:
        """Run to the end. Raises ToolError only where the tool is missing."""
        ...


@dataclass(frozen=True, slots=True)
class ClockReading:
    now: datetime  # aware, UTC
    monotonic_s: float


class Clock(Protocol):
    def read(self) -> ClockReading: ...

    def trust(self) -> tuple[bool, str]:
        """Whether the wall clock is synchronised, and a note (code) on how that was known."""
        ...


class DriveProbe(Protocol):
    """Reads hardware; never writes."""

    def probe_inventory(self, known: Sequence[Drive] = (), /) -> Inventory:
        """`known`: of earlier looks. Where one of them has left, whoever knows it tells so: it is
        no drive that came and went unseen."""
        ...

    def probe_drive(self, node: str) -> Drive:
        """One drive by its path (loop devices too). Raises InputError where there is none."""
        ...

    def probe_capabilities(self, drive: Drive) -> Capabilities: ...

    def probe_storage(self, known: Sequence[Drive] = (), /) -> Storage:
        """Which drives are there now, without a command to any of them: within a moment. `known`:
        see probe_inventory. Raises ToolError where the kernel's lists cannot be read by then."""
        ...


class StopFlag(Protocol):
    """Set by the operator; read by long work at least every second."""

    def is_set(self) -> bool: ...


class VolumeReader(Protocol):
    """Looks inside a drive's partitions, for words alone. Opens them for reading, mounts nothing
    and replays no journal."""

    def read(self, drive: Drive, stop: StopFlag) -> Iterator[Volume]:
        """What is learnt, one partition after the other, for some seconds; whatever goes wrong
        leaves one out, or all that follow. Holds nothing open between two of them, and ends soon
        after `stop`, but where the drive hangs."""
        ...


@dataclass(frozen=True, slots=True)
class Job:
    """One attempt on one drive, ready to run.

    `resume_from_bytes` > 0 goes on with an overwrite whose earlier bytes carry the same key.
    `reattach`: a firmware erase of this very job (same id and key) was under way when the power
    went, with all its canaries planted: look at how it stands instead of beginning anew. `psid`:
    what the operator typed from the drive's label.
    `key`: the name that the journal has for this drive ("": its identity's own key); a hidden
    area that was removed changes the size, and so the identity, of one and the same drive.
    """

    drive: Drive
    attempt: Attempt
    job_id: str
    job_key: bytes
    resume_from_bytes: int = 0
    capabilities: Capabilities | None = None
    reattach: bool = False
    psid: str = field(default="", repr=False)
    key: str = ""
    attaches: bool = False  # the plan has Preparation.ATTACH_NAMESPACES: the overwrite does it
    hidden_left: bool = False  # a hidden area was found and could not be removed
    newest: Capabilities | None = None  # what it told when the job was made, nothing older
    own: OwnWord = field(default_factory=OwnWord)  # its first own word: when planned, or later
    stream: Stream = Stream.AES_256_CTR  # of `job_key`: what is written, or its marks
    anew_instead_of_bytes: int = 0  # where one went on before, on a drive that was used since

    @property
    def drive_key(self) -> str:
        return self.key or self.drive.identity.key


@dataclass(frozen=True, slots=True)
class PrepareJob:
    """Steps to do to one drive before its first attempt, in this order."""

    drive: Drive
    steps: tuple[Preparation, ...]
    capabilities: Capabilities
    key: str = ""  # see Job.key
    own: OwnWord = field(default_factory=OwnWord)  # see Job.own

    @property
    def drive_key(self) -> str:
        return self.key or self.drive.identity.key


class Preparer(Protocol):
    """Makes a drive ready: unlocks it, removes hidden areas. Re-identifies the drive before the
    first command. Yields CommandRan, Progress and, last, one DrivePrepared. Never raises for what
    a drive does."""

    def run(self, job: PrepareJob, stop: StopFlag) -> Iterator[Update]: ...


class Suspender(Protocol):
    """Suspend to RAM, which makes firmware give up its freeze of ATA drives."""

    def obstacle(self) -> str:
        """ "" where the PC can be suspended and woken by itself, else why not (code)."""
        ...

    def suspend(self) -> SystemSuspended:
        """Sleep for some seconds. No drive may be busy."""
        ...


class Sanitizer(Protocol):
    """Runs one technique on one drive. Yields events and Progress; the last event is
    AttemptFinished or DriveInterrupted. It never raises for what a drive does: it observes."""

    def run(self, job: Job, stop: StopFlag) -> Iterator[Update]: ...


class Journal(Protocol):
    """Append-only, one session a file, each line fsynced where a medium is there."""

    def append(self, event: Event) -> Stamped: ...

    def digest(self) -> str:
        """SHA-256 hex over the journal's bytes so far."""

    def events(self) -> Sequence[Stamped]: ...


@dataclass(frozen=True, slots=True)
class InstallRequest:
    """`options.encrypt`: with a first key, for its owner's passphrase to replace at first start."""

    drive: Drive
    options: InstallOptions
    handover: Handover = field(default_factory=Handover)
    passphrase: str = field(default="", repr=False)  # of an encrypted root; "": none is known
    key: str = ""  # the session's word for the drive, as Job.key
    own: OwnWord = field(default_factory=OwnWord)  # the drive's, when it was chosen, as Job.own
    erased: AttemptRecord | None = None  # how it was, by who asks for a system on it

    @property
    def drive_key(self) -> str:
        return self.key or self.drive.identity.key

    @property
    def encrypted(self) -> bool:
        return self.options.encrypt or bool(self.passphrase)


class OsInstaller(Protocol):
    """Yields InstallStarted, Progress …, InstallFinished."""

    def images(self) -> Sequence[str]:
        """Names of the images at hand (empty where none is)."""
        ...

    def problems(self) -> Sequence[RepriseError]:
        """Why images that should be at hand are not: a catalogue that cannot be read."""
        ...

    def describe(self, image: str) -> OsImage:
        """Raises InputError where there is no such image."""
        ...

    def fits(self, image: str, drive: Drive, *, encrypted: bool = False) -> str | None:
        """None where the image fits on the drive, else the reason (code)."""
        ...

    def check(self, request: InstallRequest) -> None:
        """Raises InputError where no system could be set up as asked. Touches nothing."""
        ...

    def run(self, request: InstallRequest, stop: StopFlag) -> Iterator[Update]:
        """Raises InputError at once, as `check`."""
        ...


class Signer(Protocol):
    @property
    def kid(self) -> str: ...

    def sign(self, payload: bytes) -> bytes:
        """A compact JWS over exactly these bytes."""
        ...


@dataclass(frozen=True, slots=True)
class OutboxItem:
    report_id: str
    path: str
    size_bytes: int
    state: str  # "waiting", "sent", "refused"
    detail: str = ""  # the server's last word, or the last error; of a sent one, when it came there
    pc: str = ""  # which PC it is about: asset tag, maker, model, serial number
    sealed_at: str = ""  # ISO 8601, that PC's clock
    reason: Reach | None = (
        None  # why it waits, and what that is about: domain.station.delivery.Delivery
    )
    about: str = ""


class Outbox(Protocol):
    """Reports waiting for a server. A report leaves it only with the server's receipt."""

    def put(self, report_id: str, jws: bytes) -> OutboxItem: ...

    def items(self) -> Sequence[OutboxItem]: ...

    def made(self, report_id: str) -> bytes | None:
        """The report of this number that the station's own key has signed, if it is there."""
        ...

    def holds(self, report_id: str) -> bool:
        """Whether a report of this number lies here: rubbish is none."""
        ...


class Store(Protocol):
    """Where journals and reports live: the stick where there is one, else memory."""

    def where(self) -> str:
        """ "stick" or "memory"."""
        ...

    def sync(self) -> bool:
        """Copy to the stick all that is in memory only. True where everything is on a stick."""
        ...

    def problem(self) -> str:
        """Why the stick does not take what is written, for a person; "" where nothing is wrong."""
        ...

    def read(self, relative: str, *, stick_first: bool = False) -> bytes | None:
        """A file's bytes; None where there is none. Memory's copy is taken first, as it is never
        older; `stick_first` is for what people edit on the stick."""
        ...


Emit = Callable[[Update], None]
