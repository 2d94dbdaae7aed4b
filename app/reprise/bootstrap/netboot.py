"""Starting PCs from the network, on somebody's own machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reprise.bootstrap.drives import command_runner

if TYPE_CHECKING:
    from reprise.tools.dnsmasq import NetbootNetwork


def netboot_network(
    interface: str, address: str | None, port: int, dhcp_range: str | None
) -> NetbootNetwork:
    """Raises InputError where this machine has no such interface or address, or no machine such a
    port."""
    from reprise.adapters.netboot.link import address_on, check_port, parse_range
    from reprise.tools.dnsmasq import NetbootNetwork

    check_port(port)
    ours = address_on(interface, address, command_runner())
    given = None if dhcp_range is None else parse_range(dhcp_range, ours)
    return NetbootNetwork(interface, ours, port, given)
