"""The network around the played PC: a cable with an address where one is plugged in, two Wi-Fi
networks, a server."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from reprise.adapters.network.choices import typed_proxy
from reprise.domain.pc.parts import NetworkCard
from reprise.domain.station.connectivity import (
    ConnectionStep,
    Finding,
    Reach,
    StepResult,
    failed,
    passed,
)
from reprise.ports.sheets.network import JoinResult, ServerWay
from reprise_common.network import (
    AccessPoint,
    Joined,
    JoinRequest,
    Link,
    LinkKind,
    LinkState,
    Security,
    password_fits,
)

PASSWORD = "effacement"  # noqa: S105 - of the played network
_HOST, _ADDRESS = "reprise.example.org", "192.0.2.10"  # RFC 2606, RFC 5737
_WIRED_ADDRESS, _WIFI_ADDRESS = "192.0.2.51/24", "198.51.100.7/24"
_MAYORS = AccessPoint(ssid="Cyber-base", signal=82, security=Security.WPA2_WPA3)
_GUESTS = AccessPoint(ssid="Invités", signal=47, security=Security.OPEN)
POINTS = (_MAYORS, _GUESTS)
_HIDDEN = "Atelier-B"


class PlayedNetwork:
    """ports.sheets.network.Network over the played PC's own `cards`, so that every sheet says the
    same of a cable. `down`: nothing listens at the server's address. `pause_s`: how long a real
    network takes for a step."""

    def __init__(self, cards: Sequence[NetworkCard], *, down: bool, pause_s: float = 0.4) -> None:
        self._cards, self._down, self._pause_s = tuple(cards), down, pause_s
        self._joined, self._proxy = "", ""

    def links(self, points: Sequence[AccessPoint]) -> tuple[Link, ...]:  # noqa: ARG002
        return tuple(self._link(card) for card in self._cards)

    def _link(self, card: NetworkCard) -> Link:
        if card.kind == "wifi":
            return Link(
                name=card.name,
                kind=LinkKind.WIFI,
                state=LinkState.UP if self._joined else LinkState.IDLE,
                ssid=self._joined,
                addresses=(_WIFI_ADDRESS,) if self._joined else (),
            )
        return Link(
            name=card.name,
            kind=LinkKind.ETHERNET,
            state=LinkState.UP if card.link else LinkState.UNPLUGGED,
            addresses=(_WIRED_ADDRESS,) if card.link else (),
        )

    def access_points(self, *, rescan: bool) -> tuple[AccessPoint, ...]:
        if all(card.kind != "wifi" for card in self._cards):
            return ()
        time.sleep(self._pause_s if rescan else 0)
        return tuple(replace(point, joined=point.ssid == self._joined) for point in POINTS)

    def join(self, request: JoinRequest) -> JoinResult:
        if not password_fits(request.security, request.password):
            return JoinResult(Joined.PASSWORD_LENGTH)
        time.sleep(self._pause_s)
        if request.ssid not in (_MAYORS.ssid, _GUESTS.ssid, _HIDDEN):
            return JoinResult(Joined.NOT_FOUND)
        if request.ssid != _GUESTS.ssid and request.password != PASSWORD:
            return JoinResult(Joined.PASSWORD)
        self._joined = request.ssid
        return JoinResult(Joined.OK)

    def wifi_default(self) -> JoinRequest | None:
        return None

    def server(self) -> ServerWay:
        return ServerWay(f"https://{_HOST}", self._proxy)

    def set_proxy(self, url: str) -> None:
        self._proxy = typed_proxy(url)

    def test_server(self, kid: str) -> Iterator[Finding]:
        """There is no proxy: whoever sets one sees how that is told."""
        way = next(
            (candidate for candidate in self.links(()) if candidate.state is LinkState.UP), None
        )
        link, address = (way.name, way.addresses[0]) if way else ("", "")
        details = {
            ConnectionStep.LINK: link,
            ConnectionStep.ADDRESS: address,
            ConnectionStep.NAME: _ADDRESS,
        }
        ended = False
        for step in ConnectionStep:
            time.sleep(0 if ended else self._pause_s)
            wrong = self._wrong(step)
            if ended or (step is ConnectionStep.ENROLLED and not kid):
                yield Finding(step, StepResult.NOT_TRIED)
            elif wrong is not None:
                ended = True
                yield wrong
            else:
                yield passed(step, details.get(step, ""))

    def _wrong(self, step: ConnectionStep) -> Finding | None:
        if step is ConnectionStep.NAME and self._proxy:
            return failed(step, Reach.PROXY_NAME, urlsplit(self._proxy).hostname or "")
        if step is ConnectionStep.CONNECT and self._down:
            return failed(step, Reach.PORT_CLOSED, f"{_HOST}:443")
        return None

    def wait(self, timeout_s: float) -> None:
        """Nothing changes by itself."""
        time.sleep(min(timeout_s, 0.5))
