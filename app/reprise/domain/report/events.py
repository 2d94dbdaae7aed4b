"""Every event of a session: journalled, shown, folded. `drive` is a DriveIdentity.key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from reprise.domain.checks.events import CheckEvent
from reprise.domain.drives.unreached import StorageLooked, StorageStated
from reprise.domain.erasure.pattern import Stream
from reprise.domain.erasure.preparing import PreparationEvent
from reprise.domain.erasure.progress import Progress
from reprise.domain.install.events import InstallEvent
from reprise.domain.pc.assessment import StationEvent
from reprise.domain.pc.hardware import DriveIdentity, Inventory
from reprise.domain.planning.plan import Attempt, ConfirmedBy, Plan, Refusal
from reprise.domain.planning.techniques import Method, Technique, Verdict, VerifyDepth


@dataclass(frozen=True, slots=True)
class Operator:
    """Who works on which PC for whom. `name` may be a pseudonym (data minimisation)."""

    name: str = ""
    organisation: str = ""
    place: str = ""
    asset_tag: str = ""
    lot: str = ""
    donor: str = ""


class Purpose(StrEnum):
    """Whether a session is about a PC. A demonstration plays one: nothing was erased."""

    REAL = "real"
    DEMONSTRATION = "demonstration"


@dataclass(frozen=True, slots=True)
class SessionStarted:
    session_id: str  # UUID
    report_id: str  # UUID, fixed from the start
    station: str  # the station's name
    kid: str  # RFC 7638 thumbprint of the station's key
    version: str  # of reprise
    image_version: str
    clock_trusted: bool
    clock_note: str
    purpose: Purpose = Purpose.REAL
    # ids of the store's newest sessions (no other names them), all older; None: an older version
    after: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class OperatorNamed:
    operator: Operator


@dataclass(frozen=True, slots=True)
class InventoryTaken:
    inventory: Inventory


@dataclass(frozen=True, slots=True)
class PlanMade:
    plan: Plan
    digest: str  # SHA-256 hex of the plan's JSON bytes


@dataclass(frozen=True, slots=True)
class PlanConfirmed:
    digest: str
    drives: tuple[str, ...]  # keys of the drives that were confirmed
    by: ConfirmedBy = ConfirmedBy.OPERATOR


@dataclass(frozen=True, slots=True)
class DriveRefused:
    """A drive was refused at the last moment, after the plan."""

    drive: str
    refusals: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True)
class AttemptStarted:
    """The point of no return. Written and synced before the first destructive command."""

    drive: str
    identity: DriveIdentity
    node: str
    attempt: Attempt
    job_id: str  # UUID of this attempt
    job_key: str  # hex, key of the stream ("" where unused)
    resumed_from_bytes: int = 0
    earlier: tuple[Observation, ...] = ()  # by the session that it goes on from
    stream: Stream = Stream.AES_256_CTR


@dataclass(frozen=True, slots=True)
class CommandRan:
    """One external command that could matter as evidence."""

    drive: str
    argv: tuple[str, ...]
    exit_code: int
    duration_s: float
    output: str  # at most 4 KiB of stdout + stderr


class ObservationKind(StrEnum):
    COMMAND_ACCEPTED = "command-accepted"
    COMMAND_FINISHED = "command-finished"
    COMMAND_FAILED = "command-failed"
    FLUSHED = "flushed"
    FLUSH_FAILED = "flush-failed"
    FLUSH_NOT_SENT = "flush-not-sent"  # taken for write-through, and it knows no such command
    CANARIES_PLANTED = "canaries-planted"
    CANARIES_GONE = "canaries-gone"
    MARKS_MOVED = "marks-moved"  # off bad sectors, before the erase; `canaries`: as planned
    CANARY_SURVIVED = "canary-survived"
    READBACK_MATCHES = "readback-matches"  # the keyed stream was read back
    READBACK_ERASED = "readback-erased"  # one erased pattern everywhere
    READBACK_MISMATCH = "readback-mismatch"
    READBACK_INCOMPLETE = "readback-incomplete"
    WRAPPED = "address-wrapped"  # data meant for another address was found: fake capacity
    IDENTITY_CHANGED = "identity-changed"
    WRITE_ERRORS = "write-errors"
    READ_ERRORS = "read-errors"
    STOPPED = "stopped"
    COMMAND_RUNNING = "command-running"  # our command was seen in progress
    COMMAND_HUNG = "command-hung"  # no end within its time; detail says how long
    STATUS_NOT_OURS = "status-not-ours"  # the drive's word is about an older command
    TOO_QUICK = "faster-than-the-drives-own-estimate"
    UNREADABLE_UNTIL_WRITTEN = "unreadable-until-written"  # as the drive announced: no bad sector
    BEGUN_ANEW = "begun-anew"  # used since the cut, or lost it: what was resumed proves nothing
    REATTACHED = "reattached"  # to an operation that went on without us
    HIDDEN_AREA_LEFT = "hidden-area-left"  # an HPA, DCO or AMAC limit that is still there
    SEEN_LARGER = "seen-larger"  # some look or session showed the drive with so many `bytes`
    AREA_KEPT_DATA = "area-kept-data"  # seen in an area beside the user's (eMMC boot0 …): `area`
    AREA_ERASED = "area-erased"  # looked at afterwards, in full: `area`
    AREA_UNKNOWN = "area-not-read"  # it is (or should be) there and could not be looked into
    SMART_COUNTERS = "smart-counters"  # reallocated and pending sectors, before and after
    PAUSED_HOT = "paused-hot"
    RESUMED_COOL = "resumed-cool"
    TEMPERATURE_UNKNOWN = "temperature-unknown"  # so no pause was possible
    STALLED = "stalled"  # a transfer kept us waiting; it says nothing against the result


@dataclass(frozen=True, slots=True)
class Observation:
    """One thing that was seen. `detail` is data: names and numbers, never prose."""

    drive: str
    kind: ObservationKind
    detail: Mapping[str, str | int | float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MediumErrorFound:
    """Sectors that could not be read or written, after retries and bisection."""

    drive: str
    operation: str  # "write" or "read"
    first_lba: int
    count: int  # logical sectors
    errno: int


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """All bytes before `done_bytes` were written and flushed: an overwrite may resume here."""

    drive: str
    job_id: str
    phase: str  # "write" or "verify"
    done_bytes: int


@dataclass(frozen=True, slots=True)
class VerifyStarted:
    drive: str
    job_id: str
    depth: VerifyDepth


@dataclass(frozen=True, slots=True)
class AttemptFinished:
    """The judge's word on one attempt."""

    drive: str
    job_id: str
    technique: Technique
    verdict: Verdict
    achieved: Method
    reasons: tuple[str, ...]  # codes (see wording)
    written_bytes: int
    verified_bytes: int
    write_s: float
    verify_s: float


@dataclass(frozen=True, slots=True)
class DriveInterrupted:
    """The attempt did not come to its end: stopped, unplugged or the power was cut."""

    drive: str
    job_id: str
    cause: str  # code: "operator", "power-cut", "too-hot", "unplugged", "crash"
    done_bytes: int


@dataclass(frozen=True, slots=True)
class ReportSealed:
    report_id: str
    sha256: str  # of the JWS bytes
    stored: str  # "stick" or "memory"


Event = (
    SessionStarted
    | OperatorNamed
    | InventoryTaken
    | StationEvent
    | PlanMade
    | StorageStated
    | StorageLooked
    | PlanConfirmed
    | DriveRefused
    | PreparationEvent
    | AttemptStarted
    | CommandRan
    | Observation
    | MediumErrorFound
    | Checkpoint
    | VerifyStarted
    | AttemptFinished
    | DriveInterrupted
    | InstallEvent
    | CheckEvent
    | ReportSealed
)
Update = Event | Progress  # what work yields: progress is only shown


@dataclass(frozen=True, slots=True)
class Stamped:
    """`at`: wall time (ISO 8601, UTC; see SessionStarted.clock_trusted); `monotonic_s`: uptime."""

    seq: int
    at: str
    monotonic_s: float
    event: Event
