"""Tries the way to the server as a report would take it, step by step, and says where it ends.

What comes back is judged by `reach` codes; nothing is sent but a question for this station's key.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from reprise.adapters.network import asking
from reprise.adapters.network.names import SilentError, UnknownNameError, addresses_of
from reprise.adapters.network.tls import judge_certificate, judge_tls, trusted_by
from reprise.domain.network import Link
from reprise.domain.reach import (
    Finding,
    Outcome,
    Reach,
    Step,
    failed,
    judge_address,
    judge_link,
    passed,
)
from reprise.ports import Clock
from reprise.settings import ServerSettings

_PORTS = {"http": 80, "https": 443}


class _EndedError(Exception):
    """A step failed: the rest is not tried."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.reason)
        self.finding = finding


class ServerTest:
    """One test. `links` gives None where nobody knows of any: those two steps are not tried."""

    def __init__(
        self,
        settings: ServerSettings,
        ca_file: Path | None,
        clock: Clock,
        links: Callable[[], Sequence[Link] | None],
    ) -> None:
        self._settings, self._ca_file, self._clock, self._links = settings, ca_file, clock, links
        self._url = urlsplit(settings.url.rstrip("/"))
        self._proxy = urlsplit(settings.proxy) if settings.proxy else None
        self._timeout_s = settings.connect_timeout_s

    def run(self, kid: str) -> Iterator[Finding]:
        """One finding for each Step, in order. `kid` "": whether it is enrolled is not tried."""
        done = 0
        try:
            for finding in self._steps(kid):
                done += 1
                yield finding
        except _EndedError as end:
            done += 1
            yield end.finding
        for step in tuple(Step)[done:]:
            yield Finding(step, Outcome.NOT_TRIED)

    def _steps(self, kid: str) -> Iterator[Finding]:
        yield from self._link_steps()
        if not self._settings.url:
            raise _EndedError(failed(Step.NAME, Reach.NO_SERVER))
        addresses = self._resolve()
        yield passed(Step.NAME, str(addresses[0][4][0]))
        with self._connect(addresses) as plain:
            yield passed(Step.CONNECT)
            if self._url.scheme == "http":
                yield Finding(Step.TLS, Outcome.NOT_TRIED)
                yield from self._ask(plain, kid)
                return
            with self._encrypt(plain) as line:
                yield passed(Step.TLS)
                yield from self._ask(line, kid)

    def _link_steps(self) -> Iterator[Finding]:
        """A server on this very PC needs neither."""
        links = None if self._here() else self._links()
        for step, judge in ((Step.LINK, judge_link), (Step.ADDRESS, judge_address)):
            found = Finding(step, Outcome.NOT_TRIED) if links is None else judge(links)
            if found.outcome is Outcome.FAILED:
                raise _EndedError(found)
            yield found

    def _here(self) -> bool:
        return self._first_stop()[0] in ("localhost", "127.0.0.1", "::1")

    def _first_stop(self) -> tuple[str, int]:
        """The proxy where there is one: it looks for the server itself."""
        url = self._proxy or self._url
        return url.hostname or "", url.port or _PORTS.get(url.scheme, 0)

    def _target(self) -> tuple[str, int]:
        return self._url.hostname or "", self._url.port or _PORTS[self._url.scheme]

    def _resolve(self) -> Sequence[tuple[socket.AddressFamily, int, int, str, tuple[object, ...]]]:
        host, port = self._first_stop()
        try:
            return addresses_of(host, port, self._timeout_s)
        except SilentError:
            reason = Reach.DNS_SILENT
        except UnknownNameError:
            reason = Reach.NAME_UNKNOWN if self._proxy is None else Reach.PROXY_NAME
        raise _EndedError(failed(Step.NAME, reason, host))

    def _connect(
        self, addresses: Sequence[tuple[socket.AddressFamily, int, int, str, tuple[object, ...]]]
    ) -> socket.socket:
        """To the server, or through the proxy to it. The last address's reason counts."""
        host, port = self._first_stop()
        at, by_proxy, reason = f"{host}:{port}", self._proxy is not None, Reach.UNREACHABLE
        for family, kind, protocol, _name, address in addresses:
            line = socket.socket(family, kind, protocol)
            line.settimeout(self._timeout_s)
            try:
                line.connect(address)
            except ConnectionRefusedError:
                reason = Reach.PROXY_CLOSED if by_proxy else Reach.PORT_CLOSED
            except TimeoutError:
                reason = Reach.PROXY_NO_ANSWER if by_proxy else Reach.NO_ANSWER
            except OSError:
                reason = Reach.UNREACHABLE
            else:
                line.settimeout(self._settings.read_timeout_s)
                return self._through_proxy(line)
            line.close()
        raise _EndedError(failed(Step.CONNECT, reason, at))

    def _through_proxy(self, line: socket.socket) -> socket.socket:
        """https:// goes through a tunnel; of http:// the proxy is asked in plain words later."""
        proxy = self._proxy
        if proxy is None or self._url.scheme == "http":
            return line
        try:
            reason = asking.open_tunnel(line, self._target(), proxy)
        except (OSError, ValueError):
            reason = Reach.NOT_A_PROXY
        if reason is None:
            return line
        line.close()
        raise _EndedError(failed(Step.CONNECT, reason, f"{proxy.hostname}:{proxy.port}"))

    def _encrypt(self, line: socket.socket) -> ssl.SSLSocket:
        try:
            context = trusted_by(self._ca_file)
        except OSError:
            found = failed(Step.TLS, Reach.CA_FILE, self._settings.ca_file)
            raise _EndedError(found) from None
        host, _port = self._target()
        try:
            return context.wrap_socket(line, server_hostname=host)
        except ssl.SSLCertVerificationError as error:
            reason, detail = judge_certificate(error.verify_code, self._clock, host)
        except ssl.SSLEOFError:
            reason, detail = Reach.BROKE_OFF, ""
        except ssl.SSLError as error:
            reason, detail = judge_tls(error.reason or ""), ""
        except OSError:
            reason, detail = Reach.BROKE_OFF, ""
        raise _EndedError(failed(Step.TLS, reason, detail))

    def _ask(self, line: socket.socket, kid: str) -> Iterator[Finding]:
        proxy = self._proxy if self._url.scheme == "http" else None
        try:
            answer = asking.ask_for_key(line, self._url, kid, proxy)
        except TimeoutError:
            raise _EndedError(failed(Step.ANSWER, Reach.NO_ANSWER)) from None
        except (OSError, ValueError):
            raise _EndedError(failed(Step.ANSWER, Reach.BROKE_OFF)) from None
        reason = asking.judge_answer(answer, through_proxy=proxy is not None)
        if reason is Reach.NOT_ENROLLED:
            yield passed(Step.ANSWER)
            if not kid:  # no key to ask for
                return
            raise _EndedError(failed(Step.ENROLLED, reason, kid))
        if reason is not None:
            raise _EndedError(failed(Step.ANSWER, reason, str(answer.status)))
        yield passed(Step.ANSWER)
        yield passed(Step.ENROLLED)
