"""What a screen may see and ask of the engine. The same for the engine in this process and for the
one at the other end of a socket."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Protocol

from reprise.domain.checks.events import ConditionNoted
from reprise.domain.checks.results import CheckResult
from reprise.domain.drives.unreached import Unreached
from reprise.domain.drives.volumes import Volume
from reprise.domain.erasure.progress import Progress
from reprise.domain.install.images import OsImage
from reprise.domain.install.options import InstallOptions
from reprise.domain.pc.hardware import DriveIdentity
from reprise.domain.planning.plan import ConfirmedBy
from reprise.domain.report.events import Operator
from reprise.domain.station.unattended import Unattended
from reprise.ports import OutboxItem
from reprise.workflow.past.sessions import Past
from reprise.workflow.session.services import StickLine
from reprise.workflow.session.state import SessionState, read_inside, remember, take_over
from reprise.workflow.session.waiting_for_checks import Held
from reprise_common.keyboard_layouts import KeyboardState


@dataclass(frozen=True, slots=True)
class InstallChoice:
    """One image on one drive (DriveIdentity.key)."""

    drive: str
    image: str


@dataclass(frozen=True, slots=True)
class Order:
    """The one confirmation: the plan with this digest and no other, and what to install then.
    `read`: SessionState.read_digest of what was shown or said to the operator."""

    digest: str
    with_: InstallOptions = field(repr=False)  # holds a password
    install: InstallChoice | None = None
    by: ConfirmedBy = ConfirmedBy.OPERATOR
    read: str = ""  # nobody reads where nobody is


def order_of(
    digest: str,
    defaults: InstallOptions,
    install: InstallChoice | None,
    keyboard: KeyboardState | None,
    *,
    by: ConfirmedBy = ConfirmedBy.OPERATOR,
    read: str = "",
) -> Order:
    """`keyboard`: a layout that a person loaded is the new system's, too, as passwords are typed
    with it."""
    if keyboard is not None and keyboard.chosen:
        defaults = replace(defaults, keyboard=keyboard.layout)
    return Order(digest, defaults, install, by, read)


@dataclass(frozen=True, slots=True)
class Leave:
    """Switch the PC off, or start it again. `unattended`: nobody asked for it just now."""

    restart: bool = False
    unattended: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """What may be installed after the plan with this digest: the best choice first."""

    digest: str = ""
    choices: tuple[InstallChoice, ...] = ()
    images: tuple[OsImage, ...] = ()

    def best(self, digest: str) -> InstallChoice | None:
        """What is proposed for the plan with this digest; None: nothing fits."""
        return next(iter(self.choices), None) if self.digest == digest else None


class Work(StrEnum):
    """What the engine does with the session."""

    WAITING = "waiting"  # for the confirmation
    RUNNING = "running"  # erasing, installing or sealing
    ENDED = "ended"  # all that was to be done was tried, the report included


class Connection(StrEnum):
    """How a screen stands with the engine."""

    SEEKING = "seeking"  # none was there so far
    OPEN = "open"
    LOST = "lost"  # there was one: what is shown may be out of date
    FOREIGN = "foreign"  # it is of another version


@dataclass(frozen=True, slots=True)
class SessionMemory:
    """What a session's state holds that no event says: the station's own memory, which is not the
    report's."""

    pasts: Mapping[str, Past] = field(default_factory=dict)  # by key; of drives that have one
    by_hand: bool = False  # a key was pressed on some screen
    volumes: Mapping[str, tuple[Volume, ...]] = field(default_factory=dict)  # by key
    absent: tuple[DriveIdentity, ...] = ()


def memory_of(state: SessionState) -> SessionMemory:
    pasts = {d.key: d.past for d in state.drives if d.past != Past()}
    volumes = {d.key: d.volumes for d in state.drives if d.volumes}
    return SessionMemory(pasts, state.by_hand, volumes, state.absent)


def with_memory(state: SessionState, memory: SessionMemory) -> SessionState:
    if memory_of(state) == memory:
        return state
    known = read_inside(remember(state, memory.pasts, memory.absent), memory.volumes)
    return take_over(known) if memory.by_hand else known


@dataclass(frozen=True, slots=True)
class StationStatus:
    """What a screen shows besides the events: of each the newest, whole. `operator` is what the
    first screen begins with, `install` the settings' defaults; None until the engine has read
    them."""

    operator: Operator | None = None
    install: InstallOptions | None = field(default=None, repr=False)
    language: str = ""  # of the settings
    unattended: Unattended = field(default_factory=Unattended)
    server_url: str = ""  # "": none is set
    offer: Offer = Offer()
    order: Order | None = None  # what was confirmed, by whichever screen
    work: Work = Work.WAITING
    stick: StickLine | None = None
    outbox: tuple[OutboxItem, ...] = ()
    problems: tuple[str, ...] = ()  # sentences: the session's, then the engine's; newest last
    passing: str = ""  # a sentence: what goes on just now, and holds a beginning until its end
    memory: SessionMemory = field(default_factory=SessionMemory)


class Asking(Protocol):
    """What may be asked. Each blocks until it is done or refused, and raises RepriseError where it
    was not done: ask from a worker. One argument at most, a frozen dataclass; the annotations are
    what travels (see protocol.requests_of)."""

    def name_operator(self, operator: Operator) -> None: ...

    def take_over(self) -> None:
        """A person is here: nothing begins by itself in this session any more."""
        ...

    def look(self) -> None:
        """Read the PC again and plan anew; refused once a plan is confirmed."""
        ...

    def state_storage(self, about: Unreached) -> None:
        """The operator's word that nothing is attached there; refused where a drive was seen, and
        once the report is sealed."""
        ...

    def confirm(self, order: Order) -> None:
        """The operator (or a countdown that nobody stopped) agrees: back as soon as that is
        journalled; the work goes on by itself."""
        ...

    def stop(self) -> None:
        """End what is going on; what is not finished is INTERRUPTED."""
        ...

    def seal(self) -> None:
        """Sign and store the report (again); refused while work goes on."""
        ...

    def leave(self, how: Leave) -> None:
        """Refused while work goes on; without a person also where the proof could be lost."""
        ...

    def record_check(self, result: CheckResult) -> None:
        """One function check has ended; refused once the report is sealed."""
        ...

    def note_condition(self, noted: ConditionNoted) -> None:
        """How the PC looks; refused once the report is sealed."""
        ...

    def hold_report(self, how: Held) -> None:
        """The report waits for the checks; to be said again every waiting_for_checks.RENEW_S
        seconds."""
        ...


class EngineClient(Asking, Protocol):
    """And what may be seen: reading never blocks."""

    @property
    def line(self) -> Connection: ...

    @property
    def state(self) -> SessionState: ...

    @property
    def progress(self) -> Mapping[str, Progress]:
        """The newest tick of each drive."""
        ...

    @property
    def status(self) -> StationStatus: ...

    def watch(self, on_change: Callable[[], None]) -> None:
        """Be told, in any thread, that the line, the state or the status is another one. Ticks are
        not told: look as often as you draw. `on_change` must not block."""
        ...

    def close(self) -> None:
        """The screen goes. An engine in this process ends with it, as INTERRUPTED."""
        ...
