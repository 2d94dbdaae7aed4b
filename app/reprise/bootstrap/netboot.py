"""Starting PCs from the network, on somebody's own machine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from reprise.bootstrap.drives import command_runner

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

    from reprise.adapters.netboot.folder import NetbootFolder
    from reprise.adapters.netboot.server import Watcher
    from reprise.adapters.netboot.serving import NetbootServing
    from reprise.adapters.netboot.settings import NetbootSettings
    from reprise.tools.dnsmasq import BenchNetwork


def bench_network(
    interface: str, address: str | None, port: int, dhcp_range: str | None
) -> BenchNetwork:
    """Raises InputError where this machine has no such interface or address, or no machine such a
    port."""
    from reprise.adapters.netboot.link import address_on, check_port, parse_range
    from reprise.tools.dnsmasq import BenchNetwork

    check_port(port)
    ours = address_on(interface, address, command_runner())
    given = None if dhcp_range is None else parse_range(dhcp_range, ours)
    return BenchNetwork(interface, ours, port, given)


def netboot_folder(path: str) -> NetbootFolder:
    """Raises InputError where a file is missing or damaged."""
    from reprise.adapters.netboot.folder import read_folder

    return read_folder(Path(path))


def netboot_settings(paths: Sequence[str]) -> NetbootSettings:
    """Raises InputError where a station would not take one of them."""
    from reprise.adapters.netboot.settings import read_settings

    return read_settings([Path(path) for path in paths])


def netboot_serving(
    bench: BenchNetwork, folder: NetbootFolder, settings: NetbootSettings, watcher: Watcher
) -> AbstractContextManager[NetbootServing]:
    """Serves while the block runs. See adapters/netboot/serving.py for what it raises."""
    from reprise.adapters.netboot.serving import serving

    return serving(bench, folder, settings, watcher)
