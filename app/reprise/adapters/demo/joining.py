"""A server that a played station can join: it takes any code that is one."""

from __future__ import annotations

import time

from reprise.adapters.demo.network import PlayedNetwork
from reprise.domain.station.connectivity import Reach
from reprise.domain.station.enrolment import EXAMPLE, as_address, read_code, read_link
from reprise.errors import InputError, ToolError
from reprise.i18n import _
from reprise.ports.sheets.joining import JoinedServer, ServerFound
from reprise.wording.connectivity import advice, said

_KEY = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"  # RFC 8037, A.3: of a key that is published
_STATION = "DEMO"


class PlayedJoining:
    """ports.sheets.joining.Joining. `network`: whose server it is. `pause_s`: how long a real one
    takes."""

    def __init__(self, network: PlayedNetwork, *, pause_s: float = 0.4) -> None:
        self._network, self._pause_s = network, pause_s

    def address(self) -> str:
        return self._network.server().url

    def look(self, address: str, code: str) -> ServerFound:
        link = read_link(code) or read_link(address)
        address, code = link or (as_address(address), code)
        read = read_code(code)
        if read is None:
            raise InputError(
                _("This is no code: a letter is wrong, missing or too many."),
                _("It has 16 letters, as in {example}.").format(example=EXAMPLE),
            )
        time.sleep(self._pause_s)
        if address != self.address():
            reason = Reach.NAME_UNKNOWN
            raise ToolError(said(reason, address), advice(reason, address))
        return ServerFound(address, read, _("Town hall"), _KEY)

    def join(self, found: ServerFound) -> JoinedServer:
        time.sleep(self._pause_s)
        return JoinedServer(found.address, found.organisation, _STATION)
