"""What the station offers beside its session: see workflow.desk."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from reprise.bootstrap.delivery import (
    RUN,
    clock,
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
    from reprise.workflow.desk import Desk


def desk(args: argparse.Namespace) -> Desk:
    """Cheap: reads no settings and asks no hardware before it is asked itself."""
    from reprise.adapters.choices import SessionChoices
    from reprise.adapters.network import NmNetwork
    from reprise.adapters.server_test import ServerTester
    from reprise.workflow.desk import Desk

    where, network = store(args), NmNetwork(command_runner())

    def found() -> Settings:
        return station_settings(args)[0]

    def link(server: ServerSettings) -> HttpUplink:
        return uplink(replace(found(), server=server), where)

    return Desk(
        network=network,
        tester=ServerTester(
            lambda: found().server, link, network.state, lambda: signer(where), clock()
        ),
        choices=SessionChoices(Path(RUN), found),
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
