"""Who asks, by an address."""

from __future__ import annotations

import ipaddress

_NETWORK_BITS = 64  # of IPv6: whoever has one address of it has them all


def one_client(address: str) -> str:
    """What counts as one: an IPv4 address, also where IPv6 carries it; a network of IPv6; as it
    stands where it is no address."""
    try:
        told = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(told, ipaddress.IPv4Address):
        return str(told)
    if told.ipv4_mapped is not None:
        return str(told.ipv4_mapped)
    return str(ipaddress.IPv6Network((int(told), _NETWORK_BITS), strict=False))
