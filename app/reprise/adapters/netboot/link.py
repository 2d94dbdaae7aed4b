"""The interface of this machine that PCs start from."""

from __future__ import annotations

from ipaddress import AddressValueError, IPv4Address, IPv4Interface

from reprise.errors import InputError
from reprise.i18n import _
from reprise.ports import CommandRunner
from reprise.tools.dnsmasq import DhcpRange
from reprise.tools.iproute import argv_addresses, parse_addresses


def address_on(interface: str, wanted: str | None, runner: CommandRunner) -> IPv4Interface:
    """Our address on it: `wanted`, else its first. Raises InputError where there is none."""
    result = runner.run(argv_addresses(interface))
    if result.exit_code != 0:
        raise InputError(
            _("there is no network interface “{name}”.").format(name=interface),
            _("“ip -brief address” lists them."),
        )
    addresses = parse_addresses(result.stdout.decode("utf-8", "replace"))
    if not addresses:
        raise InputError(
            _("the interface “{name}” has no IPv4 address.").format(name=interface),
            _("Give it one, for example: ip address add 192.168.77.1/24 dev {name}").format(
                name=interface
            ),
        )
    if wanted is None:
        return addresses[0]
    for address in addresses:
        if str(address.ip) == wanted:
            return address
    raise InputError(
        _("the interface “{name}” has no address {address}.").format(
            name=interface, address=wanted
        ),
        _("It has {addresses}.").format(addresses=", ".join(str(ours.ip) for ours in addresses)),
    )


def check_port(port: int) -> None:
    """Raises InputError. 0 stands for any free one."""
    if not 0 <= port <= 65535:
        raise InputError(
            _("there is no port {port}.").format(port=port),
            _("Give one from 1 to 65535, or 0 for any free one."),
        )


def parse_range(text: str, ours: IPv4Interface) -> DhcpRange:
    """“FIRST,LAST” inside the interface's network. Raises InputError."""
    first, _comma, last = text.partition(",")
    try:
        dhcp_range = DhcpRange(IPv4Address(first.strip()), IPv4Address(last.strip()))
    except AddressValueError as error:
        raise InputError(
            _("“{text}” is not a range of addresses.").format(text=text),
            _("Write the first and the last, for example 192.168.77.100,192.168.77.200."),
        ) from error
    inside = all(end in ours.network for end in (dhcp_range.first, dhcp_range.last))
    if not inside or dhcp_range.first > dhcp_range.last:
        raise InputError(
            _("the range {text} does not lie in the interface's network {network}.").format(
                text=text, network=ours.network
            ),
            _("Give its lower end first, and both ends inside that network."),
        )
    return dhcp_range
