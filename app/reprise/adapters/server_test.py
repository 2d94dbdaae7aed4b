"""Tries what sending a report needs, one step after the other, and says at which it ends.

The first steps are made by hand, as they tell more than the whole: is there a network, what is the
address of that name, does anybody listen there. The last ones go through the uplink's own code, so
that a test that ends well means that a report would go through, too.
"""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Callable, Iterator
from dataclasses import replace
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit
from uuid import NAMESPACE_OID, uuid5

import requests

from reprise.adapters.uplink import HttpUplink
from reprise.domain.delivery import Outcome
from reprise.domain.network import (
    Finding,
    LinkState,
    NetworkState,
    SendFault,
    SendStep,
    ServerTest,
)
from reprise.errors import InputError
from reprise.ports import Clock, Signer
from reprise.settings import ServerSettings

_PORTS = {"http": 80, "https": 443}
# A test has somebody waiting: shorter than what a report is given.
_CONNECT_S, _READ_S = 5.0, 10.0
# OpenSSL's X509_V_ERR_… (x509_vfy.h)
_NOT_YET_VALID, _EXPIRED, _OTHER_HOST, _OTHER_ADDRESS = 9, 10, 62, 64
_PROXY_ACCOUNT = 407  # RFC 9110, 15.5.8
_PROXY_SAYS_NO = frozenset({403, 502, 503, 504})
_NO_REPORT = 422  # what the server says of a good signature on something that is no report


class ServerTester:
    """workflow.side.ServerTester. `uplink` is bootstrap's; it raises InputError on settings that
    cannot be used."""

    def __init__(
        self,
        settings: Callable[[], ServerSettings],
        uplink: Callable[[ServerSettings], HttpUplink],
        network: Callable[[], NetworkState],
        signer: Callable[[], Signer],
        clock: Clock,
    ) -> None:
        self._settings, self._uplink, self._network = settings, uplink, network
        self._signer, self._clock = signer, clock

    def run(self) -> ServerTest:
        """May take half a minute. Never raises for what the network or the server does."""
        found = self._settings()
        findings: list[Finding] = []
        for finding in self._steps(_patient(found)):
            findings.append(finding)
            if finding.fault is not None:
                break
        return ServerTest(found.url, _without_account(found.proxy), tuple(findings))

    def _steps(self, settings: ServerSettings) -> Iterator[Finding]:
        if not settings.url:
            yield Finding(SendStep.SETTINGS, SendFault.NO_SERVER)
        try:
            uplink = self._uplink(settings)
        except InputError as error:
            yield Finding(SendStep.SETTINGS, SendFault.SETTINGS, str(error))
            return
        server, proxy = urlsplit(settings.url), urlsplit(settings.proxy)
        first = proxy if settings.proxy else server
        if not _is_this_machine(first.hostname or ""):
            yield from self._network_steps()
        yield from _reach(first, by_proxy=bool(settings.proxy))
        yield from self._ask(uplink, settings)
        yield _key(uplink, self._signer())

    def _network_steps(self) -> Iterator[Finding]:
        state = self._network()
        yield Finding(SendStep.LINK, _link_fault(state))
        yield Finding(SendStep.ADDRESS, None if state.connected else SendFault.NO_ADDRESS)

    def _ask(self, uplink: HttpUplink, settings: ServerSettings) -> Iterator[Finding]:
        server = urlsplit(settings.url)
        try:
            status, body = uplink.get("/healthz")
        except (requests.exceptions.RequestException, OSError) as error:
            yield self._told(error, server)
            return
        if server.scheme == "https":
            yield Finding(SendStep.SECURE)
        by_proxy = bool(settings.proxy) and server.scheme == "http"
        yield Finding(SendStep.ANSWER, *_answer_fault(status, body, by_proxy=by_proxy))

    def _told(self, error: Exception, server: SplitResult) -> Finding:
        """What an exception of requests means, by the exceptions that it wraps."""
        causes = list(_causes(error))
        words = str(causes[-1])
        if isinstance(error, requests.exceptions.ProxyError):
            wants = str(_PROXY_ACCOUNT) in words
            fault = SendFault.PROXY_ACCOUNT if wants else SendFault.PROXY_REFUSES
            return Finding(SendStep.REACH, fault, words)
        refused = [c for c in causes if isinstance(c, ssl.SSLCertVerificationError)]
        if refused:
            return Finding(SendStep.SECURE, *self._certificate_fault(refused[0]))
        if any(isinstance(cause, ssl.SSLError) for cause in causes):
            plain = "WRONG_VERSION_NUMBER" in words or "HTTP_REQUEST" in words
            return Finding(SendStep.SECURE, SendFault.NOT_SECURE if plain else SendFault.TLS, words)
        if isinstance(error, requests.exceptions.Timeout):
            return Finding(SendStep.ANSWER, SendFault.SLOW)
        step = SendStep.SECURE if server.scheme == "https" else SendStep.ANSWER
        fault = SendFault.TLS if step is SendStep.SECURE else SendFault.NOT_REPRISE
        return Finding(step, fault, words)

    def _certificate_fault(self, error: ssl.SSLCertVerificationError) -> tuple[SendFault, str]:
        code = error.verify_code
        if code in (_NOT_YET_VALID, _EXPIRED):
            trusted, _note = self._clock.trust()
            today = self._clock.read().now.date().isoformat()
            return (SendFault.CERTIFICATE_DATES if trusted else SendFault.CLOCK), today
        if code in (_OTHER_HOST, _OTHER_ADDRESS):
            return SendFault.CERTIFICATE_NAME, error.verify_message
        return SendFault.CERTIFICATE_UNKNOWN, error.verify_message


