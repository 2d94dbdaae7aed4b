"""The way that reports take."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from reprise.i18n import _
from reprise.ports.sheets.network import ServerWay


def way_facts(way: ServerWay) -> Iterator[tuple[str, str]]:
    """Server and proxy, without a password that the proxy's address may hold."""
    yield _("Server"), way.url or _("none is set")
    yield _("Proxy"), _without_password(way.proxy) or _("none")


def _without_password(proxy: str) -> str:
    password = urlsplit(proxy).password if proxy else None
    return proxy.replace(f":{password}@", ":…@") if password else proxy
