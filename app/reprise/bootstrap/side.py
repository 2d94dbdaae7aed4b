"""What the station offers beside its session: see workflow.side."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from reprise.bootstrap.delivery import (
    RUN,
    clock,
    outbox,
    signer,
    station_settings,
    store,
    uplink,
)
from reprise.bootstrap.drives import command_runner

if TYPE_CHECKING:
    import argparse

    from reprise.adapters.uplink import HttpUplink
    from reprise.settings import ServerSettings, Settings
    from reprise.workflow.deliver import Summary
    from reprise.workflow.side import Side


def station_side(args: argparse.Namespace) -> Side:
    """Cheap: reads no settings and asks no hardware before it is asked itself."""
    from reprise.adapters.choices import SessionChoices
    from reprise.adapters.console import LinuxConsole
    from reprise.adapters.holdings import StoreHoldings
    from reprise.adapters.mounts import mounted_stick
    from reprise.adapters.network import NmNetwork
    from reprise.adapters.server_test import ServerTester
    from reprise.adapters.shell import ConsoleShell
    from reprise.adapters.system_log import SystemLog
    from reprise.adapters.watch_devices import DeviceWatch
    from reprise.workflow.deliver import deliver
    from reprise.workflow.side import Side

    where, network = store(args), NmNetwork(command_runner())

    def found() -> Settings:
        return station_settings(args)[0]

    def link(server: ServerSettings) -> HttpUplink:
        return uplink(replace(found(), server=server), where)

    def send_now() -> Summary:
        return deliver(outbox(where), uplink(found(), where), refused_too=True)

    def stick() -> Path | None:
        return None if args.data is not None else mounted_stick(Path(RUN, "stick"))

    def keeps_logs() -> Path | None:
        return stick() if args.data is None else Path(args.data)

    return Side(
        network=network,
        tester=ServerTester(
            lambda: found().server, link, network.state, lambda: signer(where), clock()
        ),
        console=LinuxConsole(command_runner(), Path(RUN)),
        choices=SessionChoices(Path(RUN), found),
        outgoing=StoreHoldings(where, outbox(where), stick, lambda: found().server.url),
        send_now=send_now,
        use_set_keyboard=lambda: _use_set_keyboard(found()),
        watch=DeviceWatch(),
        shell=ConsoleShell(command_runner()),
        logs=SystemLog(command_runner(), keeps_logs),
    )


def join_set_wifi(found: Settings) -> None:
    """Have the Wi-Fi of the settings joined, where they name one. Cheap to call again. Raises
    StorageError, ToolError."""
    from reprise.adapters.network import NmNetwork
    from reprise.domain.network import Security, WifiWish

    wifi = found.network
    if not wifi.ssid:
        return
    kind = Security.WPA3 if wifi.wpa3 else Security.WPA
    wish = WifiWish(wifi.ssid, wifi.password, wifi.hidden, kind if wifi.password else Security.OPEN)
    NmNetwork(command_runner()).keep(wish)


def _use_set_keyboard(found: Settings) -> None:
    """The layout that the person chose in this session, else the settings' one unless the start
    menu named one. Raises ToolError."""
    from reprise.adapters.choices import SessionChoices
    from reprise.adapters.config_files import kernel_command_line
    from reprise.adapters.console import LinuxConsole
    from reprise.domain.layouts import layout_of

    named = "vconsole.keymap=" in kernel_command_line()
    name = SessionChoices(Path(RUN), lambda: found).keyboard()
    layout = layout_of(name or ("" if named else found.station.keyboard))
    console = LinuxConsole(command_runner(), Path(RUN))
    if layout in console.layouts() and layout is not console.current():
        console.use(layout)
