"""Why no connection came to be, from what was raised: class and errno are read, never a text."""

from __future__ import annotations

import errno
import socket

from reprise.domain.station.connectivity import Reach

_DIRECT = {
    errno.ECONNREFUSED: Reach.PORT_CLOSED,
    errno.ECONNRESET: Reach.BROKE_OFF,
    errno.ETIMEDOUT: Reach.NO_ANSWER,
    errno.ENETUNREACH: Reach.NO_NETWORK,
    errno.ENETDOWN: Reach.NO_NETWORK,
}
_BY_PROXY = {
    Reach.PORT_CLOSED: Reach.PROXY_CLOSED,
    Reach.NO_ANSWER: Reach.PROXY_NO_ANSWER,
    Reach.NAME_UNKNOWN: Reach.PROXY_NAME,
}


def judge_name(error: Exception, *, by_proxy: bool) -> Reach:
    """`error`: of looking a name up, TimeoutError where no answer came."""
    again = isinstance(error, socket.gaierror) and error.errno == socket.EAI_AGAIN
    silent = again or isinstance(error, TimeoutError)
    return _for(Reach.DNS_SILENT if silent else Reach.NAME_UNKNOWN, by_proxy)


def judge_connect(error: Exception, *, by_proxy: bool) -> Reach:
    """`error`: of connect(2); the socket module's own time-out has no number."""
    late = isinstance(error, TimeoutError)
    number = errno.ETIMEDOUT if late else getattr(error, "errno", None)
    return _for(_DIRECT.get(number or 0, Reach.UNREACHABLE), by_proxy)


def _for(reason: Reach, by_proxy: bool) -> Reach:
    return _BY_PROXY.get(reason, reason) if by_proxy else reason
