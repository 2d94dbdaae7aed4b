"""The keys that open a sheet from every step."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from importlib import import_module
from threading import Event as Flag
from typing import TYPE_CHECKING, ClassVar

from textual.app import App
from textual.binding import Binding, BindingType

from reprise.domain.changes import Changes
from reprise.domain.network import NetworkState
from reprise.errors import ToolError
from reprise.i18n import _
from reprise.tui import messages
from reprise.tui.base import StationScreen
from reprise.tui.steps import StepName

if TYPE_CHECKING:
    from reprise.tui.sheet import Sheet
    from reprise.workflow.side import Side

LOOKING = frozenset({StepName.START, StepName.MACHINE, StepName.DRIVES, StepName.SYSTEM})
_SHEETS = {
    "keyboard": "KeyboardSheet",
    "maintenance": "MaintenanceSheet",
    "network": "NetworkSheet",
    "outbox": "OutboxSheet",
}


def _drives_changed_text() -> str:
    return _("A drive was plugged in or unplugged: nothing was erased. Look at the drives again.")


class SideApp(App[None]):
    """`side` is None until it is bound, behind the first screen, and where there is none."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f6", "sheet('network')", show=False),
        Binding("f7", "sheet('outbox')", show=False),
        Binding("f9", "sheet('maintenance')", show=False),
    ]

    def __init__(self, open_side: Callable[[], Side] | None) -> None:
        super().__init__(ansi_color=True)
        self._open_side = open_side
        self._gone = Flag()
        self.confirming = False  # the word was typed: a change comes too late
        self.side: Side | None = None
        self.network: NetworkState | None = None
        self.sheet: Sheet | None = None
        self.shell_open = False

    @abstractmethod
    def settle(self) -> None:
        """Show the screen of the step that the session is at, unless a sheet is open."""

    def bind_side(self) -> None:
        """From a worker: reads the sheets' code, too, as the stick may be pulled afterwards."""
        if self._open_side is not None:
            for name in _SHEETS:
                import_module(f"reprise.tui.screens.{name}")
            self.post_message(messages.SideOpened(self._open_side()))

    def on_side_opened(self, message: messages.SideOpened) -> None:
        self.side = message.side
        self.on_devices_changed(messages.DevicesChanged(Changes(network=True)))
        self.run_worker(lambda: self._watch(message.side), thread=True)

    @property
    @abstractmethod
    def step(self) -> StepName: ...

    @property
    @abstractmethod
    def asked(self) -> bool:
        """Whether there is a session to ask: before that, it looks at the drives by itself."""

    @abstractmethod
    def look_again(self) -> None: ...

    @abstractmethod
    def work(self, job: Callable[[], None]) -> None:
        """In a thread of its own; its errors are told."""

    def settings_known(self) -> None:
        """The stick was taken, where there is one: its settings may name another keyboard."""
        if self.side is not None:
            self.work(self.side.use_set_keyboard)

    def drives_changed(self) -> None:
        """A drive or a stick came or went. After the confirmation each drive's own work sees it."""
        if self.step is StepName.CONFIRM and not self.confirming:
            self.post_message(messages.Trouble(_drives_changed_text()))
        elif self.step in LOOKING and self.asked:
            self.look_again()

    def _watch(self, side: Side) -> None:
        for changes in side.watch.changes(self._gone):
            self.post_message(messages.DevicesChanged(changes))

    def _read_network(self, side: Side) -> None:
        try:
            self.post_message(messages.NetworkSeen(side.network.state()))
        except ToolError:  # the network's sheet says so to whoever opens it
            self.post_message(messages.NetworkSeen(NetworkState(running=False)))

    def on_devices_changed(self, message: messages.DevicesChanged) -> None:
        side = self.side
        if message.changes.network and side is not None:
            self.run_worker(lambda: self._read_network(side), thread=True)
            if self.sheet is not None:
                self.sheet.network_changed()
        if message.changes.drives:
            self.drives_changed()

    def on_network_seen(self, message: messages.NetworkSeen) -> None:
        self.network = message.state
        if isinstance(self.screen, StationScreen):
            self.screen.refresh_keys()

    def on_unmount(self) -> None:
        self._gone.set()

    def action_sheet(self, name: str) -> None:
        if self.side is not None and isinstance(self.screen, StationScreen):
            module = import_module(f"reprise.tui.screens.{name}")
            kind: type[Sheet] = getattr(module, _SHEETS[name])
            self.sheet = kind(self.side)
            self.push_screen(self.sheet, self._sheet_closed)

    def _sheet_closed(self, _result: None) -> None:
        self.sheet = None
        self.call_next(self.settle)  # it is still on top while this is called