def _patient(settings: ServerSettings) -> ServerSettings:
    return replace(
        settings,
        connect_timeout_s=min(settings.connect_timeout_s, _CONNECT_S),
        read_timeout_s=min(settings.read_timeout_s, _READ_S),
    )


def _without_account(proxy: str) -> str:
    """A proxy's address may hold a password: not on the screen."""
    parts = urlsplit(proxy)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _link_fault(state: NetworkState) -> SendFault | None:
    if not state.running:
        return SendFault.NO_SERVICE
    if not state.links:
        return SendFault.NO_CARD
    reached = (LinkState.CONNECTED, LinkState.NO_ADDRESS, LinkState.CONNECTING)
    linked = any(link.state in reached for link in state.links)
    return None if linked else SendFault.NO_LINK


def _reach(first: SplitResult, *, by_proxy: bool) -> Iterator[Finding]:
    """The name, and whether anybody listens there. The connection is let go of at once."""
    host, port = first.hostname or "", first.port or _PORTS.get(first.scheme, 80)
    try:
        places = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        unknown = SendFault.PROXY_NAME_UNKNOWN if by_proxy else SendFault.NAME_UNKNOWN
        yield Finding(SendStep.NAME, unknown, host)
        return
    yield Finding(SendStep.NAME, None, str(places[0][4][0]))
    where = f"{host}:{port}"
    try:
        socket.create_connection((host, port), _CONNECT_S).close()
    except ConnectionRefusedError:
        fault = SendFault.PROXY_CLOSED if by_proxy else SendFault.CLOSED
        yield Finding(SendStep.REACH, fault, where)
    except TimeoutError:
        fault = SendFault.PROXY_SILENT if by_proxy else SendFault.SILENT
        yield Finding(SendStep.REACH, fault, where)
    except OSError as error:
        yield Finding(SendStep.REACH, SendFault.UNREACHABLE, error.strerror or str(error))
    else:
        yield Finding(SendStep.REACH, None, where)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """requests and urllib3 wrap the reason in exceptions of their own; outermost first."""
    here: BaseException | None = error
    while here is not None:
        yield here
        reason = getattr(here, "reason", None)
        inner = [one for one in (reason, *here.args) if isinstance(one, BaseException)]
        here = inner[0] if inner else None


def _answer_fault(
    status: int, body: bytes | None, *, by_proxy: bool
) -> tuple[SendFault | None, str]:
    """`by_proxy`: the proxy answers with a status of its own where it will not or cannot."""
    if status == _PROXY_ACCOUNT:
        return SendFault.PROXY_ACCOUNT, str(status)
    if 300 <= status < 400:
        return SendFault.REDIRECTED, str(status)
    if _is_healthy(status, body):
        return None, ""
    if by_proxy and status in _PROXY_SAYS_NO:
        return SendFault.PROXY_REFUSES, str(status)
    if status >= 500:
        return SendFault.SERVER_TROUBLE, str(status)
    return SendFault.NOT_REPRISE, str(status)


def _is_healthy(status: int, body: bytes | None) -> bool:
    try:
        plain = json.loads(body or b"")
    except (ValueError, RecursionError):
        return False
    return status == 200 and isinstance(plain, dict) and plain.get("status") == "ok"


def _key(uplink: HttpUplink, signer: Signer) -> Finding:
    """Hands in a signed "{}". The server checks the key and the signature before it looks at what
    was signed: "no report that I read" means that our key is good. Nothing is stored by that."""
    number = str(uuid5(NAMESPACE_OID, f"reprise-test:{signer.kid}"))
    delivery = uplink.send(number, signer.sign(b"{}"))
    if delivery.detail.startswith(f"{_NO_REPORT}:"):
        return Finding(SendStep.KEY)
    if delivery.outcome is Outcome.REFUSED:
        return Finding(SendStep.KEY, SendFault.KEY_REFUSED, delivery.detail)
    return Finding(SendStep.KEY, SendFault.SERVER_TROUBLE, delivery.detail)
