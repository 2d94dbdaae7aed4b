"""Who asks, by an address."""

from __future__ import annotations

import ipaddress

_NETWORK_BITS = 64  # of IPv6: whoever has one address of it has them all


def plain(address: str) -> str:
    """IPv4 as itself where IPv6 carries it, as a socket that hears both tells it (RFC 4291,
    2.5.5.2): all of them would be of one network. As it stands where it is no address."""
    try:
        told = ipaddress.ip_address(address)
    except ValueError:
        return address
    mapped = told.ipv4_mapped if isinstance(told, ipaddress.IPv6Address) else None
    return str(mapped or told)


def one_client(address: str) -> str:
    """What counts as one: an IPv4 address; a network of IPv6; as it stands where it is no
    address."""
    try:
        told = ipaddress.ip_address(plain(address))
    except ValueError:
        return address
    if isinstance(told, ipaddress.IPv4Address):
        return str(told)
    return str(ipaddress.IPv6Network((int(told), _NETWORK_BITS), strict=False))
