"""ip (iproute2): the IPv4 addresses of an interface."""

from __future__ import annotations

import json
from ipaddress import IPv4Interface


def argv_addresses(interface: str) -> tuple[str, ...]:
    return ("ip", "-json", "-4", "address", "show", "dev", interface)


def parse_addresses(text: str) -> tuple[IPv4Interface, ...]:
    """In ip's order. Raises ValueError where this is not what ip prints."""
    try:
        return tuple(
            IPv4Interface(f"{address['local']}/{address['prefixlen']}")
            for link in json.loads(text or "[]")
            for address in link.get("addr_info", ())
        )
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(f"ip address: {error!r}") from error
