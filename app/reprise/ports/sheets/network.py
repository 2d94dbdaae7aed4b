"""The network of the PC that the station runs on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from reprise.domain.station.connectivity import Finding
from reprise_common.network import AccessPoint, Joined, JoinRequest, Link


@dataclass(frozen=True, slots=True)
class ServerWay:
    """Where reports go: the server ("": none is set), and the proxy on the way ("": none)."""

    url: str = ""
    proxy: str = ""


@dataclass(frozen=True, slots=True)
class JoinResult:
    """`detail`: the tool's own words, where no code says it better."""

    code: Joined
    detail: str = ""


class Network(Protocol):
    """Every call may take long, but for `server`; all raise ToolError where the system's network
    service cannot be asked."""

    def links(self, points: Sequence[AccessPoint]) -> Sequence[Link]:
        """`points`: what is in reach, for the name of the network that is joined."""
        ...

    def access_points(self, *, rescan: bool) -> Sequence[AccessPoint]:
        """What is in reach; `rescan`: listen anew (seconds), else what is known by now."""
        ...

    def join(self, request: JoinRequest) -> JoinResult:
        """Until it stands or has failed (up to a minute). It lasts until the PC is switched off."""
        ...

    def wifi_default(self) -> JoinRequest | None:
        """The network that the station's settings name."""
        ...

    def server(self) -> ServerWay: ...

    def set_proxy(self, url: str) -> None:
        """For this session; "": none. Raises InputError where it is no proxy's address, or where
        stronger settings forbid another one."""
        ...

    def test_server(self, kid: str) -> Iterator[Finding]:
        """One finding for each step, in order, as they come. `kid`: this station's key
        ("": not known yet). Raises RepriseError alone."""
        ...

    def wait(self, timeout_s: float) -> None:
        """Returns early where a cable, an address or a route came or went."""
        ...
