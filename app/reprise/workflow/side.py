"""What the station offers beside the session, from every screen: the network, the reports on their
way, the console, the maintenance. All of it runs on the screen's side; none of it touches a drive
of the PC."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from reprise.domain.changes import Changes
from reprise.domain.delivery import Holdings
from reprise.domain.layouts import Layout
from reprise.domain.network import Joined, NetworkState, ServerTest, WifiNetwork, WifiWish
from reprise.ports import StopFlag
from reprise.workflow.deliver import Summary


class Network(Protocol):
    """The PC's network cards. Methods block, for up to a minute."""

    def state(self) -> NetworkState: ...

    def scan(self) -> tuple[WifiNetwork, ...]:
        """The networks that are heard, the one in use and then the strongest first."""
        ...

    def join(self, wish: WifiWish) -> Joined:
        """For this session only: nothing is written to the stick. Raises StorageError."""
        ...


class ServerTester(Protocol):
    def run(self) -> ServerTest:
        """Step by step up to the first that fails. Never raises for what it finds."""
        ...


class Choices(Protocol):
    """What a person changes in this session; gone once the PC is switched off."""

    def proxy(self) -> str:
        """The HTTP proxy in force, "" for none."""
        ...

    def use_proxy(self, url: str) -> None:
        """Also for the service that sends the reports. Raises InputError, StorageError."""
        ...

    def use_keyboard(self, layout: Layout) -> None:
        """Also after the screen's process was started again. Raises StorageError."""
        ...


class Console(Protocol):
    """The keyboard of the PC's own console."""

    def layouts(self) -> tuple[Layout, ...]:
        """Those that can be set here; none on a serial line or in a terminal emulator."""
        ...

    def current(self) -> Layout: ...

    def use(self, layout: Layout) -> None:
        """At once, on all consoles. Raises ToolError."""
        ...


class DeviceWatch(Protocol):
    def changes(self, stop: StopFlag) -> Iterator[Changes]:
        """Blocks; what comes in a row is one change. Ends soon after `stop`."""
        ...


class Outgoing(Protocol):
    def look(self) -> Holdings:
        """Every report, and where it lies. Raises StorageError."""
        ...


class Shell(Protocol):
    def open(self) -> None:
        """A root shell; blocks until it is left. Raises ToolError."""
        ...


class Logs(Protocol):
    def tail(self) -> tuple[str, ...]:
        """The last lines of the system's log, the newest last. Raises ToolError."""
        ...

    def copy(self, name: str) -> str:
        """Put the whole log onto the stick; gives the path on it. Raises ToolError,
        StorageError."""
        ...


@dataclass(frozen=True, slots=True)
class Side:
    """The ports of all this. bootstrap fills it. `send_now`: one round over all reports, beside
    the service that sends them by itself: a report that both hand in is taken once. It raises
    InputError where no server is set. `use_set_keyboard`: set the layout that the settings name,
    once they can be read; raises ToolError."""

    network: Network
    tester: ServerTester
    choices: Choices
    console: Console
    outgoing: Outgoing
    watch: DeviceWatch
    shell: Shell
    logs: Logs
    send_now: Callable[[], Summary]
    use_set_keyboard: Callable[[], None]
