"""Joining a server: the station gets to know it, and it the station."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class ServerFound:
    """Who answers there to this code, before anything is done. `server_key`: what people may
    compare, RFC 7638. `name`: that the station gets; "": it keeps its own. `another`: that address
    had another key when this station joined it."""

    address: str
    code: str
    organisation: str
    server_key: str
    name: str = ""
    another: bool = False


@dataclass(frozen=True, slots=True)
class JoinedServer:
    """`valid_until`: ISO 8601; None: without an end."""

    address: str
    organisation: str
    name: str
    valid_until: str | None = None


class Joining(Protocol):
    """`look` and `join` take as long as the server does; all raise RepriseError alone."""

    def address(self) -> str:
        """Of the server in force; "": none is set."""
        ...

    def look(self, address: str, code: str) -> ServerFound:
        """Whose server and code they are, as typed; `code` may be the link of a QR code, which
        brings the address along. Nothing is changed there or here."""
        ...

    def join(self, found: ServerFound) -> JoinedServer:
        """Enrols this stick's key, which is made where there is none, and keeps the server on the
        stick. May be called again with the same: the server answers the same."""
        ...
