"""reprise netboot: PCs of a bench start the station from the network."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from reprise.bootstrap.netboot import netboot_network
from reprise.cli.argument_types import whole_number
from reprise.cli.stopping import stop_signals
from reprise.errors import EXIT_OK, RefusedError
from reprise.i18n import _

if TYPE_CHECKING:
    from reprise.adapters.netboot.folder import NetbootFolder
    from reprise.adapters.netboot.server import Fetch
    from reprise.adapters.netboot.settings import NetbootSettings
    from reprise.tools.dnsmasq import NetbootNetwork

_PORT = 8069
_POLL_S = 0.5
_STEP_PERCENT = 25
_SYSTEM = "live/filesystem.squashfs"


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "netboot",
        help=_("start the PCs of a bench from the network (root)"),
        description=_(
            "Serves the folder of “make netboot” to PCs that start from the network, until Ctrl+C:"
            " dnsmasq answers them beside the network's own DHCP server, and the files come over"
            " HTTP. For a network of which you are in charge."
        ),
        epilog=_(
            "Exit codes: 0 ended by the operator, 2 wrong usage or input, 3 refused (not root), "
            "4 dnsmasq is missing or failed."
        ),
    )
    parser.add_argument(
        "folder", metavar=_("DIR"), help=_("what “make netboot” made: build/netboot")
    )
    parser.add_argument(
        "--interface", metavar=_("IF"), required=True, help=_("the network card of the bench")
    )
    parser.add_argument("--address", metavar=_("A"), help=_("our address on it (its first)"))
    parser.add_argument(
        "--port",
        type=whole_number,
        default=_PORT,
        help=_("of the HTTP server (8069); 0: any free one"),
    )
    parser.add_argument(
        "--settings",
        metavar=_("PATH"),
        action="append",
        default=[],
        help=_(
            "reprise.toml, a certificate, or the folder that “reprise enroll” made (its private"
            " key is never served); may be given more than once"
        ),
    )
    parser.add_argument(
        "--dhcp-range",
        metavar=_("FIRST,LAST"),
        help=_(
            "give out these addresses, too: only on a bench of its own that has no other DHCP"
            " server and leads nowhere"
        ),
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Whatever can be wrong is found before the first PC gets an answer."""
    if os.geteuid() != 0:
        raise RefusedError(
            _("Answering PCs that start from the network needs root (ports 67 and 69)."),
            _("Start it as root."),
        )
    from reprise.adapters.netboot.folder import read_folder
    from reprise.adapters.netboot.serving import serving
    from reprise.adapters.netboot.settings import read_settings

    network = netboot_network(args.interface, args.address, args.port, args.dhcp_range)
    settings = read_settings([Path(path) for path in args.settings])
    folder = read_folder(Path(args.folder))
    shown = _Shown()
    with (
        stop_signals() as stop,
        serving(network, folder, settings, shown.take) as served,
    ):
        for line in _began(served.network, folder, settings):
            _say(line)
        while not stop.wait(_POLL_S):
            served.check()
    _say(_("Ended: no PC starts from this machine any more."))
    return EXIT_OK


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _began(network: NetbootNetwork, folder: NetbootFolder, settings: NetbootSettings) -> list[str]:
    lines = [
        _("Reprise {version} is served on {interface}, {url}. Ctrl+C ends it.").format(
            version=folder.version, interface=network.interface, url=network.url
        )
    ]
    if network.given is None:
        lines.append(_("The network's own DHCP server goes on giving the addresses."))
    else:
        lines.append(
            _("Addresses from {first} to {last} are given out: no other DHCP server may be here.")
            .format(first=network.given.first, last=network.given.last)
        )  # fmt: skip
    if settings.files:
        names = ", ".join(settings.files)
        lines.append(
            _("Settings: {names}. Whoever is on this network can read them.").format(names=names)
        )
    else:
        lines.append(_("No settings are served: --settings gives an organisation's."))
    if settings.kept_back:
        lines.append(
            _("Not served: {names}. Each station makes a key of its own.").format(
                names=", ".join(settings.kept_back)
            )
        )
    return lines


class _Shown:
    """One line for each step of a PC. Called from the server's threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._steps: dict[tuple[str, str], int] = {}

    def take(self, fetch: Fetch) -> None:
        if fetch.name != _SYSTEM and not fetch.broken_off:
            if fetch.name == "vmlinuz" and fetch.done_bytes == 0:
                self._line(fetch.client, _("starts"))
            return
        percent = 100 * fetch.done_bytes // (fetch.total_bytes or 1)
        if fetch.broken_off:
            text = _("{file} interrupted at {percent} %").format(file=fetch.name, percent=percent)
            self._line(fetch.client, text)
            return
        with self._lock:
            key, step = (fetch.client, fetch.name), percent // _STEP_PERCENT
            if percent and self._steps.get(key) == step:
                return
            self._steps[key] = step
        if fetch.done_bytes == fetch.total_bytes:
            self._line(fetch.client, _("has the whole system"))
        else:
            self._line(fetch.client, _("system: {percent} %").format(percent=percent))

    def _line(self, client: str, text: str) -> None:
        _say(f"{client:<15}  {text}")
