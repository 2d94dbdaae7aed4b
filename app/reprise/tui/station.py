"""What screens may use of the station: the application that gives it is never imported by them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from reprise.domain.drives.unreached import Unreached
    from reprise.domain.install.options import InstallOptions
    from reprise.domain.planning.plan import ConfirmedBy
    from reprise.domain.report.events import Operator
    from reprise.ports.sheets.station_tools import StationTools
    from reprise.sentences.sheets import Sheet
    from reprise.tui.checking import Checks
    from reprise.workflow.engine.port import EngineClient, InstallChoice, StationStatus
    from reprise.workflow.session.state import SessionState
    from reprise_common.keyboard_layouts import KeyboardState


@dataclass(frozen=True, slots=True)
class Place:
    """Where the flow is: at which of the `steps`, from 0 on, what is done there, and the next one
    ("" at the end)."""

    here: int
    steps: Sequence[str]
    todo: str
    next_step: str


class SessionView(Protocol):
    """How the session stands."""

    engine: EngineClient | None  # reading it never blocks; only the application asks it, in workers
    trouble: str
    tools: StationTools

    @property
    def state(self) -> SessionState: ...
    @property
    def status(self) -> StationStatus: ...


class Station(SessionView, Protocol):
    """What a step or a sheet may ask of the application."""

    notice: Callable[[], str]  # why the way to the plan stopped at this step
    operator: Operator | None
    choice: InstallChoice | None
    chosen_for: str  # digest of the plan that `choice` was made for
    install: InstallOptions | None
    keyboard: KeyboardState | None  # which layout is loaded; None: not looked at yet
    checks: Checks
    sheets: Sequence[Sheet]  # that this PC has

    def forward(self) -> None: ...
    def back(self) -> None: ...
    def place(self) -> Place: ...
    def look_again(self) -> None: ...
    def confirm(self, digest: str, by: ConfirmedBy = ..., read: str = ...) -> None: ...
    def state_storage(self, about: Unreached) -> None: ...
    def stop_work(self) -> None: ...
    def seal_again(self) -> None: ...
    def leave(self, restart: bool) -> None: ...
