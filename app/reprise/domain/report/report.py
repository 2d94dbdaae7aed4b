"""What a report holds: one JSON document per PC, whose exact bytes are signed. fold.py makes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from reprise.domain.checks.grading import ChecksRecord
from reprise.domain.drives.unreached import Statement, Unreached
from reprise.domain.drives.vanished import GoneDrive
from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.erasure.pattern import Stream
from reprise.domain.pc.hardware import DriveIdentity, Inventory
from reprise.domain.pc.impact import Impact
from reprise.domain.pc.triage import Triage
from reprise.domain.planning.plan import Attempt, ConfirmedBy, Plan, Preparation, Refusal
from reprise.domain.planning.techniques import Method, Verdict
from reprise.domain.report.events import MediumErrorFound, Observation, Operator

SCHEMA = "reprise-report/1"
# Another document, of the same form: whoever reads reports refuses it, old readers too.
DEMO_SCHEMA = "reprise-demo/1"


@dataclass(frozen=True, slots=True)
class AttemptRecord:
    """One attempt on one drive, as observed."""

    job_id: str
    job_key: str  # published so that a stranger can regenerate the stream and re-read the drive
    attempt: Attempt
    started_at: str
    started_monotonic_s: float
    finished_at: str | None = None
    duration_s: float | None = None
    resumed_from_bytes: int = 0
    written_bytes: int = 0
    verified_bytes: int = 0
    write_s: float = 0.0
    verify_s: float = 0.0
    verdict: Verdict | None = None  # None: the attempt did not come to its end
    achieved: Method = Method.NONE
    reasons: tuple[str, ...] = ()
    observations: tuple[Observation, ...] = ()
    medium_errors: tuple[MediumErrorFound, ...] = ()
    commands: tuple[Mapping[str, str | int | float], ...] = ()
    interrupted: str | None = None  # cause code
    earlier: tuple[Observation, ...] = ()  # see AttemptStarted
    stream: Stream = Stream.AES_256_CTR  # which `job_key` is the key of; older reports name none


@dataclass(frozen=True, slots=True)
class PreparationRecord:
    """What was done to a drive before its first attempt."""

    steps: tuple[Preparation, ...]
    done: tuple[Preparation, ...] = ()
    left: tuple[Preparation, ...] = ()
    size_bytes: int | None = None  # afterwards; None: it did not come to its end
    detail: str = ""
    commands: tuple[Mapping[str, str | int | float], ...] = ()


@dataclass(frozen=True, slots=True)
class SuspendRecord:
    """One suspend of the PC to thaw drives."""

    at: str
    ok: bool
    duration_s: float
    detail: str = ""


@dataclass(frozen=True, slots=True)
class DriveRecord:
    """The outcome for one drive. `state` SANITIZED needs a VERIFIED attempt. `identity` is the
    drive as it was found; a hidden area that was removed makes `preparation.size_bytes` larger,
    and the attempts are about that size."""

    identity: DriveIdentity
    node: str
    state: DriveState
    achieved: Method
    refusals: tuple[Refusal, ...] = ()
    preparation: PreparationRecord | None = None
    attempts: tuple[AttemptRecord, ...] = ()
    limitations: tuple[str, ...] = ()  # codes: what cannot be proven

    @property
    def found_bytes(self) -> int:
        """The drive's size as the attempts found it."""
        grown = self.preparation.size_bytes if self.preparation is not None else None
        return grown or self.identity.size_bytes


@dataclass(frozen=True, slots=True)
class InstallRecord:
    drive: str
    node: str
    image: str
    image_version: str
    digest: str
    ok: bool | None = None  # None: not finished
    duration_s: float | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class StationRecord:
    """`image_sha256`: of the image's live/filesystem.squashfs as this PC read it, hex; "" where it
    was not started from an image, or the report was made before the reading came to its end."""

    name: str
    kid: str
    version: str
    image_version: str
    image_sha256: str = ""
    tools: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ClockRecord:
    """The PC's clock may lie; durations come from the monotonic clock."""

    trusted: bool
    note: str
    started_at: str
    sealed_at: str
    session_s: float


@dataclass(frozen=True, slots=True)
class Shortened:
    """What was too long for a report (domain/report/shortening.py). `where`: its place, as
    "drives.0.identity.serial"; `kept` of so many characters, entries or drives are there: both are
    0 of a number that no reader could take."""

    where: str
    kept: int
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """`left_of`: this was made at a later start, from a journal that breaks off, and the session's
    own report has that number, if it was made; "": it is the session's own."""

    report_id: str
    session_id: str
    station: StationRecord
    clock: ClockRecord
    operator: Operator
    inventory: Inventory
    plan: Plan | None = None
    plan_digest: str | None = None
    confirmed_digest: str | None = None
    confirmed_by: ConfirmedBy | None = None  # None: nothing was confirmed, or an older report
    stated: tuple[Statement, ...] = ()  # an operator's word, no observation
    drives: tuple[DriveRecord, ...]
    # What another look of this session showed, and the newest inventory does not
    # (domain/drives/vanished.py, domain/drives/late.py).
    gone: tuple[GoneDrive, ...] = ()
    vanished: tuple[Unreached, ...] = ()
    suspends: tuple[SuspendRecord, ...] = ()
    triage: Triage | None = None  # what the station recommended before the erasure
    impact: Impact | None = None
    install: InstallRecord | None = None
    checks: ChecksRecord | None = None  # None: no function was checked, or an older report
    journal_sha256: str | None = None  # of the session's journal at sealing
    left_of: str = ""
    shortened: tuple[Shortened, ...] = ()  # by the station that signed it; () in older reports
    schema: str = SCHEMA
