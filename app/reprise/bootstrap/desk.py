"""What the station offers beside its session: see workflow.desk."""

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
from reprise.errors import ToolError

if TYPE_CHECKING:
    import argparse

    from reprise.adapters.uplink import HttpUplink
    from reprise.settings import ServerSettings, Settings
    from reprise.workflow.deliver import Summary
    from reprise.workflow.desk import Desk


def station_desk(args: argparse.Namespace) -> Desk:
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
    from reprise.workflow.desk import Desk

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

    return Desk(
        network=network,
        tester=ServerTester(
            lambda: found().server, link, network.state, lambda: signer(where), clock()
        ),
        console=LinuxConsole(command_runner(), Path(RUN)),
        choices=SessionChoices(Path(RUN), found),
        outgoing=StoreHoldings(where, outbox(where), stick, lambda: found().server.url),
        send_now=send_now,
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


def use_set_keyboard(found: Settings) -> str:
    """Set the layout that the person chose in this session, else the settings' one unless the
    start menu named one. Gives a sentence where that fails: it is no reason to stop."""
    from reprise.adapters.choices import SessionChoices
    from reprise.adapters.config_files import kernel_command_line
    from reprise.adapters.console import LinuxConsole
    from reprise.domain.layouts import layout_of

    named = "vconsole.keymap=" in kernel_command_line()
    name = SessionChoices(Path(RUN), lambda: found).keyboard()
    layout = layout_of(name or ("" if named else found.station.keyboard))
    console = LinuxConsole(command_runner(), Path(RUN))
    if layout in console.layouts() and layout is not console.current():
        try:
            console.use(layout)
        except ToolError as error:
            return str(error)
    return ""
