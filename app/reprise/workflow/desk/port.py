"""What a screen may see and ask of the engine. The same for the engine in this process and for the
one at the other end of a socket."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Protocol

from reprise.domain.check_events import ConditionNoted
from reprise.domain.checks import CheckResult
from reprise.domain.events import Operator
from reprise.domain.images import OsImage
from reprise.domain.keyboard_layouts import KeyboardState
from reprise.domain.plan import ConfirmedBy
from reprise.domain.progress import Progress
from reprise.domain.unreached import Unreached
from reprise.domain.volumes import Volume
from reprise.ports import OutboxItem
from reprise.workflow.holding import Held
from reprise.workflow.past import Past
from reprise.workflow.services import InstallDefaults, StickLine, Unattended
from reprise.workflow.session_state import SessionState, read_inside, remember, take_over


@dataclass(frozen=True, slots=True)
class InstallChoice:
    """One image on one drive (DriveIdentity.key)."""

    drive: str
    image: str


@dataclass(frozen=True, slots=True)
class Order:
    """The one confirmation: the plan with this digest and no other, and what to install then."""

    digest: str
    with_: InstallDefaults = field(repr=False)  # holds a password
    install: InstallChoice | None = None
    by: ConfirmedBy = ConfirmedBy.OPERATOR


def order_of(
    digest: str,
    defaults: InstallDefaults,
    install: InstallChoice | None,
    keyboard: KeyboardState | None,
    by: ConfirmedBy = ConfirmedBy.OPERATOR,
) -> Order:
    """`keyboard`: a layout that a person loaded is the new system's, too, as passwords are typed
    with it."""
    if keyboard is not None and keyboard.chosen:
        defaults = replace(defaults, keyboard=keyboard.layout)
    return Order(digest, defaults, install, by)


@dataclass(frozen=True, slots=True)
class Leave:
    """Switch the PC off, or start it again."""

    restart: bool = False


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


class Line(StrEnum):
    """How a screen stands with the engine."""

    SEEKING = "seeking"  # none was there so far
    OPEN = "open"
    LOST = "lost"  # there was one: what is shown may be out of date
    FOREIGN = "foreign"  # it is of another version


@dataclass(frozen=True, slots=True)
class Asides:
    """What a session's state holds that no event says: the station's own memory, which is not the
    report's."""

    pasts: Mapping[str, Past] = field(default_factory=dict)  # by key; of drives that have one
    by_hand: bool = False  # a key was pressed on some screen
    volumes: Mapping[str, tuple[Volume, ...]] = field(default_factory=dict)  # by key


def asides_of(state: SessionState) -> Asides:
    pasts = {d.key: d.past for d in state.drives if d.past != Past()}
    volumes = {d.key: d.volumes for d in state.drives if d.volumes}
    return Asides(pasts, state.by_hand, volumes)


def with_asides(state: SessionState, asides: Asides) -> SessionState:
    if asides_of(state) == asides:
        return state
    known = read_inside(remember(state, asides.pasts), asides.volumes)
    return take_over(known) if asides.by_hand else known


@dataclass(frozen=True, slots=True)
class Board:
    """What a screen shows besides the events: of each the newest, whole. `operator` is what the
    first screen begins with, `install` the settings' defaults; None until the engine has read
    them."""

    operator: Operator | None = None
    install: InstallDefaults | None = field(default=None, repr=False)
    language: str = ""  # of the settings
    unattended: Unattended = field(default_factory=Unattended)
    server_url: str = ""  # "": none is set
    offer: Offer = Offer()
    order: Order | None = None  # what was confirmed, by whichever screen
    work: Work = Work.WAITING
    stick: StickLine | None = None
    outbox: tuple[OutboxItem, ...] = ()
    problems: tuple[str, ...] = ()  # sentences, newest last
    asides: Asides = field(default_factory=Asides)


class Asking(Protocol):
    """What may be asked. Each blocks until it is done or refused, and raises RepriseError where it
    was not done: ask from a worker. One argument at most, a frozen dataclass; the annotations are
    what travels (see wire.requests_of)."""

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
        """Refused while work goes on."""
        ...

    def record_check(self, result: CheckResult) -> None:
        """One function check has ended; refused once the report is sealed."""
        ...

    def note_condition(self, noted: ConditionNoted) -> None:
        """How the PC looks; refused once the report is sealed."""
        ...

    def hold_report(self, how: Held) -> None:
        """The report waits for the checks; to be said again every holding.RENEW_S seconds."""
        ...


class Desk(Asking, Protocol):
    """And what may be seen: reading never blocks."""

    @property
    def line(self) -> Line: ...

    @property
    def state(self) -> SessionState: ...

    @property
    def progress(self) -> Mapping[str, Progress]:
        """The newest tick of each drive."""
        ...

    @property
    def board(self) -> Board: ...

    def watch(self, on_change: Callable[[], None]) -> None:
        """Be told, in any thread, that the line, the state or the board is another one. Ticks are
        not told: look as often as you draw. `on_change` must not block."""
        ...

    def close(self) -> None:
        """The screen goes. An engine in this process ends with it, as INTERRUPTED."""
        ...
