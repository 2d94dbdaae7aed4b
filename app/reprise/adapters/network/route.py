"""Where a connection to the server goes first, and where it is meant to end."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

from reprise.settings import ServerSettings

_PORTS = {"http": 80, "https": 443}


class Route:
    def __init__(self, settings: ServerSettings) -> None:
        self.url = urlsplit(settings.url.rstrip("/"))
        self.proxy = urlsplit(settings.proxy) if settings.proxy else None

    @property
    def encrypted(self) -> bool:
        return self.url.scheme != "http"

    @property
    def plain_proxy(self) -> SplitResult | None:
        """The proxy that reads what the server is asked; through others goes a tunnel."""
        return None if self.encrypted else self.proxy

    @property
    def first_stop(self) -> tuple[str, int]:
        """The proxy where there is one: it looks for the server itself."""
        url = self.proxy or self.url
        return url.hostname or "", url.port or _PORTS.get(url.scheme, 0)

    @property
    def target(self) -> tuple[str, int]:
        return self.url.hostname or "", self.url.port or _PORTS.get(self.url.scheme, 0)

    @property
    def at(self) -> str:
        """The first stop, for a sentence."""
        host, port = self.first_stop
        return f"{host}:{port}"


def ascii_host(name: str) -> str:
    """As it is sent (RFC 3490). Raises ValueError where no machine can have this name."""
    host = name.encode("idna").decode("ascii")
    if not host.strip(".") or host.startswith(".") or not host.isprintable() or " " in host:
        raise ValueError(name)
    return host
